"""The figures of a frame are those of its step, or none."""

from __future__ import annotations

from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import keep_frame
from explorer.gui.compare.figures import FIGURES, figure_columns


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


def test_a_pause_takes_no_number_out_of_the_table():
    """The frame sent where training pauses has no batches of its own: loss and accuracy were dashes."""
    history = History()
    history.append(10, 1.0, {"loss": 0.25, "train_accuracy": 0.5})
    paused = replace(make_snapshot(100, step=12), scalars={"test_accuracy": 0.75})
    found = {column.label: column.cells[0].text for column in figure_columns([(paused, history)])}
    assert (found["Loss"], found["Training accuracy"], found["Test accuracy"]) == ("0.25", "50.00%", "75.00%")
    history = History()
    history.append(20, 1.0, {"loss": 0.25})
    found = {column.label: column.cells[0].text for column in figure_columns([(paused, history)])}
    assert found["Loss"] == "–", "it is of a later frame"


def test_a_difference_that_rounds_to_nothing_has_no_minus():
    (time,) = (figure for figure in FIGURES if figure.label == "Training time")
    assert time.difference_text(12.81, 12.84) == "+0.0"
    assert time.difference_text(12.6, 12.8) == "−0.2"
