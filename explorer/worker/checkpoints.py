"""Checkpoints of a run while it trains: when one is due, and sending it."""

from __future__ import annotations

from collections.abc import Callable

from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import MAX_MESSAGE
from explorer.core.texts import text
from explorer.worker.active_run import ActiveRun
from explorer.worker.training.checkpoint import to_bytes

_SOONEST = 1.0
"""Seconds of training between two checkpoints at least: a dragged slider changes settings at every step."""
_SHARE = 0.02
"""A long run has them more rarely, at every fiftieth of its time: their number grows with its logarithm."""
_ENVELOPE = 1024
"""Bytes of a message beside the state that it holds."""


class CheckpointSchedule:
    """Says when a checkpoint is due, from the seconds that the run has trained."""

    def __init__(self) -> None:
        self.every: float | None = None
        self._last: float | None = None
        self._owed = False

    def begin(self) -> None:
        """Owe the first checkpoint of a run."""
        self._last, self._owed = None, False

    def settings_changed(self) -> None:
        """Owe a checkpoint with the new settings."""
        self._owed = True

    def due(self, elapsed: float) -> bool:
        """Whether one should be taken now."""
        if self.every is None:
            return False
        if self._last is None:
            return True
        pause = max(self.every, _SHARE * elapsed)
        return elapsed - self._last >= (min(pause, _SOONEST) if self._owed else pause)

    def taken(self, elapsed: float) -> None:
        """Note that one was taken."""
        self._last, self._owed = elapsed, False


class CheckpointSender:
    """Sends the checkpoints of the current run, once they are asked for.

    Parameters
    ----------
    emit : callable
        Takes each event.
    """

    def __init__(self, emit: Callable[[m.Event], None]) -> None:
        self._emit = emit
        self._last_step: int | None = None
        self.schedule = CheckpointSchedule()

    def send_every(self, seconds: float | None, run: ActiveRun | None) -> None:
        """Send one now, where there is a run, and then every so many seconds; None sends no more."""
        self.schedule.every = seconds
        self.schedule.begin()
        if run is not None:
            self.send_due(run)

    def send_due(self, run: ActiveRun) -> None:
        """Send a checkpoint if one is due."""
        if self.schedule.due(run.watch.elapsed):
            self._send(run)

    def send_last(self, run: ActiveRun) -> None:
        """Send a checkpoint of a run that ends here, so that it can be continued without repeating steps."""
        if self.schedule.every is not None and run.trainer.step_count != self._last_step:
            self._send(run)

    def _send(self, run: ActiveRun) -> None:
        trainer, elapsed = run.trainer, run.watch.elapsed
        self.schedule.taken(elapsed)
        self._last_step = trainer.step_count
        if run.diverged_at(wait=True) is not None:
            return
        data = to_bytes(trainer, elapsed)
        if len(data) > MAX_MESSAGE - _ENVELOPE:
            self.schedule.every = None
            sentence = text(
                "The state of this run ({size:,.0f} MB) is too large for a checkpoint, so the recording can "
                "be continued only from its beginning.",
                size=len(data) / 1e6,
            )
            self._emit(m.Notice(run=run.number, kind="oversized", text=sentence, step=trainer.step_count))
            return
        self._emit(m.Checkpoint(run=run.number, step=trainer.step_count, data=data))
