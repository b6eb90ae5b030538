"""Steppers: the ways to carry out a training step, launched one by one or recorded once and replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text

Update = Callable[[Tensor, float | Tensor, int | Tensor], None]
"""One step from the indices of its images (batch,), its learning rate and its number."""
Replay = Callable[[], None]

WARM_UP = 3
"""Steps before one is recorded: libraries choose their kernels in them, and buffers come to be."""


class Stepper(Protocol):
    """Carries out training steps."""

    fallback_reason: Text | None
    """Why steps are launched operation by operation although the device can replay them; else None."""

    def run(self, update: Update, index: Tensor, rate: float, step: int) -> None:
        """Carry out one step; see `Update`, which is always the same one."""

    def renew(self, *, capturable: bool) -> None:
        """Take note that steps have changed in what a recording holds fixed, and whether they can be one."""


class EagerStep:
    """Launches every operation of every step."""

    fallback_reason: Text | None = None

    def run(self, update: Update, index: Tensor, rate: float, step: int) -> None:
        """Carry out one step."""
        update(index, rate, step)

    def renew(self, *, capturable: bool) -> None:
        """Do nothing: each step is made anew."""


class Recorder(Protocol):
    """What `GraphStep` asks of a device."""

    def warm_up(self, act: Callable[[], None]) -> None:
        """Do what will be recorded, for once without recording it."""

    def record(self, act: Callable[[], None]) -> Replay:
        """Return what repeats ``act``, which must not take effect now.

        Raises
        ------
        RuntimeError
            Where it cannot be recorded.
        """

    def finish(self) -> None:
        """Wait until all that was launched is done."""

    def keep_up(self) -> None:
        """Wait, after each step, while the device lies too far behind."""


class GraphStep:
    """Records a step once and replays it: one launch where there were hundreds.

    What differs from step to step goes through tensors that stay where they are: the indices of the images,
    the learning rate and the step's number here, the loss' numbers in `Trainer.live`. All else is held fixed
    by the recording; `renew` has the next steps launched one by one, and then one recorded anew. Those steps
    are steps of the run like any other.

    Parameters
    ----------
    batch : int
        Images in a batch.
    device : torch.device
        Where the step's tensors are.
    recorder : Recorder
        What records.
    """

    def __init__(self, batch: int, device: torch.device, recorder: Recorder) -> None:
        self._recorder = recorder
        self._index = torch.zeros(batch, dtype=torch.int64, device=device)
        self._rate = torch.zeros((), device=device)
        self._step = torch.zeros((), dtype=torch.int64, device=device)
        self.recordings = 0
        self.renew(capturable=True)

    def renew(self, *, capturable: bool) -> None:
        """Drop the recording; launch steps one by one from now on, for good where none can be made."""
        self._recorder.finish()
        self._replay: Replay | None = None
        self._warm = 0
        self._capturable = capturable
        self.fallback_reason: Text | None = (
            None
            if capturable
            else text("The operations of this loss depend on its data, so no CUDA graph can be captured.")
        )

    def run(self, update: Update, index: Tensor, rate: float, step: int) -> None:
        """Carry out one step, by replay where there is a recording."""
        self._index.copy_(index)
        self._rate.fill_(rate)
        self._step.fill_(step)
        if self._replay is None and self._capturable and self._warm >= WARM_UP:
            self._record(update)
        if self._replay is not None:
            self._replay()
        else:
            self._recorder.warm_up(self._bound(update))
            self._warm += 1
        self._recorder.keep_up()

    def _record(self, update: Update) -> None:
        try:
            self._replay = self._recorder.record(self._bound(update))
        except RuntimeError as error:
            self._capturable = False
            self.fallback_reason = text(
                "The training step cannot be captured as a CUDA graph ({error}).",
                error=str(error).splitlines()[0],
            )
        else:
            self.recordings += 1

    def _bound(self, update: Update) -> Callable[[], None]:
        return lambda: update(self._index, self._rate, self._step)


def held_fixed(config: RunConfig) -> tuple[tuple[str, Value], ...]:
    """Return the settings that a recorded step cannot follow, as it follows the loss' numbers and the rate.

    They are those that choose between computations, and the numbers that torch's updates take as numbers
    only.
    """
    spec, params = config.loss.spec, config.loss.params
    choices = {param.name: params[param.name] for param in spec.params if param.kind in ("bool", "choice")}
    optimizer = config.optimizer
    return (
        ("loss.name", config.loss.name),
        *((f"loss.{name}", value) for name, value in choices.items()),
        ("optimizer.momentum", optimizer.momentum),
        ("optimizer.weight_decay", optimizer.weight_decay),
    )
