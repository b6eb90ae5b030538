"""Regions that take long to find must not hold up the window, and must not be missing from a picture."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from analysis.snapshots import make_snapshot, probe_set
from gui.views.drawn import pixels
from gui.views.features.test_view import show
from msgspec.structs import replace
from PySide6.QtCore import QTimer

from explorer.analysis.frames.history import History
from explorer.analysis.plane.regions import division
from explorer.gui.export.images import picture as exported
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.plane import region_picture, regions_layer

LIMIT = 5.0
PROBE = probe_set(2_000)
BARE = FeatureOptions(test=False, bands=False, weights=False, centers=False, digits=False)


class Gate:
    """Stands for the search for regions, and lets it go on only when it is open."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    def __call__(self, *arguments, **named):
        self.begun.set()
        assert self.open.wait(LIMIT)
        return division(*arguments, **named)


@pytest.fixture
def gate(monkeypatch):
    result = Gate()
    monkeypatch.setattr(region_picture, "division", result)
    yield result
    result.open.set()


def slow_division(*arguments, **named):
    """Return the regions after so long that the next ones are looked for in a thread."""
    end = time.thread_time() + 0.02
    while time.thread_time() < end:
        pass
    return division(*arguments, **named)


def grabbed(view) -> np.ndarray:
    """Return the plane's picture as it is, without waiting."""
    return pixels(view.plane.grab().toImage())


def coloured(image: np.ndarray) -> float:
    """Return the share of pixels that are no grey."""
    return float((np.ptp(image.astype(int), axis=2) > 8).mean())


def start(view, snapshot, options=BARE) -> None:
    view.set_options(options)
    view.set_snapshot(snapshot, History())


def test_points_are_drawn_while_regions_are_computed(view, gate, qtbot):
    snapshot = make_snapshot()
    start(view, snapshot, replace(BARE, test=True))
    assert gate.begun.wait(LIMIT)
    points = coloured(grabbed(view))
    assert 0.001 < points < 0.3
    gate.open.set()
    qtbot.waitUntil(lambda: coloured(grabbed(view)) > 0.6)


def test_between_frames_of_a_loss_the_last_regions_stay(view, monkeypatch):
    monkeypatch.setattr(region_picture, "division", slow_division)
    first = make_snapshot(seed=1)
    show(view, first, BARE)
    before = grabbed(view)
    gate = Gate()
    monkeypatch.setattr(region_picture, "division", gate)
    turned = replace(first, weight=first.weight[:, ::-1].copy(), step=first.step + 100)
    view.set_snapshot(turned, History())
    assert gate.begun.wait(LIMIT)
    assert (grabbed(view) == before).all()
    gate.open.set()
    view.finish_content()
    assert (grabbed(view) != before).any(axis=2).mean() > 0.2


@pytest.mark.parametrize(
    "other",
    [
        make_snapshot(loss="arcface", probe=PROBE),
        make_snapshot(classes=5),
    ],
    ids=["loss", "classes"],
)
def test_regions_of_another_loss_or_class_count_are_never_shown(view, monkeypatch, other):
    show(view, make_snapshot(probe=PROBE), BARE)
    assert coloured(grabbed(view)) > 0.6
    gate = Gate()
    monkeypatch.setattr(region_picture, "division", gate)
    view.set_snapshot(other, History())
    assert gate.begun.wait(LIMIT)
    assert coloured(grabbed(view)) < 0.01
    gate.open.set()
    view.finish_content()
    assert coloured(grabbed(view)) > 0.6


def test_a_saved_picture_has_its_regions(view, gate):
    start(view, make_snapshot())
    assert gate.begun.wait(LIMIT)
    threading.Timer(0.05, gate.open.set).start()
    assert coloured(pixels(exported(view))) > 0.5


def test_the_window_goes_on_while_regions_are_computed(view, gate, qtbot):
    turns = []
    ticking = QTimer(view, interval=0)
    ticking.timeout.connect(lambda: turns.append(1))
    ticking.start()
    start(view, make_snapshot())
    assert gate.begun.wait(LIMIT)
    qtbot.waitUntil(lambda: len(turns) > 20)
    assert not gate.open.is_set()


def test_an_error_in_the_search_is_told_and_written_in_its_place(view, monkeypatch, qtbot):
    def fail(*_arguments, **_named):
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(region_picture, "division", fail)
    with qtbot.captureExceptions() as caught:
        show(view, make_snapshot(), replace(BARE, test=True))
    assert [error[0] for error in caught] == [ZeroDivisionError]
    assert 0.001 < coloured(grabbed(view)) < 0.3, "the points are there"
    monkeypatch.setattr(region_picture, "division", division)
    show(view, make_snapshot(), replace(BARE, test=True))
    assert coloured(grabbed(view)) > 0.6


def test_without_regions_nothing_is_painted_anew_at_each_frame(view, monkeypatch):
    painted = []
    draw = regions_layer.RegionsItem.draw

    def counted(item, painter):
        painted.append(item)
        draw(item, painter)

    monkeypatch.setattr(regions_layer.RegionsItem, "draw", counted)
    snapshot = make_snapshot()
    show(view, snapshot, replace(BARE, regions=False))
    show(view, snapshot)
    before = len(painted)
    for step in range(3):
        show(view, replace(snapshot, step=snapshot.step + step))
    assert len(painted) == before


def test_the_window_shows_the_picture_of_regions_and_paints_none_itself(view, monkeypatch):
    painters = []
    paint = region_picture.paint_regions

    def noted(painter, paths, look):
        painters.append(threading.current_thread())
        paint(painter, paths, look)

    monkeypatch.setattr(region_picture, "division", slow_division)
    for module in (region_picture, regions_layer):
        monkeypatch.setattr(module, "paint_regions", noted)
    first = make_snapshot(seed=1)
    show(view, first, BARE)
    painters.clear()
    show(view, replace(first, weight=first.weight[:, ::-1].copy(), step=first.step + 100))
    assert coloured(grabbed(view)) > 0.6
    assert painters
    assert threading.main_thread() not in painters
