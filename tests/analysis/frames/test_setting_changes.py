"""A mark says what was really changed, once for each drag, and marks never grow without bound."""

from itertools import pairwise

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames import run_columns, setting_changes
from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import keep_frame
from explorer.analysis.frames.setting_changes import changes_between
from explorer.core.settings.config import RunConfig

PROBE = make_snapshot(count=40)


def play(*frames):
    """A history of frames: seconds of training, changes since the last one, their step (None: its own)."""
    history, before, config = History(), None, RunConfig()
    for i, (elapsed, changes, config_step) in enumerate(frames):
        config = config.replace(changes)
        now = replace(PROBE, config=config, step=10 * i, epoch=i / 10, elapsed=elapsed)
        keep_frame(history, before, now, now.step if config_step is None else config_step)
        before = now
    return history


def drag(values, start, gap, name="loss.margin"):
    return [(start + gap * i, {name: value}, None) for i, value in enumerate(values)]


def texts(history):
    return [mark.texts[0] for mark in history.marks]


ARCFACE = (0.0, {"loss.name": "arcface", "loss.margin": 0.2}, 0)


def test_one_drag_is_one_mark_from_the_first_value_to_the_last():
    history = play(ARCFACE, *drag(np.linspace(0.21, 0.5, 30), 1.0, 0.7))
    assert texts(history) == ["Margin 0.2 → 0.5 rad"]


def test_two_drags_are_two_marks_and_one_there_and_back_is_none():
    there, back = drag([0.3, 0.5], 1, 0.1), drag([0.4, 0.2], 2, 0.1)
    assert texts(play(ARCFACE, *there, *back)) == []
    later = drag([0.4, 0.25], 20, 0.1)
    assert texts(play(ARCFACE, *there, *later)) == ["Margin 0.2 → 0.5 rad", "Margin 0.5 → 0.25 rad"]


def test_changes_of_different_settings_are_not_joined():
    history = play(ARCFACE, *drag([0.3], 1, 0), *drag([0.02], 1.1, 0, "optimizer.rate"))
    assert [mark.texts[1] for mark in history.marks] == ["m 0.2 → 0.3 rad", "η 0.1 → 0.02"]


def test_a_mark_as_one_text_has_its_longest_wording():
    together = (5.0, {"loss.margin": 0.3, "optimizer.rate": 0.02}, None)
    history = play(ARCFACE, *drag([0.5], 1, 0), together)
    assert [str(mark.text) for mark in history.marks] == texts(history)
    assert texts(history)[1] == "Margin 0.5 → 0.3 rad, Learning rate 0.1 → 0.02"


def test_another_loss_is_one_change_by_the_names_on_screen():
    changed = changes_between(RunConfig(), RunConfig().replace({"loss.name": "arcface", "seed": 3}))
    assert [change.texts[0] for change in changed] == ["Loss: Softmax → ArcFace", "Seed 0 → 3"]


def test_a_mark_stands_at_the_step_of_the_change_and_at_its_time():
    history = play((0.0, {}, 0), (4.0, {}, 0), (8.0, {"optimizer.rate": 0.05}, 15))
    (mark,) = history.marks
    assert (mark.step, mark.elapsed, mark.epoch) == (15, pytest.approx(6), pytest.approx(0.15))


def test_marks_are_bounded_and_tell_the_same_changes(monkeypatch):
    monkeypatch.setattr(setting_changes, "MOST_MARKS", 5)
    history = play(*((100.0 * i, {"optimizer.rate": 0.1 + i / 100}, 10 * i) for i in range(40)))
    marks = list(history.marks)
    assert len(marks) == 5
    assert marks[0].changes[0].before == "0.1"
    assert marks[-1].changes[0].after == "0.49"
    for one, next_ in pairwise(marks):
        assert one.changes[0].after == next_.changes[0].before


def test_the_columns_are_those_of_the_frame():
    history = play((0.0, {}, 0), (1.0, {}, 0))
    assert history.column("epoch").tolist() == [0, 0.1]
    assert history.column(run_columns.LOSS)[-1] == PROBE.scalars["loss"]
    assert np.isfinite(history.column(run_columns.RATIO)).all()
    assert history.column(run_columns.WITHIN)[0] > 0
