"""A run that stops says why in the reader's language, and offers what helps by name and value."""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping

import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from explorer.core.params import Value
from explorer.core.settings.config import Diff, RunConfig, flatten
from explorer.core.settings.presets import find_preset
from explorer.core.texts import text, use_translations
from explorer.gui.messages.announcements import Announcements, AppliedSettings
from explorer.gui.messages.banner import Banner
from explorer.gui.session.problem import Branch, Problem
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
PROBLEM = Problem(text("Stopped at step {step:,}.", step=3995), remedy={"optimizer.rate": 2.5})


class German(gettext.NullTranslations):
    """A catalogue of three sentences."""

    def gettext(self, message: str) -> str:
        known = {
            "Stopped at step {step:,}.": "Angehalten bei Schritt {step:,}.",
            "Restart with {changes}": "Neu starten mit {changes}",
            "Learning rate": "Lernrate",
        }
        return known.get(message, message)


@pytest.fixture
def banner(qtbot: QtBot) -> Iterator[Banner]:
    result = Banner()
    qtbot.addWidget(result)
    yield result
    use_translations(gettext.NullTranslations())


def test_a_folder_without_data_is_answered_with_a_set_that_is_there(banner: Banner) -> None:
    """A restart alone would fail in the same way."""
    asked: list[object] = []

    class Asked(Run):
        def change(self, changes: Mapping[str, Value]) -> None:
            asked.append(changes)

        def start(self) -> None:
            asked.append("start")

        def restart(self) -> None:
            asked.append("restart")

    run = Asked(WorkerClient(["/nowhere"]), RunConfig().replace({"data.source": "/gone"}))
    announcements = Announcements(banner, run)
    announcements.show_problem(Problem(text("Folder not found."), remedy={"data.source": "mnist"}))
    assert banner.buttons[0].text() == "Restart with data set mnist"
    banner.buttons[0].click()
    assert asked == [{"data.source": "mnist"}, "restart", "start"]


@pytest.mark.parametrize(
    ("translations", "message", "button"),
    [
        (gettext.NullTranslations(), "Stopped at step 3,995.", "Restart with learning rate 2.5"),
        (German(), "Angehalten bei Schritt 3,995.", "Neu starten mit Lernrate 2.5"),
    ],
    ids=["English", "German"],
)
def test_a_problem_is_shown_with_its_remedy(
    banner: Banner, translations: gettext.NullTranslations, message: str, button: str
) -> None:
    use_translations(translations)
    announcements = Announcements(banner, Run(WorkerClient(["/nowhere"]), RunConfig()))
    announcements.show_problem(PROBLEM)
    assert (banner.message, banner.buttons[0].text()) == (message, button)
    announcements.withdraw_problem()
    assert banner.message == ""


def test_a_run_that_comes_to_nothing_is_told_while_it_goes_on(banner: Banner) -> None:
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    run.phase = "running"
    run.failureNoticed.emit(Problem(text("All is in one point."), remedy={"optimizer.rate": 0.5}))
    assert banner.buttons[0].text() == "Restart with learning rate 0.5"
    run.snapshot = make_snapshot(10)
    run.stateChanged.emit()
    assert banner.message == "All is in one point."
    run.snapshot = None
    run.stateChanged.emit()
    assert banner.message == "", "there is another run"
    assert announcements.subject is None


def test_what_a_run_was_warned_of_does_not_come_back_once_it_has_stopped_or_goes_on(banner: Banner) -> None:
    """A loss that rises becomes NaN soon."""
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    warning = Problem(text("The loss has risen."), remedy={"optimizer.rate": 0.5})
    run.failureNoticed.emit(warning)
    run.problemOccurred.emit(PROBLEM)
    announcements.withdraw_problem()
    assert banner.message == ""
    run.failureNoticed.emit(warning)
    run.continued.emit(object())
    assert banner.message == ""


def test_remedies_are_compared_where_that_is_possible(banner: Banner) -> None:
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    compared: list[Problem] = []
    announcements = Announcements(banner, run, compare=compared.append)
    announcements.show_problem(PROBLEM)
    assert "Compare remedies" not in [button.text() for button in banner.buttons]
    branches = tuple(Branch(None, run.config.replace({"optimizer.rate": rate})) for rate in (0.01, 0.02))
    problem = replace(PROBLEM, branches=branches)
    announcements.show_problem(problem)
    assert banner.buttons[1].text() == "Compare remedies"
    banner.buttons[1].click()
    assert compared == [problem]
    assert banner.message == str(problem.text), "none of them may be taken"
    announcements.withdraw_problem()
    assert banner.message == ""
    announcements.show_failure(problem)
    banner.buttons[1].click()
    assert banner.message == str(problem.text)


def test_another_loss_is_taken_back_by_its_name_alone(banner: Banner) -> None:
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    before = {name: value for name, value in flatten(arcface()).items() if name.startswith("loss.")}
    announcements.show_problem(Problem(text("It diverged."), remedy=before))
    assert banner.buttons[0].text() == "Restart with loss function ArcFace"


def arcface() -> RunConfig:
    return RunConfig().replace({"loss.name": "arcface"})


