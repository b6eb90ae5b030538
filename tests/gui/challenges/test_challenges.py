"""The challenges that ship: each runs from its start to its end, and its result comes out again.

Data as small as these are learnt at once, so the goals are easier here, and limits and steps a tenth.
`solutions` passes them as they are, on MNIST.
"""

from __future__ import annotations

import psutil
import pytest
from gui.challenges.solutions import SOLUTIONS, perform
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.core.data.datasets import dataset_digest
from explorer.core.data.resources import resource
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.challenges.check import CheckSession
from explorer.gui.challenges.judging import goals
from explorer.gui.challenges.result import parse_result, to_text
from explorer.gui.challenges.session import ChallengePlace
from explorer.gui.guides.guide import read_guides
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.window_memory import Memory, save_memory

CHALLENGES = read_guides(resource("challenges"))[0]
LIMIT = 60_000
QUICK = {"optimizer.warmup": 0, "optimizer.schedule": "constant", "data.probe_every": 5}
EASE = 0.3
SEVERAL_PARTS = ("collapse-and-save", "where-the-margin-breaks")


@pytest.fixture(autouse=True)
def nothing_left_running():
    """Let the window and its worker go on from one test of this module to the next."""


@pytest.fixture(scope="module")
def app(qapp, tmp_path_factory, worker_command):
    """The window of a guide with a real worker, for all challenges of this process."""
    assert qapp is QApplication.instance(), "an app needs one"
    path = tmp_path_factory.mktemp("challenges") / "window.toml"
    own = {"device": "cpu", "threads": 1}
    save_memory(path, Memory(RunConfig().replace(own), "light", library=LibraryOptions(recording=False)))
    app = App(worker_command, path, mode="apart")
    app.open()
    yield app
    app.window.close()
    while psutil.Process().children(recursive=True):
        QTest.qWait(20)
    app.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def opened(app, tiny_data, monkeypatch):
    """Open a challenge of the tiny data in the window; it and the run stop at the end of the test."""

    def easy(guide):
        rules = guide.challenge
        data = {"data.source": str(tiny_data), "data.test_probe": 100, "data.train_probe": 50}
        small = {**rules.set, **data, **QUICK, "optimizer.batch": 64}
        challenge = replace(rules, set=small, before=rules.before // 10, limit=rules.limit // 2)
        steps = [
            replace(step, table=replace(step.table, until=tuple(map(easier, step.table.until))))
            for step in guide.steps
        ]
        return replace(guide, challenge=challenge, steps=tuple(steps))

    find = app.guides.find
    monkeypatch.setattr(app.guides, "find", lambda target: (guide := find(target)) and easy(guide))

    def open_challenge(name):
        app.guides.open(f"challenge:{name}")
        return app.guides.session

    yield open_challenge
    app.guides.close()
    app.run.pause()


def easier(condition):
    if condition.right_direction is not None:
        return replace(condition, right_direction=0)
    if condition.figure == "settled-steps":
        return replace(condition, at_least=20)
    if condition.figure is not None and condition.at_least is not None:
        return replace(condition, at_least=condition.at_least * EASE)
    if condition.figure is not None:
        return replace(condition, at_most=condition.at_most / EASE**3)
    return condition


def unreachable(guide, limit):
    """Return a challenge with another limit, and a goal that nothing reaches."""
    goal, last = guide.steps
    hard = replace(goal.table, until=(replace(goal.table.until[0], at_least=1.01),))
    rules = replace(guide.challenge, limit=limit)
    return replace(guide, challenge=rules, steps=(replace(goal, table=hard), last))


def solve(app, session, qtbot):
    """Do what solves a challenge, and wait until it is passed."""
    acts = list(SOLUTIONS[session.guide.id])

    def passed():
        part = len(session.place.attempt.parts)
        while acts and session.ready and app.run.snapshot is not None and acts[0].part <= part:
            perform(app, acts.pop(0))
        if app.run.phase not in ("running", "restoring"):
            app.run.start()
        return session.result is not None

    qtbot.waitUntil(passed, timeout=LIMIT)
    app.run.pause()
    return session.result


def result_of(app, opened, qtbot, name):
    """Return the result of a challenge: the best one of this process, or else a new one."""
    result = app.guides.records.best(name)
    return solve(app, opened(name), qtbot) if result is None else result


def test_there_are_ten_and_each_has_a_solution():
    assert len(CHALLENGES) == 10
    assert list(CHALLENGES) == list(SOLUTIONS)


@pytest.mark.parametrize("name", CHALLENGES)
def test_the_start_of_a_challenge_does_not_pass_it(name):
    """Each asks for something that is not there untrained, or that its settings do not have."""
    guide = CHALLENGES[name]
    wanted = [condition for part in goals(guide) for condition in part]
    assert any(condition.right_direction or condition.at_least is not None for condition in wanted), (
        "an untrained network has no accuracy, and nobody has selected an image"
    )
    assert guide.challenge.steps > guide.challenge.before


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_runs_from_its_start_to_its_end(app, opened, qtbot, name):
    session = opened(name)
    assert session.panel.prose.markdown == session.guide.steps[0].text
    assert app.run.config.data.test_probe == 100
    result = solve(app, session, qtbot)
    assert session.panel.prose.markdown == session.guide.steps[-1].text
    assert session.panel.progress.text().startswith("Passed with ")
    assert name in app.guides.records.passed()
    assert len(result.parts) == len(session.guide.steps) - 1
    assert result.images <= session.guide.challenge.limit
    assert result.data_digest == dataset_digest(app.run.config.data.source)
    assert parse_result(to_text(result)) == result


@pytest.mark.parametrize("name", [*SEVERAL_PARTS, "rescue", "same-or-not"])
def test_the_result_comes_out_again_from_its_seed(app, opened, qtbot, name):
    result = result_of(app, opened, qtbot, name)
    app.guides.check_result(result)
    session = app.guides.session
    assert isinstance(session, CheckSession)
    qtbot.waitUntil(lambda: session.done, timeout=LIMIT)
    assert session.panel.progress.text() == "✓ Same result. Passed."
    assert app.run.snapshot.step == result.parts[-1].step


def test_a_result_that_is_not_of_its_settings_is_found_out(app, opened, qtbot):
    result = result_of(app, opened, qtbot, "half-the-scatter")
    (part,) = result.parts
    told = {**part.figures, "accuracy": part.figures["accuracy"] + 0.01}
    forged = replace(result, parts=(replace(part, figures=told),))
    app.guides.check_result(parse_result(to_text(forged)))
    session = app.guides.session
    qtbot.waitUntil(lambda: session.done, timeout=LIMIT)
    words = session.panel.progress.text()
    assert words.startswith("Passed here, too, but not the same result.")
    assert f"accuracy {100 * part.figures['accuracy']:.4g}%" in words
    assert f"instead of {100 * told['accuracy']:.4g}%" in words
    assert "does not belong to these settings" in words
    elsewhere = replace(forged, torch="1.0")
    session.place = ChallengePlace(session.place.target, result=elsewhere, checks=True)
    assert "PyTorch 1.0" in session.verdict_reason()


def test_a_check_that_is_interrupted_says_so_and_can_be_made_again(app, opened, qtbot):
    result = result_of(app, opened, qtbot, "half-the-scatter")
    app.guides.check_result(result)
    session = app.guides.session
    app.run.pause()
    qtbot.waitUntil(lambda: session.panel.progress.text() == "The check was interrupted.", timeout=LIMIT)
    qtbot.mouseClick(session.panel.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.panel.progress.text() == "✓ Same result. Passed.", timeout=LIMIT)


def test_a_result_with_a_setting_that_may_not_be_changed_does_not_pass(app, opened, qtbot):
    result = result_of(app, opened, qtbot, "half-the-scatter")
    (part,) = result.parts
    forged = replace(result, parts=(replace(part, settings={**part.settings, "seed": 5}),))
    app.guides.check_result(forged)
    session = app.guides.session
    qtbot.waitUntil(lambda: session.done, timeout=LIMIT)
    assert session.panel.progress.text().startswith("Not passed here: settings were changed")


def test_an_attempt_that_uses_up_its_limit_is_told_what_was_missing(app, opened, qtbot):
    session = opened("half-the-scatter")
    session.guide = unreachable(session.guide, limit=64 * 20)
    app.run.start()
    qtbot.waitUntil(lambda: session.panel.progress.text().startswith("Not passed: accuracy"), timeout=LIMIT)
    qtbot.waitUntil(lambda: app.run.phase == "paused")
    qtbot.mouseClick(session.panel.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "0 of 1,280 images" in session.panel.progress.text(), timeout=LIMIT)
    assert session.result is None


def test_a_restart_of_the_run_that_was_made_before_does_not_count(app, opened, qtbot):
    session = opened("rescue")
    session.guide = unreachable(session.guide, limit=64_000)
    assert session.panel.progress.text() == "Preparing the run…"
    qtbot.waitUntil(lambda: session.ready, timeout=LIMIT)
    assert app.run.snapshot.step == session.guide.challenge.before
    app.run.restart()
    app.run.start()
    words = "This does not count: the run was restarted."
    qtbot.waitUntil(lambda: session.panel.progress.text() == words, timeout=LIMIT)
    app.actions.action("challenge.again").trigger()
    qtbot.waitUntil(lambda: session.ready and "accuracy" in session.panel.progress.text(), timeout=LIMIT)
