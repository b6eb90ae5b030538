"""Li-ArcFace.

Li et al., "AirFace: Lightweight and Efficient Model for Face Recognition", ICCV Workshops 2019.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, cosine_and_sine, replace_target, unit


class LiArcFace(CosineLoss):
    """CE(s·(π − 2(θ + m·1_y))/π): ArcFace with a linear function instead of the cosine.

    T(θ) = (π − 2(θ + m))/π; the logit of the true class is s·T(θ), that of another class s·(π − 2θ_j)/π.
    """

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, scale: Tensor | float, margin: Tensor | float
    ) -> Tensor:
        """Return s·(π − 2(θ + m·1_y))/π (n, C)."""
        cosines, sines = cosine_and_sine(unit(embeddings)[:, None], unit(self.weight))
        linear = 1 - torch.atan2(sines, cosines) * (2 / math.pi)
        own = linear.gather(1, labels[:, None])[:, 0]
        return scale * replace_target(linear, labels, own - margin * (2 / math.pi))
