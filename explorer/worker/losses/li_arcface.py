"""Li-ArcFace.

Li et al., "AirFace: Lightweight and Efficient Model for Face Recognition", ICCV Workshops 2019.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.worker.losses.angles import CosineLoss, cosine_and_sine, replace_target, unit
from explorer.worker.losses.pairs import gaps


class LiArcFace(CosineLoss):
    """CE(s·(π − 2(θ + m·1_y))/π): ArcFace with a linear function instead of the cosine.

    T(θ) = (π − 2(θ + m))/π; the logit of the true class is s·T(θ), that of another class s·(π − 2θ_j)/π.
    """

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, scale: Tensor | float, margin: Tensor | float
    ) -> Tensor:
        """Return s·(π − 2(θ + m·1_y))/π (n, C)."""
        cosines, sines = _to_all(unit(embeddings), unit(self.weight))
        linear = 1 - torch.atan2(sines, cosines) * (2 / math.pi)
        own = linear.gather(1, labels[:, None])[:, 0]
        return scale * replace_target(linear, labels, own - margin * (2 / math.pi))


def _to_all(features: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Return cos θ and sin θ (n, C) between unit ``features`` (n, d) and unit ``weights`` (C, d)."""
    if features.shape[1] <= FEW_DIMENSIONS:
        return cosine_and_sine(features[:, None], weights)
    apart, along = gaps(features, weights), gaps(features, -weights)  # sin θ = ‖x − w‖·‖x + w‖/2
    sines = (apart * along / 2).masked_fill((features == 0).all(dim=1, keepdim=True), 1.0)
    return nn.functional.linear(features, weights), sines
