"""Sub-centre ArcFace.

Deng et al., "Sub-center ArcFace: Boosting Face Recognition by Large-Scale Noisy Web Faces", ECCV 2020.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.core.params import Value
from explorer.worker.losses.angles import add_margin, cosine_and_sine, replace_target, unit
from explorer.worker.losses.base import Loss, spread_weights

_FIRST_SPREAD = 0.1
"""Initial standard deviation, per coordinate, of the weights of a class around their common centre."""


class SubcenterArcFace(Loss):
    """ArcFace with K weights per class, of which the closest to the feature counts.

    ``weight`` (C·K, d), with the K rows of a class together.

    T(θ) = cos(θ + m), cos θ − m·sin m beyond θ + m = π; the logit of the true class is s·T(θ), θ being the
    angle to the nearest weight of the true class. The weights of a class are initialised close together:
    spread over a circle, each would be enclosed by those of other classes and could not reach the others of
    its class.
    """

    def __init__(self, num_classes: int, embedding_dim: int, subcenters: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.subcenters = subcenters
        around = spread_weights(num_classes, embedding_dim).detach().repeat_interleave(subcenters, dim=0)
        self.weight = nn.Parameter(around + _FIRST_SPREAD * torch.randn_like(around))

    def scores(self, embeddings: Tensor, **_params: Tensor | Value) -> Tensor:
        """Return cos θ to the nearest weight of each class (n, C)."""
        cosines: Tensor = self._cosines(unit(embeddings)).amax(dim=2)
        return cosines

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, scale: Tensor | float, margin: Tensor | float
    ) -> Tensor:
        """Return s·cos(θ + m·1_y) (n, C)."""
        features, weights = unit(embeddings), unit(self.weight)
        cosines, nearest = self._cosines(features).max(dim=2)
        row = labels * self.subcenters + nearest.gather(1, labels[:, None])[:, 0]
        cosine, sine = cosine_and_sine(features, weights[row])
        return scale * replace_target(cosines, labels, add_margin(cosine, sine, margin))

    def _cosines(self, features: Tensor) -> Tensor:
        """Return cos θ (n, C, K) of unit ``features``."""
        cosines = nn.functional.linear(features, unit(self.weight))
        return cosines.view(-1, self.num_classes, self.subcenters)
