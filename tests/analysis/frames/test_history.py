"""Curves are drawn from the history: rows must stay in step, whatever terms come and go."""

import math

import numpy as np
import pytest

from explorer.analysis.frames import history as history_module
from explorer.analysis.frames.history import History


def test_columns_that_come_and_go_stay_in_step_over_growth():
    history = History()
    for step in range(1000):
        scalars = {"loss": step / 10}
        if 300 <= step < 700:
            scalars["loss.centre"] = float(step)
        history.append(step, step * 0.5, scalars)
    np.testing.assert_array_equal(history.column("step"), np.arange(1000))
    np.testing.assert_array_equal(history.column("elapsed"), np.arange(1000) * 0.5)
    centre = history.column("loss.centre")
    assert len(centre) == len(history) == 1000
    np.testing.assert_array_equal(np.flatnonzero(~np.isnan(centre)), np.arange(300, 700))
    np.testing.assert_array_equal(centre[300:700], np.arange(300, 700))
    assert np.isnan(history.column("unknown")).all()
    assert history.names[:3] == ("step", "elapsed", "loss")


def test_columns_cannot_be_changed_by_who_draws_them():
    history = History()
    history.append(1, 0.1, {"loss": 2.0})
    assert not history.column("loss").flags.writeable
    history.append(2, 0.2, {"loss": 1.0})
    assert history.column("loss").tolist() == [2.0, 1.0]


def test_a_second_frame_of_a_step_adds_what_the_first_one_lacked():
    history = History()
    history.append(0, 0.0, {"test": 0.1})
    history.append(8, 1.0, {"loss": 2.0, "test": 0.5})
    history.append(8, 1.5, {"loss": math.nan, "test": 0.6, "rate": 0.1})
    history.append(9, 2.0, {"loss": 1.0})
    assert history.column("step").tolist() == [0, 8, 9]
    assert history.column("elapsed").tolist() == [0, 1.5, 2]
    np.testing.assert_array_equal(history.column("loss"), [math.nan, 2, 1])
    np.testing.assert_array_equal(history.column("test"), [0.1, 0.6, math.nan])
    np.testing.assert_array_equal(history.column("rate"), [math.nan, 0.1, math.nan])


@pytest.mark.parametrize("most", [30_000, 32_000])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("repeat", [False, True])
def test_a_long_run_keeps_bounded_bytes_evenly_with_both_ends(monkeypatch, late, most, repeat):
    monkeypatch.setattr(history_module, "MOST_BYTES", most)
    history = History()
    for step in range(0, 40_001, 4):
        scalars = {"loss": step / 7}
        if not late or step > 20_000:
            scalars["term"] = float(-step)
        history.append(step, step * 0.5, scalars)
        if repeat:
            history.append(step, step * 0.5, {"loss": math.nan, "again": float(step)})
        assert history.nbytes <= most
        assert history.column("step")[-1] == step
    steps = history.column("step")
    assert (steps[0], steps[-1]) == (0, 40_000)
    columns = len(history.names)
    assert len(steps) >= most / 8 / columns / 2 - 1
    apart = np.unique(np.diff(steps)[:-1]).tolist()
    assert len(apart) == 1
    assert 0 < np.diff(steps)[-1] <= apart[0]
    np.testing.assert_array_equal(history.column("elapsed"), steps * 0.5)
    np.testing.assert_array_equal(history.column("loss"), steps / 7)
    expected = np.where((steps > 20_000) | (not late), -steps, np.nan)
    np.testing.assert_array_equal(history.column("term"), expected)
