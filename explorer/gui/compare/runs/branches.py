"""BranchTrial: trains branches of a run that has failed, each with another remedy, to be compared."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.core.protocol import messages as m
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


class TrialState(Struct, frozen=True):
    """How far a trial is: steps of each branch, the part that is done, seconds left where that is known."""

    steps: int
    done: float
    left: float | None


class BranchRun(LiveRun):
    """A run that goes on with the settings of a branch from its step, for a number of steps.

    Parameters
    ----------
    worker_command, folder, options
        As for `LiveRun`.
    branch : Branch
        Where it begins, and its settings.
    steps : int
        How many steps it is trained.
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
        self._refused = False
        super().__init__(worker_command, branch.config, folder, options, parent)

    @property
    def first(self) -> int:
        """The step from which it goes on."""
        return self.branch.continuation.parent.step

    @property
    def done(self) -> float:
        """The part of its steps that is trained; 1 once it has ended."""
        if self._refused or self.run.phase in _ENDED:
            return 1.0
        snapshot = self.run.snapshot
        return 0.0 if snapshot is None else max(0.0, snapshot.step - self.first) / self.steps

    @property
    def can_be_taken(self) -> bool:
        """Whether a run can go on from its newest frame."""
        return not self._refused and self.run.phase != "failed" and self.done > 0

    def begin(self) -> None:
        """Bring back the step, and train from there."""
        self.run.continued.connect(self._on_run_continued)
        self.run.restoreFailed.connect(self._on_run_restore_failed)
        self.run.continue_from(self.branch.continuation)

    def set_threads(self, count: int) -> None:
        """Keep the threads of the run that has failed: all branches have as many."""

    def _on_run_continued(self, continuation: Continuation) -> None:
        if continuation is self.branch.continuation:
            self.run.set_config(self.branch.config)
            self.run.start(m.Until(step=self.first + self.steps))

    def _on_run_restore_failed(self) -> None:
        self._refused = True


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
        self._begun = 0.0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        session.runsChanged.connect(self._on_timer_timeout)

    @property
    def runs(self) -> list[BranchRun]:
        """The branches that are shown."""
        return [run for run in self._session.runs if isinstance(run, BranchRun)]

    @property
    def running(self) -> bool:
        """Whether any of them is still trained."""
        return any(run.done < 1 for run in self.runs)

    @property
    def state(self) -> TrialState | None:
        """How far it is; None where there are no branches."""
        runs = self.runs
        if not runs:
            return None
        done = sum(run.done for run in runs) / len(runs)
        left = (time.perf_counter() - self._begun) * (1 / done - 1) if done else None
        return TrialState(runs[0].steps, done, left)

    def begin(self, problem: Problem) -> None:
        """Compare the branches of a problem, in place of the runs that are shown."""
        session, setup = self._session, self._session.setup
        session.clear()
        setup.window_run.pause()
        steps = _steps_of(setup.window_run)
        for branch in problem.branches:
            command, folder = setup.worker_command, setup.folder
            session.add(BranchRun(command, branch, steps, folder, setup.library, session))
        self._begun = time.perf_counter()
        self._timer.start()
        session.noticed.emit(str(problem.text))

    def _on_timer_timeout(self) -> None:
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
