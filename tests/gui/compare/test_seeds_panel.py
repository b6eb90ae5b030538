"""What several seeds add to the table, and the way there."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.gui.compare.runs.seeds import SeedProgress, SeedResults
from explorer.gui.compare.seeds_panel import SeedsDialog, SeedsLine, seed_column


def column(*accuracy):
    return seed_column(SeedResults(tuple(range(len(accuracy))), 468, np.array(accuracy)))


def test_the_table_has_means_and_paired_differences_with_their_interval():
    found = column([0.970, 0.975], [0.972, 0.978], [0.966, 0.973])
    assert found.label == "Accuracy, 3 seeds"
    assert "after 468 steps, mean over seeds 0 to 2" in found.tip
    differences = np.array([0.5, 0.6, 0.7])
    half = 4.302653 * differences.std(ddof=1) / math.sqrt(3)
    assert [cell.text for cell in found.cells] == ["96.93%", "97.53%"]
    assert [cell.difference for cell in found.cells] == ["", f"+0.60 ± {half:.2f}"]


def test_a_run_that_diverged_is_left_out_and_the_number_of_pairs_is_named():
    found = column([0.9, 0.8], [0.7, math.nan], [0.8, 0.7])
    assert [cell.text for cell in found.cells] == ["80.00%", "75.00%"]
    assert found.cells[1].difference == "−10.00 ± 0.00, n = 2"
    assert column([0.9, math.nan]).cells[1].text == "–"
    assert column([0.9, 0.95]).cells[1].difference == "+5.00"


def test_the_dialog_says_which_seeds_and_asks_for_them(qtbot):
    dialog = SeedsDialog(3, 468)
    qtbot.addWidget(dialog)
    assert "seeds 3 to 7" in dialog.about.text()
    dialog.count.setValue(2)
    dialog.steps.setValue(100)
    assert "seeds 3 to 4" in dialog.about.text()
    with qtbot.waitSignal(dialog.seedsRequested) as asked:
        dialog.accept()
    assert asked.args == [range(3, 5), 100]


@pytest.fixture
def line(session, qtbot):
    line = SeedsLine(session)
    qtbot.addWidget(line)
    return line


def test_the_line_says_which_run_trains_and_cancels(line, session, small_config, monkeypatch):
    session.add_config(small_config)
    session.add_config(small_config.replace({"loss.name": "arcface"}))
    cancelled = []
    monkeypatch.setattr(session.repeats, "cancel", lambda: cancelled.append(True))
    session.repeats.progressed.emit(SeedProgress(done=3, total=10, seed=1, run=1))
    assert line.label.text() == "Run 4 of 10: ArcFace, seed 1"
    assert (line.bar.value(), line.bar.maximum()) == (3, 10)
    assert not line.isHidden()
    session.repeats.finished.emit(SeedResults((0,), 4, np.array([[0.5, 0.6]])))
    assert line.isHidden()
    assert session.seed_results.accuracy[0, 1] == 0.6
    assert [cell.text for cell in line.column.cells] == ["50.00%", "60.00%"]
    session.repeats.finished.emit(SeedResults((), 4, np.empty((0, 2))))
    assert line.column is None
    assert session.seed_results is None, "it was cancelled before a seed was whole"
    session.repeats.finished.emit(SeedResults((0,), 4, np.array([[0.5, 0.6]])))
    session.remove(session.runs[0])
    assert session.seed_results is None


def test_the_runs_wait_while_their_settings_are_trained_from_other_seeds(session, window_run, small_config):
    started = []
    session.repeats.start = lambda configs, seeds, steps: started.append((configs, seeds, steps))
    session.add_config(small_config)
    session.live[0].phase = window_run.phase = "running"
    session.repeat(range(2), 50)
    ((configs, seeds, steps),) = started
    assert (seeds, steps) == (range(2), 50)
    assert [config.loss.name for config in configs] == ["softmax"]
    assert not session.training
    assert window_run.phase == "paused"


def test_no_run_is_started_while_other_seeds_are_trained(session, small_config, monkeypatch):
    """Both would be slowed down, and the runs would no longer have the cores that the screen names."""
    monkeypatch.setattr(type(session.repeats), "running", True)
    told, wanted = [], []
    session.refused.connect(told.append)
    session.add_config(small_config)
    for name in ("start", "restart"):
        monkeypatch.setattr(session.live[0], name, lambda: wanted.append(True))
    session.toggle()
    session.restart()
    assert wanted == []
    assert told == ["Other seeds are being trained. Wait for them, or cancel them first."] * 2
