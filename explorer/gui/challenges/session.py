"""ChallengeSession: one challenge in one window, from its start to its result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from explorer.core.files import write_whole
from explorer.core.recording.header import Parent
from explorer.core.settings.config import RunConfig
from explorer.core.texts import _, showable
from explorer.gui.challenges.judging import Attempt, Judgement, RunTrace, goals, judged
from explorer.gui.challenges.making import result_of
from explorer.gui.challenges.panel import ChallengePanel
from explorer.gui.challenges.records import ChallengeRecords
from explorer.gui.challenges.result import OF_ONE_MACHINE, ChallengeResult, to_text
from explorer.gui.challenges.wording import part_count, progress_lines, tone_of
from explorer.gui.guides.guide import Guide
from explorer.gui.guides.session import GuidePlace, Session
from explorer.gui.guides.stage import Stage
from explorer.gui.messages.questions import file_to_save
from explorer.gui.session.continuation import Continuation

if TYPE_CHECKING:
    from explorer.gui.app import App

_INTERVAL_MS = 100
"""Least time between two looks at the newest frame: a figure such as the true accept rate takes 10 ms."""


class ChallengePlace(GuidePlace, frozen=True):
    """Where a person is in a challenge: the attempt, and its result once it has passed.

    With ``checks``, the result is one that is to be run again.
    """

    attempt: Attempt = Attempt()
    result: ChallengeResult | None = None
    checks: bool = False


class ChallengeSession(Session):
    """Sets the start of a challenge, and tells from the frames of the run what is missing.

    Parameters
    ----------
    app : App
        The program in whose window it is.
    guide : Guide
        The challenge; its names are checked by `Stage.check`.
    place : ChallengePlace
        Where to begin. With an attempt, nothing is done to the program.
    """

    place: ChallengePlace

    def __init__(self, app: App, guide: Guide, stage: Stage, place: ChallengePlace) -> None:
        super().__init__(app, guide, stage, place)
        self.records = ChallengeRecords(app.saved.path)
        self.panel = ChallengePanel(guide.title, _("Try again"))
        self.panel.again.setToolTip(
            _("Begin with the settings of the challenge again. Restart keeps your settings.")
        )
        app.window.center.add_card(self.panel)
        self.panel.againRequested.connect(self.try_again)
        self.panel.copyRequested.connect(self.copy_result)
        self.panel.saveRequested.connect(self.save_result)
        self.panel.leaveRequested.connect(self.leave)
        self.panel.linkRequested.connect(stage.show_target)
        self._begun = False  # whether the run that must not be restarted is there
        self._timer = QTimer(self, singleShot=True, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        run = app.run
        run.continued.connect(self._on_continued)
        for signal in (run.snapshotChanged, run.stateChanged, app.pane.state.selectionChanged):
            signal.connect(self._schedule)

    @property
    def result(self) -> ChallengeResult | None:
        """The result; None before the challenge is passed."""
        return self.place.result

    @property
    def has_result(self) -> bool:
        """Whether the challenge is passed."""
        return self.result is not None

    @property
    def ready(self) -> bool:
        """Whether the person can begin: the steps before the challenge are made."""
        return self._begun

    def begin(self) -> None:
        """Set the program to its defaults, and begin."""
        self.stage.reset()
        self.try_again()

    def resume(self) -> None:
        """Go on with the attempt of the place, or go on waiting for the run that it begins with."""
        assert self.guide.challenge is not None, "the guide is a challenge"
        self._begun = not self.guide.challenge.before or self.place.attempt.run != ""
        self._show_part()
        if self.result is None:
            self.check()
        else:
            self._show(Judgement(self.place.attempt, "passed", (), images=self.result.images))

    def try_again(self) -> None:
        """Begin with the settings of the challenge, in a new run."""
        app, rules = self._app, self.guide.challenge
        assert rules is not None, "the guide is a challenge"
        start = rules.start.replace({name: app.run.config.get(name) for name in OF_ONE_MACHINE})
        self.place = ChallengePlace(self.place.target)
        self._begun = not rules.before
        app.viewer.show_live()
        app.run.pause()
        app.pane.clear_selection()
        app.run.set_config(start)
        if rules.before:
            app.run.continue_from(from_seed(start, rules.before))
        else:
            app.run.restart()
        self.panel.show_result(there=False)
        self._show_part()
        self.check()
        app.enable_commands()

    def leave(self) -> None:
        """Leave the challenge."""
        self.ended.emit(self.has_result)

    def check(self) -> None:
        """Look what the newest frame means for the attempt."""
        self._timer.stop()
        if self.result is not None or not self._begun:
            return
        attempt = self.place.attempt
        parts = len(attempt.parts)
        wanted = goals(self.guide)
        now = self.stage.situation(wanted[min(parts, len(wanted) - 1)], 0)
        judgement = judged(self.guide, attempt, now, self._trace())
        self.place = ChallengePlace(self.place.target, attempt=judgement.attempt)
        if len(judgement.attempt.parts) != parts:
            self._show_part()
        if judgement.phase == "passed":
            self._pass()
        elif judgement.phase == "over" and self._app.run.phase == "running":
            self._app.run.pause()
        self._show(judgement)

    def copy_result(self) -> None:
        """Copy the result to the clipboard."""
        if self.result is not None:
            QGuiApplication.clipboard().setText(to_text(self.result))
            self._app.window.status.show_event(_("Result copied."))

    def save_result(self) -> None:
        """Ask for a file, and save the result in it."""
        if self.result is None:
            return
        path = file_to_save(self._app.window, _("Save result"), f"{self.guide.id}.txt", _("Text (*.txt)"))
        if path is not None:
            self.write_result(path)

    def write_result(self, path: Path) -> None:
        """Save the result in a file, or say why that is not possible."""
        if self.result is None:
            return
        self._app.announcements.withdraw_refusal()
        try:
            write_whole(path, to_text(self.result).encode())
        except OSError as error:
            sentence = _("The result cannot be saved: {error}.")
            self._app.announcements.refuse(sentence.format(error=showable(error)))
        else:
            self._app.window.status.show_event(_("Saved as {path}.").format(path=path))

    def close(self) -> None:
        """Show the challenge no longer."""
        self._timer.stop()
        self.panel.hide()
        self.panel.deleteLater()
        self.deleteLater()

    def _schedule(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_continued(self, continuation: Continuation) -> None:
        """Take the run that the challenge begins with, once its steps before are made."""
        store = self._app.run.checkpoints
        if not self._begun and continuation.parent.run == "" and store is not None:
            self._begun = True
            self.place = ChallengePlace(self.place.target, attempt=Attempt(run=store.run))
            self.check()

    def _trace(self) -> RunTrace | None:
        """Return what led to the newest frame; None while there is none of the present run."""
        run, rules = self._app.run, self.guide.challenge
        store, snapshot = run.checkpoints, run.snapshot
        if rules is None or store is None or snapshot is None or run.restoring or not len(run.history):
            return None
        first, changes = store.path(snapshot.config_seq)
        return RunTrace(store.run, first or rules.start, changes)

    def _pass(self) -> None:
        """Make the result, and remember it."""
        started, store, attempt = self._app.run.started, self._app.run.checkpoints, self.place.attempt
        assert started is not None, "there are frames"
        assert store is not None, "there are frames"
        result = result_of(self.guide, attempt, started, store.header_now(attempt.parts[-1].trace.first))
        self.place = replace(self.place, result=result)
        try:
            self.records.keep(result)
        except OSError as error:
            self._app.announcements.refuse(
                _("The result cannot be saved: {error}.").format(error=showable(error))
            )
        self._app.enable_commands()

    def _show(self, judgement: Judgement) -> None:
        assert self.guide.challenge is not None, "the guide is a challenge"
        self.panel.show_progress(
            progress_lines(judgement, self.guide.challenge, self._app.run.config), tone_of(judgement.phase)
        )
        self.panel.show_result(there=self.result is not None)

    def _show_part(self) -> None:
        """Show the text of the part that comes next, and which it is."""
        steps, done = self.guide.steps, len(self.place.attempt.parts)
        self.panel.show_text(steps[done].text, part_count(done, len(steps) - 1))
        for target in steps[done].table.show:
            self.stage.show_target(target)
        if not self._begun:
            self.panel.show_progress([_("Preparing the run…")], "plain")


def from_seed(start: RunConfig, step: int) -> Continuation:
    """Return how a run comes from its seed to a step with the same settings throughout."""
    return Continuation(
        parent=Parent("", step),
        elapsed=0.0,
        config=start,
        start=0,
        checkpoint=b"",
        first=start,
        changes=(),
        threads=start.threads,
        data_digest="",
        caution=None,
    )
