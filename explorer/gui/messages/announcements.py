"""Announcements: the messages of a run in the banner, with buttons for the remedies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from explorer.core.params import Value
from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import Preset
from explorer.core.texts import N_, _
from explorer.export.origin import RunOrigin
from explorer.gui.controls.descriptions import changes_text
from explorer.gui.messages.banner import Action, Banner
from explorer.gui.session.continuation import Continuation
from explorer.gui.session.problem import Problem, WayBack
from explorer.gui.session.run import Run


class AppliedSettings(Struct, frozen=True):
    """Settings that were taken from a file or a text, and the origin of their run where that is known."""

    source: str
    config: RunConfig
    origin: RunOrigin | None = None


STALLED = N_(
    "The trainer does not respond. It may hang, have been suspended, or be busy with a single long step."
)
_LOSS = "loss.name"
_DESCRIBED = ("network.name", "network.dim", "optimizer.rate", "optimizer.batch", "data.source")
"""Settings beside the loss of which the description of a preset may tell."""
Subject = Problem | Preset | AppliedSettings
"""What a message is about: what ended a run, a preset, or settings from elsewhere."""


class Announcements(QObject):
    """Shows problems, faults and presets of a run in a banner, and does what its buttons say.

    Parameters
    ----------
    banner : Banner
        Shows them.
    run : Run
        What they are about.
    compare : callable, optional
        Trains the branches of a `Problem` side by side; None where that is not offered.

    Signals
    -------
    checkRequested(object)
        The run of these `AppliedSettings` should be checked.
    """

    checkRequested = Signal(object)

    def __init__(
        self,
        banner: Banner,
        run: Run,
        parent: QObject | None = None,
        compare: Callable[[Problem], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._banner, self._run, self._compare = banner, run, compare
        self._problem = self._applied = self._stalled = self._failure = self._refusal = ""
        self._until = _LOSS
        self._cautions: list[str] = []
        self._warnings: dict[str, str] = {}
        self._stopped = self._waiting = False
        self._seen = run.phase == "running", run.snapshot is not None
        self._subject: Subject | None = None
        self._way_back: WayBack | None = None
        self._further: Sequence[Action] = ()
        run.problemOccurred.connect(self.show_problem)
        run.stateChanged.connect(self._on_run_state_changed)
        run.configChanged.connect(self._on_run_config_changed)
        run.stalledChanged.connect(self._on_run_stalled_changed)
        run.continued.connect(self._on_run_continued)
        run.failureNoticed.connect(self.show_failure)

    @property
    def subject(self) -> Subject | None:
        """What the message is about; None where no message is shown, or one about something else."""
        shown = self._banner.message
        return self._subject if shown and shown in (self._problem, self._applied) else None

    def show_subject(self, subject: Subject | None) -> None:
        """Show again what `subject` was, in the language in force."""
        if isinstance(subject, Problem):
            self.show_problem(subject)
        elif isinstance(subject, AppliedSettings):
            self.show_settings(subject)
        elif subject is not None:
            self.show_preset(subject)

    def warn(self, sentence: str, changes: Mapping[str, Value] = MappingProxyType({})) -> None:
        """Show a warning about the run, until there is another, with a button that restarts with changes."""
        self._cautions.append(sentence)
        actions = [self._restart_action(changes)] if changes else []
        self._banner.show_message("warning", sentence, actions=actions)

    def warn_of(self, subject: str, sentence: str) -> None:
        """Show a warning in place of the last one about this subject, which is not the run; none if empty."""
        self._withdraw(self._warnings.pop(subject, ""))
        if sentence:
            self._warnings[subject] = sentence
            self._banner.show_message("warning", sentence)

    def refuse(self, sentence: str) -> None:
        """Show why something could not be done, until the next attempt, or until training begins."""
        self.withdraw_refusal()
        self._refusal = sentence
        self._banner.show_message("error", sentence)

    def inform(self, sentence: str, until: str) -> None:
        """Show what was done, with a restart where it needs that, until the setting of this name changes."""
        self._show_applied(None, sentence, until=until)

    def offer(self, sentence: str, words: str, act: Callable[[], object]) -> None:
        """Refuse something, with a button for what can be done instead."""
        self.withdraw_refusal()
        self._refusal = sentence
        self._banner.show_message("warning", sentence, actions=[(words, act)])

    def withdraw_refusal(self) -> None:
        """Hide what could not be done before, because it is tried again or no longer wanted."""
        self._withdraw(self._refusal)
        self._refusal = ""

    def show_fault(self, sentence: str, details: str) -> None:
        """Show an unexpected error, with its traceback as details, which can be copied for a report."""
        copied = f"{sentence}\n\n{details}"
        actions = [(_("Copy details"), lambda: QGuiApplication.clipboard().setText(copied))]
        self._banner.show_message("error", sentence, details, actions)

    def show_problem(self, problem: Problem) -> None:
        """Show what ended a run, with buttons for its remedies, the best first, or one that restarts it."""
        self._withdraw(self._failure)  # it tells of the same
        self._withdraw(self._problem)
        self._problem, self._subject = str(problem.text), problem
        self._stopped = self._run.phase == "failed"
        actions = self._remedies(problem, self.show_problem)
        self._banner.show_message("error", self._problem, problem.details, actions)

    def show_failure(self, problem: Problem) -> None:
        """Show why a run that goes on comes to nothing, with the same buttons."""
        self._withdraw(self._failure)
        self._failure = str(problem.text)
        actions = self._remedies(problem, self.show_failure)
        self._banner.show_message("warning", self._failure, actions=actions)

    def _remedies(self, problem: Problem, show: Callable[[Problem], object]) -> list[Action]:
        """Return at most two buttons, the best first; ``show`` shows the problem again."""
        actions: list[Action] = [(_("Restart"), self._restart_and_run)]
        if self._run.applicable(problem.remedy):
            actions.insert(0, self._restart_action(problem.remedy))
        way = problem.way_back
        if way is not None and self._run.applicable(way.changes):
            words = _("Back to step {step:,} with {changes}")
            words = words.format(step=way.step, changes=changes_text(way.changes, self._run.config))
            actions.insert(0 if way.undoes else 1, (words, partial(self._go_back, way)))
        if self._compare is not None and len(problem.branches) > 1:
            compare = partial(_compare_and_show, self._compare, show, problem)
            actions.insert(1, (_("Compare remedies"), compare))
        return actions[:2]

    def withdraw_problem(self) -> None:
        """Hide the problem of the run once it goes on or is restarted, however that was brought about."""
        self._withdraw(self._problem)
        self._problem = ""

    def show_preset(self, preset: Preset, *remarks: str) -> None:
        """Show what a preset is for once its settings are requested, with further sentences about it."""
        words = {"title": _(preset.title), "description": _(preset.description)}
        told = _("{title}: {description}").format(**words)
        for remark in remarks:
            told = _("{sentence} {remark}").format(sentence=told, remark=remark)
        self._show_applied(preset, told)

    def show_settings(self, settings: AppliedSettings) -> None:
        """Show whose settings are requested; offer to train with them, and to check what they came with."""
        actions: list[Action] = []
        if settings.origin is not None:
            actions.append((_("Check the run"), partial(self.checkRequested.emit, settings)))
        self._show_applied(settings, _("Settings applied: {source}.").format(source=settings.source), actions)

    def _on_run_state_changed(self) -> None:
        (trained, shown), self._seen = (
            self._seen,
            (self._run.phase == "running", self._run.snapshot is not None),
        )
        trains, is_shown = self._seen
        if trains or (self._stopped and self._run.phase != "failed"):
            self.withdraw_problem()
        replaced = shown and not is_shown
        if replaced:
            self._withdraw_of_run()
        if replaced or (trains and not trained):
            self.withdraw_refusal()
        if self._waiting and not self._run.pending:
            self._waiting = False
            self._banner.set_actions(self._applied, self._further)  # nothing is left to be applied

    def _on_run_stalled_changed(self, stalled: bool) -> None:
        """Say that the trainer does not respond, until it does; it may only have been suspended."""
        self._withdraw(self._stalled)
        if stalled:
            self._stalled = _(STALLED)
            actions = [(_("Wait"), lambda: None), (_("End and restart"), self._restart_and_run)]
            self._banner.show_message("warning", self._stalled, actions=actions)

    def _on_run_config_changed(self, old: RunConfig, new: RunConfig) -> None:
        """Hide what was applied, once others are in force; a preset invites to change its parameters."""
        named = [self._until]
        if isinstance(self._subject, Preset):
            named += _DESCRIBED
        taken = isinstance(self._subject, AppliedSettings)
        if taken or any(old.get(name) != new.get(name) for name in named):
            self._withdraw(self._applied)
            self._applied = ""

    def _withdraw_of_run(self) -> None:
        """Hide what was said of a run, because there is another one."""
        self._withdraw(self._failure)
        while self._cautions:
            self._withdraw(self._cautions.pop())

    def _show_applied(
        self, subject: Subject | None, sentence: str, further: Sequence[Action] = (), until: str = _LOSS
    ) -> None:
        self._withdraw(self._applied)
        self._waiting = bool(self._run.pending)
        actions = [(_("Restart to apply"), self._restart_and_run)] if self._waiting else []
        self._applied, self._subject, self._further, self._until = sentence, subject, further, until
        self._banner.show_message("info", sentence, actions=[*actions, *further])

    def _withdraw(self, message: str) -> None:
        if message:
            self._banner.withdraw(message)

    def _restart_action(self, changes: Mapping[str, Value]) -> Action:
        words = _("Restart with {changes}").format(changes=changes_text(changes, self._run.config))
        return words, partial(self._restart_with, changes)

    def _go_back(self, way: WayBack) -> None:
        """Continue the run from a step before it went wrong; see `_on_run_continued`."""
        self._way_back = way
        self._run.continue_from(way.continuation)

    def _on_run_continued(self, continuation: Continuation) -> None:
        """Train on with what helps, if this is the step that a button has asked for."""
        self._withdraw_of_run()
        self.withdraw_refusal()
        way, self._way_back = self._way_back, None
        if way is not None and way.continuation is continuation:
            self._run.change(way.changes)
            self._run.start()

    def _restart_with(self, changes: Mapping[str, Value]) -> None:
        self._run.change(changes)
        self._restart_and_run()

    def _restart_and_run(self) -> None:
        self._run.restart()
        self._run.start()


def _compare_and_show(
    compare: Callable[[Problem], object], show: Callable[[Problem], object], problem: Problem
) -> None:
    """Compare the remedies of a problem, and show it until the run goes on: perhaps none of them is taken."""
    compare(problem)
    show(problem)
