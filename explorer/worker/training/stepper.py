"""Steppers: run training steps, either eagerly or captured once and replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.core.settings.config import RunConfig
from explorer.core.settings.stressors import DAMAGES
from explorer.core.texts import Text, text

Update = Callable[[Tensor, float | Tensor, int | Tensor], None]
"""Trains one step, from the indices of its images (batch,), its learning rate and its number."""
Replay = Callable[[], None]

WARM_UP = 3
"""Eager steps before a capture: in them libraries choose kernels, and buffers are allocated."""


class Stepper(Protocol):
    """Runs training steps."""

    fallback_reason: Text | None
    """Why steps are launched operation by operation although the device can replay them; else None."""

    def run(self, update: Update, index: Tensor, rate: float, step: int) -> None:
        """Run one step. ``update`` must be the same function in every call."""

    def renew(self, *, capturable: bool) -> None:
        """Drop a capture whose computation has changed; ``capturable`` is whether another can be made."""


class EagerStep:
    """Runs every operation of every step."""

    fallback_reason: Text | None = None

    def run(self, update: Update, index: Tensor, rate: float, step: int) -> None:
        """Run one step."""
        update(index, rate, step)

    def renew(self, *, capturable: bool) -> None:
        """Do nothing: there is no capture."""


class Recorder(Protocol):
    """Captures and replays work on a device, for `GraphStep`."""

    def warm_up(self, act: Callable[[], None]) -> None:
        """Call ``act`` as it will be captured, without capturing it."""

    def record(self, act: Callable[[], None]) -> Replay:
        """Capture ``act`` without running it, and return a function that replays it.

        Raises
        ------
        RuntimeError
            If it cannot be captured.
        """

    def finish(self) -> None:
        """Wait for all launched work."""

    def keep_up(self) -> None:
        """Wait while the device is too many steps behind."""


class GraphStep:
    """Captures a step once and replays it: one launch instead of hundreds.

    Values that change between steps are passed in tensors with fixed addresses: image indices, learning rate
    and step number here, parameters of the loss in `Trainer.live`. Everything else is fixed by the capture.
    After `renew` the next steps run eagerly, and then another capture is made; all of them are steps of the
    run.

    Parameters
    ----------
    batch : int
        Images per batch.
    device : torch.device
        Device of the tensors of a step.
    recorder : Recorder
        Captures and replays.
    """

    def __init__(self, batch: int, device: torch.device, recorder: Recorder) -> None:
        self._recorder = recorder
        self._index = torch.zeros(batch, dtype=torch.int64, device=device)
        self._rate = torch.zeros((), device=device)
        self._step = torch.zeros((), dtype=torch.int64, device=device)
        self.recordings = 0
        self.renew(capturable=True)

    def renew(self, *, capturable: bool) -> None:
        """Drop the capture and run steps eagerly: until the next capture, or always if none is possible."""
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
        """Run one step, by replay if there is a capture."""
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
    """Return the settings that a captured step holds fixed; it follows the other live settings.

    They are those that choose between computations, such as whether a stressor is on, and values that the
    updates of torch accept only as numbers.
    """
    spec, params = config.loss.spec, config.loss.params
    choices = {param.name: params[param.name] for param in spec.params if param.kind in ("bool", "choice")}
    optimizer = config.optimizer
    return (
        ("loss.name", config.loss.name),
        *((f"loss.{name}", value) for name, value in choices.items()),
        ("optimizer.momentum", optimizer.momentum),
        ("optimizer.weight_decay", optimizer.weight_decay),
        *((f"data.{name}", value > 0) for name, value in zip(DAMAGES, config.data.strengths, strict=True)),
        ("data.wrong_labels", config.data.wrong_labels > 0),
        ("data.moves", config.data.moves),
    )
