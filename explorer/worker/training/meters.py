"""Meters: sums over the steps since the last frame, kept on the device so that no step waits for it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from explorer.worker.losses import Terms

_NEVER = 2**62


class Sums(NamedTuple):
    """What the meters have counted: sums (0-dim tensors) by the names of a frame's scalars, and over what."""

    tensors: dict[str, Tensor]
    steps: int
    seen: int

    def means(self, values: dict[str, float]) -> dict[str, float]:
        """Return the mean of each sum from its value: of the accuracy over images, else over steps."""
        return {
            name: values[name] / (self.seen if name == "train_accuracy" else self.steps)
            for name in self.tensors
        }


class Meters:
    """Loss terms and accuracy of the batches since `take`, and the first step that diverged.

    Each sum stays where it is and changes in place, so that a recorded step can go on adding to it.
    """

    def __init__(self, device: torch.device) -> None:
        self._first_bad = torch.full((), _NEVER, dtype=torch.int64, device=device)
        self._total = torch.zeros((), device=device)
        self._correct = torch.zeros((), dtype=torch.int64, device=device)
        self.clear()

    def clear(self) -> None:
        """Forget the sums and which summands the loss has."""
        self._terms: dict[str, Tensor] = {}
        self._begin()

    @torch.no_grad()
    def add(self, step: int | Tensor, total: Tensor, terms: Terms, correct: Tensor) -> None:
        """Add one step's loss, its summands, and how many of its images were right."""
        self._total += total
        for name, value in terms.items():
            if name not in self._terms:
                self._terms[name] = torch.zeros_like(value)
            self._terms[name] += value
        self._correct += correct
        earliest = self._first_bad.clamp(max=step)
        self._first_bad.copy_(torch.where(torch.isfinite(total), self._first_bad, earliest))

    def count(self, seen: int) -> None:
        """Count one step of that many images."""
        self._steps += 1
        self._seen += seen

    @property
    def first_bad(self) -> Tensor:
        """First step whose loss was NaN or infinite, as a copy on the device, for `as_step` to read."""
        return self._first_bad.clone()

    @property
    def diverged_at(self) -> int | None:
        """First step whose loss was NaN or infinite, None while all were finite; waits for the device."""
        return as_step(self._first_bad)

    def take(self) -> Sums:
        """Return copies of the sums since the last take, none without a step, and begin anew."""
        tensors: dict[str, Tensor] = {}
        if self._steps:
            tensors["loss"] = self._total.clone()
            tensors |= {f"loss.{name}": value.clone() for name, value in self._terms.items()}
            tensors["train_accuracy"] = self._correct.clone()
        sums = Sums(tensors, self._steps, self._seen)
        self._begin()
        return sums

    def _begin(self) -> None:
        for value in (self._total, self._correct, *self._terms.values()):
            value.zero_()
        self._steps = 0
        self._seen = 0


def as_step(first_bad: Tensor) -> int | None:
    """Return the step that `Meters.first_bad` names, None for none."""
    step = int(first_bad.item())
    return None if step == _NEVER else step
