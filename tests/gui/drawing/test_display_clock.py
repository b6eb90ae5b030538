"""The display clock: what a person sees when frames come, when they stop, and when nobody looks."""

import time

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.seen import caption
from msgspec.structs import replace
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import delete

from explorer.analysis.frames.history import History
from explorer.gui.drawing import display_clock
from explorer.gui.drawing.display_clock import DisplayClock
from explorer.gui.drawing.paint_meter import PaintMeter
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.view import NoOptions, View

FIRST = make_snapshot(300, step=100)
SECOND = make_snapshot(300, step=200, seed=1, probe=FIRST.probe)
THIRD = make_snapshot(300, step=300, seed=2, probe=FIRST.probe)


class Recorder(View):
    """Remembers what it drew."""

    def __init__(self):
        super().__init__(LIGHT, NoOptions())
        self.drawn = []

    def draw(self):
        self.drawn.append(self.snapshot)


class Clock:
    """A steady clock that a test sets."""

    def __init__(self):
        self.now = 1_000.0

    def perf_counter(self):
        return self.now


@pytest.fixture
def steady(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(display_clock.time, "perf_counter", clock.perf_counter)
    return clock


@pytest.fixture
def views(qtbot):
    window = QWidget()
    layout = QVBoxLayout(window)
    result = Recorder(), Recorder()
    for view in result:
        layout.addWidget(view)
    qtbot.addWidget(window)
    window.show()
    for view in result:
        view.drawn.clear()
    yield result
    window.close()


@pytest.fixture
def clock(views):
    clock = DisplayClock(views[0], [views[1]])
    clock.set_training(running=True, threads=2)
    yield clock
    clock.stop()


def pass_seconds(clock, steady, seconds, parts=20):
    """Let time pass, the timer firing as if the event loop had run."""
    for _ in range(parts):
        steady.now += seconds / parts
        if clock.scheduler.busy:
            clock.scheduler.go_on(steady.now)


def arrive(clock, steady, *snapshots, gap=0.4):
    for snapshot in snapshots:
        clock.show(snapshot, History())
        pass_seconds(clock, steady, gap)


def steps(view):
    return [(s.since, s.step) for s in view.drawn]


def test_points_glide_from_each_frame_to_the_next_and_rest_on_the_last(clock, views, steady):
    arrive(clock, steady, FIRST, SECOND)
    pass_seconds(clock, steady, 3)
    drawn = views[0].drawn
    assert drawn[0] is FIRST
    assert drawn[-1] is SECOND
    between = [s for s in drawn if s.since is not None]
    assert len(between) >= 3
    assert {(s.since, s.step) for s in between} == {(100, 200)}
    way = SECOND.features - FIRST.features
    shares = [float(np.median((s.features - FIRST.features) / way)) for s in between]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.4 < shares[-1] <= 1
    assert not clock.scheduler.busy


def test_a_frame_that_comes_early_begins_the_next_way_where_the_last_one_should_have_ended(
    clock, views, steady
):
    arrive(clock, steady, FIRST, SECOND, gap=0.8)
    views[0].drawn.clear()
    clock.show(replace(SECOND, step=250), History())
    pass_seconds(clock, steady, 0.2, parts=4)
    views[0].drawn.clear()
    arrive(clock, steady, THIRD)
    assert steps(views[0])[:2] == [(None, 250), (250, 300)]


def test_when_training_holds_the_exact_last_frame_is_shown(clock, views, steady):
    arrive(clock, steady, FIRST)
    clock.show(SECOND, History())
    pass_seconds(clock, steady, 0.15, parts=3)
    assert views[0].drawn[-1].since == 100
    clock.set_training(running=False, threads=2)
    pass_seconds(clock, steady, 1)
    assert views[0].drawn[-1] is SECOND
    clock.show(THIRD, History())
    pass_seconds(clock, steady, 1)
    assert views[0].drawn[-1] is THIRD
    assert not clock.scheduler.busy


OTHERS = {
    "images": make_snapshot(300, step=200),
    "settings": replace(SECOND, config=SECOND.config.replace({"loss.name": "arcface"})),
    "dimension": make_snapshot(300, step=200, dim=3, probe=FIRST.probe),
    "an earlier step": replace(SECOND, step=50),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_nothing_glides_to_another_run_or_to_other_settings(clock, views, steady, other):
    arrive(clock, steady, FIRST)
    clock.show(other, History())
    assert views[0].drawn[-1] is other
    pass_seconds(clock, steady, 2)
    assert all(s.since is None for s in views[0].drawn)


def test_smooth_motion_can_be_switched_off_even_under_way(clock, views, steady):
    arrive(clock, steady, FIRST)
    clock.show(SECOND, History())
    pass_seconds(clock, steady, 0.15, parts=3)
    assert views[0].drawn[-1].since is not None
    clock.set_smooth(False)
    pass_seconds(clock, steady, 1)
    assert views[0].drawn[-1] is SECOND
    views[0].drawn.clear()
    arrive(clock, steady, THIRD)
    assert views[0].drawn == [THIRD]


def test_frames_that_come_as_fast_as_the_screen_are_not_delayed(clock, views, steady):
    clock.set_training(running=True, threads=0)
    for i in range(30):
        arrive(clock, steady, replace(FIRST, step=100 + i), gap=0.02)
    assert all(s.since is None for s in views[0].drawn)
    assert len(views[0].drawn) >= 25


def test_secondary_views_are_drawn_a_few_times_a_second_and_end_on_the_last_frame(clock, views, steady):
    for i in range(100):
        arrive(clock, steady, replace(FIRST, step=100 + i), gap=0.02)
    assert 4 <= len(views[1].drawn) <= 10
    pass_seconds(clock, steady, 1)
    assert views[1].drawn[-1].step == 199
    assert not clock.scheduler.busy


def test_secondary_views_follow_fluently_while_the_person_looks_back(clock, views, steady):
    clock.set_training(running=False, threads=0, browsing=True)
    for i in range(100):
        arrive(clock, steady, replace(FIRST, step=100 + i), gap=0.01)
    assert 15 <= len(views[1].drawn) <= 32
    assert len(views[0].drawn) >= 30
    clock.set_training(running=True, threads=1)
    views[1].drawn.clear()
    for i in range(100):
        arrive(clock, steady, replace(FIRST, step=300 + i), gap=0.01)
    assert len(views[1].drawn) <= 6


def test_a_recording_beside_a_run_that_trains_takes_no_more_of_the_processor(clock, views, steady, qtbot):
    other_view = Recorder()
    qtbot.addWidget(other_view)
    other = DisplayClock(other_view, [], scheduler=clock.scheduler)
    other.set_training(running=False, threads=0, browsing=True)
    clock.set_training(running=True, threads=2)
    views[1].drawn.clear()
    for i in range(100):
        arrive(clock, steady, replace(FIRST, step=100 + i), gap=0.01)
    assert len(views[1].drawn) <= 6
    clock.set_training(running=False, threads=0)
    for i in range(100):
        arrive(clock, steady, replace(FIRST, step=300 + i), gap=0.01)
    assert len(views[1].drawn) >= 15
    other.stop()


def test_a_hidden_view_draws_nothing_and_catches_up_when_it_is_shown(clock, views, steady):
    views[1].hide()
    arrive(clock, steady, FIRST, SECOND)
    pass_seconds(clock, steady, 1)
    assert views[1].drawn == []
    views[1].show()
    assert views[1].drawn == [SECOND]


def test_hidden_views_cost_no_motion(clock, views, steady):
    arrive(clock, steady, FIRST)
    for view in views:
        view.hide()
        view.drawn.clear()
    clock.show(SECOND, History())
    for _ in range(8):
        clock.scheduler.go_on(steady.now)
        steady.now += 0.05
    assert views[0].drawn == []
    assert views[0].snapshot is SECOND


def test_no_run_clears_all_views_at_once(clock, views, steady):
    arrive(clock, steady, FIRST)
    clock.show(None, History())
    assert [view.drawn[-1] for view in views] == [None, None]


def test_read_outs_follow_a_few_times_a_second(clock, steady):
    seen = []
    clock.newestShown.connect(lambda: seen.append(steady.now))
    for i in range(100):
        arrive(clock, steady, replace(FIRST, step=100 + i), gap=0.02)
    pass_seconds(clock, steady, 1)
    assert 4 <= len(seen) <= 12


def test_clocks_of_two_runs_share_one_allowance_and_either_goes_on_when_the_other_stops(
    clock, views, steady, qtbot
):
    """Costs are those that a plan assumes at first, since a recorder's drawings cost next to nothing."""
    other_view = Recorder()
    qtbot.addWidget(other_view)
    other_view.show()
    other_view.drawn.clear()
    clock.scheduler.measure = lambda _number, _window, draw: draw()
    alone = clock.scheduler.rate(0)
    other = DisplayClock(other_view, [], scheduler=clock.scheduler)
    other.set_training(running=True, threads=0)
    assert clock.scheduler.rate(0) < alone
    for i in range(40):
        for each in (clock, other):
            each.show(replace(FIRST, step=100 + i), History())
        pass_seconds(clock, steady, 0.1)
    pass_seconds(clock, steady, 1)
    both = [len(view.drawn) for view in (views[0], other_view)]
    assert abs(both[0] - both[1]) <= 2
    assert views[0].drawn[-1].step == other_view.drawn[-1].step == 139
    other.stop()
    other.show(SECOND, History())
    other.set_training(running=True, threads=2)
    assert clock.scheduler.rate(0) == pytest.approx(alone)
    clock.show(THIRD, History())
    pass_seconds(clock, steady, 2)
    assert views[0].drawn[-1] is THIRD
    assert other_view.drawn[-1].step == 139
    assert not clock.scheduler.busy


def test_real_drawings_are_measured_up_to_their_last_pixel(qtbot):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.resize(700, 700)
    view.show()
    costs = []
    meter = PaintMeter(lambda _number, seconds: costs.append(seconds))
    for seed in range(6):
        shown = make_snapshot(3_000, seed=seed, step=seed)
        meter.measure(0, view.window(), lambda shown=shown: view.set_snapshot(shown, History()))
        drawing = time.thread_time()
        view.grab()
        drawing = time.thread_time() - drawing
        qtbot.waitUntil(lambda seed=seed: len(costs) > seed, timeout=5_000)
    assert sorted(costs)[3] > 0.3 * drawing
    removed = QWidget()  # as the view of a run that leaves a comparison, before it is put in place
    meter.measure(0, removed, lambda: None)
    delete(removed)
    meter.measure(0, view.window(), lambda: None)


def test_the_caption_says_when_points_are_between_frames(qtbot):
    from explorer.analysis.frames.interpolation import between
    from explorer.gui.views.features.texts import step_text

    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.set_snapshot(between(replace(FIRST, step=1_180), replace(SECOND, step=1_200), 0.5), History())
    assert "step 1,180 → 1,200  ·  between frames" in caption(view)
    assert "between frames" not in step_text(SECOND)
