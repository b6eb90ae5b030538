"""Meters: sums over the steps since the last frame, kept on the device so that no step waits for a copy."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from explorer.core.protocol.messages import FIRST_STEPS
from explorer.worker.losses import Terms

_NEVER = 2**62


class Sums(NamedTuple):
    """Sums (0-dim tensors) by the names of the scalars of a frame, and the numbers of steps and images.

    ``first`` are the losses (0-dim tensors) of single steps, as far as they are among the first ones.
    """

    tensors: dict[str, Tensor]
    steps: int
    seen: int
    first: tuple[Tensor, ...] = ()

    def means(self, values: dict[str, float]) -> dict[str, float]:
        """Return the means for the values of the sums: accuracy over images, everything else over steps."""
        return {
            name: values[name] / (self.seen if name == "train_accuracy" else self.steps)
            for name in self.tensors
        }


class Meters:
    """Loss, terms of the loss and accuracy of the batches since `take`, and the first step that diverged.

    The sums are updated in place, so that a captured step can add to them. Over the first steps, what a step
    has added is taken out after it: a copy of its loss costs nothing later on.
    """

    def __init__(self, device: torch.device) -> None:
        self._first_bad = torch.full((), _NEVER, dtype=torch.int64, device=device)
        self._total = torch.zeros((), device=device)
        self._correct = torch.zeros((), dtype=torch.int64, device=device)
        self._earlier = torch.zeros((), device=device)
        self.clear()

    def clear(self) -> None:
        """Reset all sums and the list of terms, and drop the losses of single steps."""
        self._terms: dict[str, Tensor] = {}
        self._first: list[Tensor] = []
        self._begin()

    @torch.no_grad()
    def add(self, step: int | Tensor, total: Tensor, terms: Terms, correct: Tensor) -> None:
        """Add the loss of a step, its terms, and its number of correctly classified images."""
        self._total += total
        for name, value in terms.items():
            if name not in self._terms:
                self._terms[name] = torch.zeros_like(value)
            self._terms[name] += value
        self._correct += correct
        earliest = self._first_bad.clamp(max=step)
        self._first_bad.copy_(torch.where(torch.isfinite(total), self._first_bad, earliest))

    def count(self, step: int, seen: int) -> None:
        """Count a step of ``seen`` images, which is the ``step``-th of the run, from 0."""
        self._steps += 1
        self._seen += seen
        if step < FIRST_STEPS:
            self._keep_loss(last=step == FIRST_STEPS - 1)

    @property
    def first_bad(self) -> Tensor:
        """First step whose loss was NaN or infinite, as a copy on the device; see `as_step`."""
        return self._first_bad.clone()

    @property
    def diverged_at(self) -> int | None:
        """First step whose loss was NaN or infinite, None if there is none; waits for the device."""
        return as_step(self._first_bad)

    def take(self) -> Sums:
        """Return copies of the sums since the last call, empty if no step was counted, and reset them."""
        tensors: dict[str, Tensor] = {}
        if self._steps:
            tensors["loss"] = self._earlier + self._total
            tensors |= {f"loss.{name}": value.clone() for name, value in self._terms.items()}
            tensors["train_accuracy"] = self._correct.clone()
        sums = Sums(tensors, self._steps, self._seen, tuple(self._first))
        self._first = []
        self._begin()
        return sums

    def _keep_loss(self, *, last: bool) -> None:
        """Keep the loss of the step that was counted; sums are added up in the order of the steps."""
        self._first.append(self._total.clone())
        self._earlier += self._total
        self._total.zero_()
        if last:
            self._total.copy_(self._earlier)
            self._earlier.zero_()

    def _begin(self) -> None:
        for value in (self._total, self._earlier, self._correct, *self._terms.values()):
            value.zero_()
        self._steps = 0
        self._seen = 0


def as_step(first_bad: Tensor) -> int | None:
    """Return the step in `Meters.first_bad`, None if there is none."""
    step = int(first_bad.item())
    return None if step == _NEVER else step
