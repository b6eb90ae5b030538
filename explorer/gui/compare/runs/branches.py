"""BranchTrial: trains branches of a run that has failed, each with another remedy, to be compared."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.core.protocol import messages as m
from explorer.core.texts import N_, _
from explorer.gui.compare.runs.compared_run import LiveRun
from explorer.gui.library.files import LibraryOptions
from explorer.gui.session.continuation import Continuation
from explorer.gui.session.problem import Branch, Problem
from explorer.gui.session.run import Run

if TYPE_CHECKING:
    from explorer.gui.compare.runs.session import CompareSession

_MOST_STEPS, _FEWEST_STEPS = 300, 20
_SECONDS = 20.0
"""What the steps of a branch would take the run that has failed: of long steps, fewer are trained."""
_TICK_MS = 250
_ENDED = ("finished", "failed")
_REPLACED = N_("The runs compared before are no longer shown; their recordings are in Runs.")


class TrialState(Struct, frozen=True):
    """How far a trial is.

    ``steps`` are those of each branch, ``done`` is the part that is done, ``left`` the seconds left where
    that is known, ``paused`` whether none of the branches is trained now. Of ``count`` branches, ``whole``
    were trained for all their steps.
    """

    steps: int
    done: float
    left: float | None = None
    paused: bool = False
    whole: int = 0
    count: int = 0


class BranchRun(LiveRun):
    """A run that goes on with the settings of a branch from its step, for a number of steps and no more.

    Parameters
    ----------
    worker_command, folder, options
        As for `LiveRun`.
    branch : Branch
        Where it begins, and its settings.
    steps : int
        How many steps it is trained.

    Attributes
    ----------
    trouble : str
        Why it is trained no further; empty where nothing has gone wrong.
    """

    def __init__(
        self,
        worker_command: Sequence[str],
        branch: Branch,
        steps: int,
        folder: Path,
        options: LibraryOptions,
        parent: QObject | None = None,
    ) -> None:
        self.branch, self.steps = branch, steps
        self.trouble = ""
        self._wanted, self._restored, self._refused = True, False, False
        super().__init__(worker_command, branch.config, folder, options, parent)

    @property
    def first(self) -> int:
        """The step from which it goes on."""
        return self.branch.continuation.parent.step

    @property
    def training(self) -> bool:
        """Whether it is trained now, or will be once its step is restored."""
        return self.run.training or (self._wanted and self.run.phase == "restoring")

    @property
    def ended(self) -> bool:
        """Whether it is trained no further: to its last step, or because of a failure."""
        return self._refused or self.run.phase in _ENDED

    @property
    def done(self) -> float:
        """The part of its steps that is trained, at most 1; 1 once it has ended."""
        return 1.0 if self.ended else self._trained

    @property
    def whole(self) -> bool:
        """Whether it was trained for all its steps."""
        return self._trained >= 1

    @property
    def can_be_taken(self) -> bool:
        """Whether a run can go on from its newest frame."""
        return not self._refused and self.run.phase != "failed" and self._trained > 0

    def begin(self) -> None:
        """Bring back the step, and train from there."""
        self.run.continued.connect(self._on_run_continued)
        self.run.restoreFailed.connect(self._on_run_restore_failed)
        self.run.problemOccurred.connect(self._on_run_problem_occurred)
        self.restart()

    def start(self) -> None:
        """Go on up to its last step; one that has ended stays as it is."""
        self._wanted = True
        if self._restored and not self.ended and not self.run.training:
            self.run.start(self._until)

    def pause(self) -> None:
        """Pause it; where its step is still being restored, do not train it then."""
        self._wanted = False
        if self.run.training:
            self.run.pause()

    def restart(self) -> None:
        """Begin again from its step, with its settings."""
        self._wanted, self._restored, self._refused, self.trouble = True, False, False, ""
        if self.client.stalled:
            self.run.open()
        elif self.run.phase == "restoring":
            return  # it is about to begin
        self.run.continue_from(self.branch.continuation)

    def toggle(self) -> None:
        """Start or pause it; one that has ended begins again."""
        if self.ended:
            self.restart()
        elif self.training:
            self.pause()
        else:
            self.start()

    def set_threads(self, count: int) -> None:
        """Keep the threads of the run that has failed: all branches have as many."""

    @property
    def _until(self) -> m.Until:
        return m.Until(step=self.first + self.steps)

    @property
    def _trained(self) -> float:
        """The part of its steps that its newest frame has come to, from 0 to 1."""
        snapshot = self.run.snapshot
        if snapshot is None or not self._restored:
            return 0.0
        return min(1.0, max(0.0, (snapshot.step - self.first) / self.steps))

    def _on_run_continued(self, continuation: Continuation) -> None:
        if continuation is self.branch.continuation:
            self._restored = True
            self.run.set_config(self.branch.config)
            if self._wanted:
                self.run.start(self._until)

    def _on_run_restore_failed(self, problem: Problem) -> None:
        self._refused, self.trouble = True, str(problem.text)

    def _on_run_problem_occurred(self, problem: Problem) -> None:
        self.trouble = str(problem.text)


class BranchTrial(QObject):
    """Trains all branches of a problem at once, for as many steps each.

    The processor is shared by the system, so that on two cores all of them are seen to grow.

    Signals
    -------
    stateChanged()
        It has begun, come farther, or ended.
    """

    stateChanged = Signal()

    def __init__(self, session: CompareSession) -> None:
        super().__init__(session)
        self._session = session
        self._seconds = self._seen = 0.0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_progress)
        session.runsChanged.connect(self._on_progress)

    @property
    def runs(self) -> list[BranchRun]:
        """The branches that are shown."""
        return [run for run in self._session.runs if isinstance(run, BranchRun)]

    @property
    def running(self) -> bool:
        """Whether any of them has not ended."""
        return any(not run.ended for run in self.runs)

    @property
    def state(self) -> TrialState | None:
        """How far it is; None where there are no branches."""
        runs = self.runs
        if not runs:
            return None
        done = sum(run.done for run in runs) / len(runs)
        left = self._seconds * (1 / done - 1) if done else None
        paused = self.running and not self._training
        return TrialState(runs[0].steps, done, left, paused, sum(run.whole for run in runs), len(runs))

    def begin(self, problem: Problem) -> None:
        """Compare the branches of a problem, in place of the runs that are shown."""
        session, setup = self._session, self._session.setup
        told, replaced = str(problem.text), bool(session.runs)
        session.clear()
        setup.window_run.pause()
        steps = _steps_of(setup.window_run)
        for branch in problem.branches:
            command, folder = setup.worker_command, setup.folder
            run = BranchRun(command, branch, steps, folder, setup.library, session)
            run.run.stateChanged.connect(self._on_run_state_changed)
            session.add(run)
        self._seconds, self._seen = 0.0, time.perf_counter()
        self._timer.start()
        if replaced:
            told = _("{sentence} {remark}").format(sentence=told, remark=_(_REPLACED))
        session.noticed.emit(told, session.runs)

    def stop(self) -> None:
        """Tell no more how far it is."""
        self._timer.stop()

    @property
    def _training(self) -> bool:
        return any(run.training for run in self.runs)

    def _on_run_state_changed(self) -> None:
        if self.running and not self._timer.isActive():  # one begins again
            self._seconds, self._seen = 0.0, time.perf_counter()
            self._timer.start()

    def _on_progress(self) -> None:
        """Tell how far it is, and count the time in which branches are trained."""
        now = time.perf_counter()
        if self._training:
            self._seconds += now - self._seen
        self._seen = now
        if not self.running:
            self._timer.stop()
        self.stateChanged.emit()


def _steps_of(run: Run) -> int:
    """Return how many steps branches of a run are trained."""
    snapshot = run.snapshot
    if snapshot is None or snapshot.samples_per_second <= 0:
        return _MOST_STEPS
    rate = snapshot.samples_per_second / snapshot.config.optimizer.batch
    return min(_MOST_STEPS, max(_FEWEST_STEPS, round(rate * _SECONDS)))
