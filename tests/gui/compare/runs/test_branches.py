"""A branch is trained for its steps and no more, however it is paused, started and restarted."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot

from explorer.core.protocol import messages as m
from explorer.core.recording.header import Parent
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.compare.panes.pane import ComparePane
from explorer.gui.compare.runs.branches import BranchRun
from explorer.gui.drawing.drawing_scheduler import DrawingScheduler
from explorer.gui.session.continuation import Continuation
from explorer.gui.session.problem import Branch, Problem
from explorer.gui.session.worker_client import WorkerClient
from explorer.gui.theme.theme import LIGHT

STEPS = 300
BRANCHES = tuple(
    Branch(
        Continuation(
            parent=Parent("failed", 20),
            elapsed=1.0,
            config=RunConfig(),
            start=20,
            checkpoint=b"x",
            first=None,
            changes=(),
            threads=1,
            data_digest="",
            caution=None,
        ),
        RunConfig().replace({"optimizer.rate": rate}),
    )
    for rate in (0.1, 0.01)
)


@pytest.fixture
def sent(monkeypatch):
    """What workers are asked to do, which are there and silent."""
    result = []
    monkeypatch.setattr(WorkerClient, "alive", True)
    monkeypatch.setattr(WorkerClient, "start", lambda _client: None)
    monkeypatch.setattr(WorkerClient, "send", lambda _client, command: result.append(command))
    return result


@pytest.fixture
def runs(session, sent):
    assert not sent
    session.trial.begin(Problem(text("It failed."), branches=BRANCHES))
    for run in session.trial.runs:
        run.steps = STEPS
    return session.trial.runs


def restored(*runs: BranchRun) -> None:
    for run in runs:
        assert run.run.phase == "restoring"
        run.run.restoring = None
        run.run.phase = "paused"
        run.run.snapshot = make_snapshot(step=run.first)
        run.run.continued.emit(run.branch.continuation)


def bounds(sent):
    return [command.until.step for command in sent if isinstance(command, m.Run)]


def test_however_often_it_is_paused_and_started_it_ends_at_its_last_step(session, runs, sent):
    restored(*runs)
    session.toggle()
    assert [run.run.phase for run in runs] == ["paused"] * 2
    assert session.trial.state.paused
    session.toggle()
    runs[0].toggle()
    runs[0].toggle()
    assert bounds(sent) == [20 + STEPS] * 5
    session.restart()
    assert [run.run.phase for run in runs] == ["restoring"] * 2, "from the step, and not from the seed"
    asked = len(sent)
    session.restart()
    assert len(sent) == asked, "it is about to begin"
    restored(*runs)
    assert bounds(sent) == [20 + STEPS] * 7


def test_a_pause_while_its_step_is_restored_cancels_nothing(session, runs, sent):
    assert session.training
    session.toggle()
    assert [run.run.phase for run in runs] == ["restoring"] * 2
    assert not any(isinstance(command, m.Pause) for command in sent)
    restored(*runs)
    assert bounds(sent) == []
    session.toggle()
    assert bounds(sent) == [20 + STEPS] * 2


def test_one_that_has_failed_says_so_until_it_begins_again(session, runs):
    first, second = runs
    restored(first, second)
    first.run.snapshot = make_snapshot(step=first.first + 2 * STEPS)
    assert first.done == 1
    second.run.phase = "failed"
    second.run.problemOccurred.emit(Problem(text("It failed, too.")))
    state = session.trial.state
    assert (state.done, state.whole, state.count) == (1, 1, 2)
    assert session.trial.running, "the first has not told that it has finished"
    assert (second.trouble, second.can_be_taken) == ("It failed, too.", False)
    session.start()
    assert second.run.phase == "failed"
    second.toggle()
    assert (second.trouble, second.done, second.run.phase) == ("", 0, "restoring")


@pytest.mark.usefixtures("sent")
def test_runs_that_make_way_are_told_of(session, small_config):
    told = []
    session.noticed.connect(lambda sentence, _about: told.append(sentence))
    session.add_config(small_config)
    session.trial.begin(Problem(text("It failed."), branches=BRANCHES))
    assert told == ["It failed. The runs compared before are no longer shown; their recordings are in Runs."]


def test_the_pane_of_a_branch_says_what_goes_wrong_until_it_begins_again(runs, qtbot):
    run = runs[0]
    pane = ComparePane(run, LIGHT, DrawingScheduler())
    qtbot.addWidget(pane)
    restored(run)
    run.pause()
    pane.show_state("A", "", over=True)
    assert pane.header.state.share == "Paused", "behind others, and not at its end"
    run.run.stalledChanged.emit(True)
    assert pane.banner.buttons[0].text() == "End and restart"
    run.run.stalledChanged.emit(False)
    assert pane.banner.message == ""
    run.recorder.failed.emit("The disk is full.")
    assert pane.banner.message == "The disk is full."
    run.run.phase = "failed"
    run.run.problemOccurred.emit(Problem(text("It failed, too.")))
    pane.show_state("A", "", over=False)
    assert pane.header.state.share == "It failed, too."
    pane.header.toggleRequested.emit()
    pane.show_state("A", "", over=False)
    assert pane.header.state.share == "Restoring"
    assert pane.header.state.training
    pane.stop()
