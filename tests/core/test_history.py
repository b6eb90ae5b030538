"""Curves are drawn from the history: rows must stay in step, whatever terms come and go."""

import numpy as np

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
