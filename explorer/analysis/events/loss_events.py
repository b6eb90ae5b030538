"""Events of the loss: it is stuck, or it diverges."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator

from explorer.analysis.events.observation import Observation
from explorer.core.recording.header import RunEvent
from explorer.core.texts import text

_BLOCK_STEPS, _BLOCKS = 50, 4
"""The loss is stuck if its mean over the last 4 blocks of 50 steps has not fallen from that of the 4 before
…"""
STUCK_FALL = 0.02
"""… by this fraction, which is about the noise of a mean over 200 batches."""
_CONVERGED = 0.9
"""A run that predicts this fraction of the images correctly has converged: its loss need not fall."""
_ON_AGAIN = 0.1
"""The loss is no longer stuck once it has fallen by this fraction."""
DIVERGED = 10.0
"""Training diverges when the loss exceeds this many times both its value at the start of these settings and
ln C, the cross-entropy of guessing one of C classes: a spike of a small loss is no divergence."""


class LossEvents:
    """Finds what happens to the loss between two changes of settings.

    The loss of a frame is a mean over the steps since the last frame, so it is weighted by their number: what
    is found depends little on how often frames come.
    """

    def __init__(self, num_classes: int) -> None:
        self._guessing = math.log(num_classes)
        self._step: int | None = None
        self._diverged = False
        self.restart()

    def restart(self) -> None:
        """Forget the loss: after a change of settings it is not comparable."""
        self._first = math.nan
        self._blocks: deque[float] = deque(maxlen=2 * _BLOCKS)
        self._sum, self._steps = 0.0, 0
        self._stuck_at = math.inf

    def note(self, step: int, loss: float | None) -> None:
        """Take the loss of a frame; None where no step was trained since the last one."""
        steps = 0 if self._step is None else step - self._step
        self._step = step
        if steps <= 0 or loss is None or math.isnan(loss):
            return
        self._sum, self._steps = self._sum + steps * loss, self._steps + steps
        if self._steps >= _BLOCK_STEPS:
            self._blocks.append(self._sum / self._steps)
            self._sum, self._steps = 0.0, 0

    def take(self, seen: Observation, loss: float | None) -> Iterator[RunEvent]:
        """Yield what the losses up to an observation show, the last of which is ``loss``, None for none."""
        if loss is not None:
            yield from self._take_rise(seen.step, loss)
        yield from self._take_stuck(seen)

    def take_divergence(self, step: int) -> Iterator[RunEvent]:
        """Yield that the loss became NaN or infinite at a step, unless it is known."""
        if not self._diverged:
            self._diverged = True
            yield RunEvent(step, "diverged", text("Training diverges: the loss becomes NaN or infinite."))

    def _take_rise(self, step: int, loss: float) -> Iterator[RunEvent]:
        if math.isnan(self._first):
            self._first = loss
        usual = max(abs(self._first), self._guessing)
        if not math.isfinite(loss):
            yield from self.take_divergence(step)
        elif loss > DIVERGED * usual and not self._diverged:
            self._diverged = True
            yield RunEvent(
                step,
                "diverged",
                text(
                    "Training diverges: the loss has risen from {before:.3g} to {after:.3g}.",
                    before=self._first,
                    after=loss,
                ),
            )
        elif loss < usual:
            self._diverged = False

    def _take_stuck(self, seen: Observation) -> Iterator[RunEvent]:
        if len(self._blocks) < 2 * _BLOCKS:
            return
        blocks = list(self._blocks)
        before, now = (sum(part) / _BLOCKS for part in (blocks[:_BLOCKS], blocks[_BLOCKS:]))
        if now < self._stuck_at - _ON_AGAIN * abs(self._stuck_at):
            self._stuck_at = math.inf
        if self._stuck_at < math.inf or seen.accuracy >= _CONVERGED:
            return
        if now >= before - STUCK_FALL * abs(before):
            self._stuck_at = now
            yield RunEvent(
                seen.step,
                "stuck",
                text(
                    "The loss is stuck at {loss:.3g}: it was {before:.3g} in the {steps} steps before. "
                    "{accuracy:.0%} of the test images are predicted correctly.",
                    loss=now,
                    before=before,
                    steps=_BLOCK_STEPS * _BLOCKS,
                    accuracy=seen.accuracy,
                ),
            )
