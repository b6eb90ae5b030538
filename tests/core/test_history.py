"""Curves are drawn from the history: rows must stay in step, whatever terms come and go."""

import numpy as np
import pytest

from explorer.core import history as history_module
from explorer.core.history import History


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


@pytest.mark.parametrize("late", [False, True])
def test_a_long_run_keeps_a_bounded_number_of_rows_evenly_with_both_ends(monkeypatch, late):
    monkeypatch.setattr(history_module, "MOST_ROWS", 1000)
    history = History()
    for step in range(0, 40_001, 4):
        scalars = {"loss": step / 7}
        if not late or step > 20_000:
            scalars["term"] = float(-step)
        history.append(step, step * 0.5, scalars)
        assert len(history) <= 1000
    steps = history.column("step")
    assert (steps[0], steps[-1]) == (0, 40_000)
    assert len(steps) >= 500
    assert np.unique(np.diff(steps)[:-1]).tolist() == [64]
    assert 0 < np.diff(steps)[-1] <= 64
    np.testing.assert_array_equal(history.column("elapsed"), steps * 0.5)
    np.testing.assert_array_equal(history.column("loss"), steps / 7)
    expected = np.where((steps > 20_000) | (not late), -steps, np.nan)
    np.testing.assert_array_equal(history.column("term"), expected)
