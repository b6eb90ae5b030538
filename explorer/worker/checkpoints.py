"""Sends checkpoints of a run while it trains, and decides when one is due."""

from __future__ import annotations

from collections.abc import Callable

from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import MAX_CHECKPOINT
from explorer.core.texts import text
from explorer.worker.active_run import ActiveRun
from explorer.worker.training.checkpoint import to_bytes

_SOONEST = 1.0
"""Minimum seconds of training between checkpoints: dragging a slider changes settings at every step."""
_SHARE = 0.02
"""Minimum interval as a fraction of the elapsed time, so that their number grows with its logarithm only."""


class CheckpointSchedule:
    """Decides when a checkpoint is due, from the seconds of training."""

    def __init__(self) -> None:
        self.every: float | None = None
        self._last: float | None = None
        self._owed = False

    def begin(self) -> None:
        """Start over for a new run, whose first checkpoint is due at once."""
        self._last, self._owed = None, False

    def settings_changed(self) -> None:
        """Make a checkpoint with the new settings due soon."""
        self._owed = True

    def due(self, elapsed: float) -> bool:
        """Whether to take one now."""
        if self.every is None:
            return False
        if self._last is None:
            return True
        pause = max(self.every, _SHARE * elapsed)
        return elapsed - self._last >= (min(pause, _SOONEST) if self._owed else pause)

    def taken(self, elapsed: float) -> None:
        """Record that one was taken."""
        self._last, self._owed = elapsed, False


class CheckpointSender:
    """Sends checkpoints of the current run, once they are requested.

    Parameters
    ----------
    emit : callable
        Sends an event.
    """

    def __init__(self, emit: Callable[[m.Event], None]) -> None:
        self._emit = emit
        self._last_step: int | None = None
        self.schedule = CheckpointSchedule()

    def send_every(self, seconds: float | None, run: ActiveRun | None) -> None:
        """Send a checkpoint now, if there is a run, and then at this interval; None stops sending."""
        self.schedule.every = seconds
        self.schedule.begin()
        if run is not None:
            self.send_due(run)

    def send_due(self, run: ActiveRun) -> None:
        """Send a checkpoint if one is due."""
        if self.schedule.due(run.watch.elapsed):
            self._send(run)

    def send_last(self, run: ActiveRun) -> None:
        """Send a checkpoint at the end of a run, unless the last one is of the same step."""
        if self.schedule.every is not None and run.trainer.step_count != self._last_step:
            self._send(run)

    def _send(self, run: ActiveRun) -> None:
        trainer = run.trainer
        self.schedule.taken(run.watch.elapsed)
        self._last_step = trainer.step_count
        if run.diverged_at(wait=True) is not None:
            return
        data = to_bytes(trainer, run.probe_images)
        if len(data) > MAX_CHECKPOINT:
            self.schedule.every = None
            sentence = text(
                "The state of this run ({size:,.0f} MB) is too large for a checkpoint, so the recording can "
                "be continued only from its beginning.",
                size=len(data) / 1e6,
            )
            self._emit(m.Notice(run=run.number, kind="oversized", text=sentence, step=trainer.step_count))
            return
        self._emit(m.Checkpoint(run=run.number, step=trainer.step_count, data=data))
