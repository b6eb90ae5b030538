"""Meters: sums over the steps since the last frame, kept on the device so that no step waits for it."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.worker.losses import Terms

_NEVER = 2**62


class Meters:
    """Mean loss terms and accuracy of the batches since `read`, and the first step that diverged."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self._first_bad = torch.full((), _NEVER, dtype=torch.int64, device=device)
        self.clear()

    def clear(self) -> None:
        """Forget the sums."""
        self._terms: dict[str, Tensor] = {}
        self._total = torch.zeros((), device=self.device)
        self._correct = torch.zeros((), dtype=torch.int64, device=self.device)
        self._steps = 0
        self._seen = 0

    @torch.no_grad()
    def add(self, step: int, total: Tensor, terms: Terms, correct: Tensor, seen: int) -> None:
        """Add one step's loss, its summands, and how many of its images were right."""
        self._total += total
        for name, value in terms.items():
            self._terms[name] = self._terms[name] + value if name in self._terms else value.detach().clone()
        self._correct += correct
        self._steps += 1
        self._seen += seen
        self._first_bad = torch.where(torch.isfinite(total), self._first_bad, self._first_bad.clamp(max=step))

    @property
    def diverged_at(self) -> int | None:
        """First step whose loss was NaN or infinite, None while all were finite; waits for the device."""
        step = int(self._first_bad.item())
        return None if step == _NEVER else step

    def read(self) -> dict[str, float]:
        """Return the means since the last read as scalars of a frame, and begin anew; empty if no step."""
        if not self._steps:
            return {}
        scalars = {"loss": self._total.item() / self._steps}
        scalars |= {f"loss.{name}": value.item() / self._steps for name, value in self._terms.items()}
        scalars["train_accuracy"] = self._correct.item() / self._seen
        self.clear()
        return scalars