def test_a_trainer_that_hangs_can_be_waited_for_or_ended(banner: Banner) -> None:
    asked: list[str] = []
    asking = {name: lambda _self, name=name: asked.append(name) for name in ("restart", "start")}
    run = type("Asked", (Run,), asking)(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    run.stalledChanged.emit(True)
    assert [button.text() for button in banner.buttons] == ["Wait", "End and restart"]
    run.stalledChanged.emit(False)
    assert banner.message == "", "it has responded"
    run.stalledChanged.emit(True)
    banner.buttons[0].click()
    assert (banner.message, asked) == ("", [])
    run.stalledChanged.emit(True)
    banner.buttons[1].click()
    assert asked == ["restart", "start"]
    assert announcements.subject is None


def test_a_message_goes_once_its_cause_is_gone(banner: Banner) -> None:
    """A restart that is asked for in another place than the message does both, too."""
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    run.phase = "failed"
    announcements.show_problem(PROBLEM)
    run.stateChanged.emit()
    assert banner.message
    run.phase = "ready"
    run.stateChanged.emit()
    assert banner.message == ""

    run.phase = "running"
    pending = [Diff(restart=("network.dim",))]
    run_class = type("Pending", (Run,), {"pending": property(lambda _self: pending[0])})
    waiting = run_class(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, waiting)
    announcements.show_settings(AppliedSettings("run.toml", RunConfig()))
    assert banner.buttons[0].text() == "Restart to apply"
    pending[0] = Diff()
    waiting.stateChanged.emit()
    assert banner.message == "Settings applied: run.toml."
    assert banner.buttons[0].isHidden()


@pytest.mark.parametrize(
    ("changes", "stays"),
    [({"seed": 3}, True), ({"network.name": "mlp"}, False), ({"optimizer.rate": 0.5}, False)],
)
def test_a_preset_is_described_until_that_is_untrue(
    banner: Banner, changes: Mapping[str, Value], stays: bool
) -> None:
    """The banner went on to say that the network is the paper's, over a run with another one."""
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    announcements.show_preset(find_preset("wen-2016-center-lambda-1"))
    run.configChanged.emit(run.config, run.config.replace(changes))
    assert bool(banner.message) is stays


def test_what_could_not_be_done_is_said_until_it_is_tried_again_or_training_begins(banner: Banner) -> None:
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    for refuse in (announcements.refuse, lambda text: announcements.offer(text, "Repeat", run.start)):
        for end in ("again", "training", "another run"):
            run.phase, run.snapshot = "ready", make_snapshot()
            run.stateChanged.emit()
            refuse("Not found: nowhere.")
            announcements.warn("Differs from the paper.")  # shown over it
            refuse("Not found: nowhere.")
            run.stateChanged.emit()
            assert banner.message == "Not found: nowhere.", "another frame changes nothing"
            if end == "again":
                announcements.withdraw_refusal()
            else:
                run.phase = "running" if end == "training" else "ready"
                run.snapshot = run.snapshot if end == "training" else None
                run.stateChanged.emit()
            assert banner.message == "", end


def test_a_warning_about_a_run_goes_with_the_run(banner: Banner) -> None:
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    run.snapshot = make_snapshot()
    run.stateChanged.emit()
    announcements.show_problem(PROBLEM)
    announcements.warn("Training continues without a recording.")
    announcements.warn("Differs from the paper.")  # both wait
    run.phase = "running"
    run.stateChanged.emit()
    assert banner.message
    run.snapshot = None
    run.stateChanged.emit()
    assert banner.message == ""


def test_a_warning_about_something_else_goes_with_that(banner: Banner) -> None:
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    run.snapshot = make_snapshot()
    run.stateChanged.emit()
    announcements.warn_of("language", "Chinese lacks its font.")
    run.snapshot = None
    run.stateChanged.emit()
    assert banner.message == "Chinese lacks its font.", "another run changes nothing"
    announcements.warn_of("language", "")
    assert banner.message == ""


def test_a_data_set_that_was_found_is_told_of_until_there_is_another(banner: Banner) -> None:
    run = Run(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    announcements.inform("Data set found.", until="data.source")
    run.configChanged.emit(run.config, arcface())
    assert banner.message == "Data set found."
    run.configChanged.emit(run.config, run.config.replace({"data.source": "/elsewhere"}))
    assert banner.message == ""


def test_settings_that_wait_behind_an_error_offer_no_restart_after_one(banner: Banner) -> None:
    pending = [Diff(restart=("network.dim",))]
    run_class = type("Pending", (Run,), {"pending": property(lambda _self: pending[0])})
    run = run_class(WorkerClient(["/nowhere"]), RunConfig())
    announcements = Announcements(banner, run)
    announcements.show_fault("An error.", "")
    announcements.show_settings(AppliedSettings("run.toml", run.config))
    pending[0] = Diff()
    run.stateChanged.emit()
    assert banner.message == "An error."
    banner.dismiss()
    assert banner.message == "Settings applied: run.toml."
    assert banner.buttons[0].isHidden()
    run.configChanged.emit(run.config, run.config.replace({"optimizer.rate": 0.2}))
    assert banner.message == "", "they are not those of the file any more"
