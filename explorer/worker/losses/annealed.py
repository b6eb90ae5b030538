"""AnnealedLoss: base of L-Softmax and A-Softmax."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from explorer.core.losses.annealing import annealing
from explorer.core.params import Value
from explorer.worker.losses.angles import multiply_angle
from explorer.worker.losses.base import Loss


class AnnealedLoss(Loss):
    """A loss whose parameter ``annealing`` is the current λ; its setting is the minimum of λ."""

    def schedule(self, step: int, params: Mapping[str, Value]) -> dict[str, Value]:
        """Return the parameters with ``annealing`` set to the λ of this step."""
        floor = float(params.get("annealing", self.live_defaults["annealing"]))
        return {**params, "annealing": annealing(step, floor)}


def annealed_target(cosine: Tensor, sine: Tensor, margin: Tensor | float, weight: Tensor | float) -> Tensor:
    """Return (λ·cos θ + ψ(θ))/(1 + λ), where λ is ``weight``."""
    return (weight * cosine + multiply_angle(cosine, sine, margin)) / (1 + weight)
