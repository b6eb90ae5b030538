"""A run that has diverged is tried with three remedies side by side, and goes on with one of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from explorer.core.recording.header import Parent
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.session.worker_client import workers_ending

LIMIT = 60_000


@pytest.fixture
def app(tmp_path, tiny_data, worker_command, qtbot):
    changes = {"device": "cpu", "data.source": str(tiny_data), "optimizer.batch": 50}
    changes |= {"data.test_probe": 40, "data.train_probe": 20}
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace(changes), "light"))
    app = App(worker_command, path)
    app.open()
    qtbot.waitUntil(lambda: app.run.snapshot is not None, timeout=LIMIT)
    yield app
    app.window.close()
    app.window.deleteLater()


def test_of_three_remedies_from_the_last_good_step_one_is_taken(app, qtbot, tmp_path):
    run, banner = app.run, app.window.banner
    run.start()
    qtbot.waitUntil(
        lambda: run.snapshot.step > 20 and run.snapshot.scalars["test_accuracy"] > 0.5, timeout=LIMIT
    )
    healthy = run.config
    with qtbot.waitSignal(run.problemOccurred, timeout=LIMIT) as told:
        run.set_param("optimizer.rate", 10.0)
    problem, failed = told.args[0], run.checkpoints.run
    good = problem.way_back.step
    assert [button.text() for button in banner.buttons][1] == "Compare remedies"
    qtbot.mouseClick(banner.buttons[1], Qt.MouseButton.LeftButton)

    window = app.comparing.window
    trial = window.session.trial
    assert len(trial.runs) == 3
    assert not window.trial.isHidden()
    assert banner.message == str(problem.text), "none of them may be taken"
    qtbot.waitUntil(lambda: any(one.run.training for one in trial.runs), timeout=LIMIT)
    window.setFocus()
    for _pause_and_start in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not trial.running, timeout=LIMIT)
    qtbot.waitUntil(lambda: window.trial.cancel.isHidden(), timeout=LIMIT)
    first, *others = trial.runs
    ends = {first.run.snapshot.step} | {one.run.snapshot.step for one in others if one.can_be_taken}
    assert ends == {good + first.steps}, "all begin at the last good step, and end after as many"
    assert [one.run.config for one in trial.runs] == [branch.config for branch in problem.branches]
    assert first.run.config == healthy
    assert all(one.run.config.optimizer.rate <= healthy.optimizer.rate for one in trial.runs)
    assert all(one.run.config != healthy for one in others)
    assert others[0].run.config != others[1].run.config
    assert {one.run.checkpoints.parent.run for one in trial.runs} == {failed}

    taken, taken_from = first.run.checkpoints.run, first.run.snapshot.step
    buttons = [pane.take for pane in window.panes.shown]
    qtbot.waitUntil(lambda: buttons[0].isEnabled(), timeout=LIMIT)
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.training and run.snapshot.step > taken_from, timeout=LIMIT)
    assert app.comparing.window is None
    assert run.config == healthy
    assert run.checkpoints.parent == Parent(taken, taken_from)
    assert banner.message == ""
    qtbot.waitUntil(lambda: not workers_ending(), timeout=LIMIT)
    kept = list((tmp_path / "runs").glob("*.lossrun"))
    assert len(kept) >= 4, "the run that failed, and its branches"
