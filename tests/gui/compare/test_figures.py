"""The figures of a frame are those of its step, or none."""

from __future__ import annotations

from analysis.snapshots import make_snapshot

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import keep_frame
from explorer.gui.compare.figures import figure_columns


def texts(step, *recorded):
    """Return the figures of a frame at a step, with the history of others, by their labels."""
    history, before = History(), None
    for known in recorded:
        snapshot = make_snapshot(100, step=known)
        keep_frame(history, before, snapshot, known)
        before = snapshot
    columns = figure_columns([(make_snapshot(100, step=step), history)])
    return {column.label: column.cells[0].text for column in columns}


def test_a_step_that_the_history_lacks_has_no_angles_of_a_later_one():
    """While a recording is read, its frames are there before their history."""
    names = ("Intra-class angle", "Closest class means", "Scatter ratio")
    known, lacking = texts(10, 0, 10, 20), texts(15, 0, 10, 20)
    assert all(known[name] != "–" for name in names)
    assert [lacking[name] for name in names] == ["–"] * 3
    assert lacking["Step"] == "15"
