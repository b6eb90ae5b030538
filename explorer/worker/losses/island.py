"""Island loss.

Cai et al., "Island Loss for Learning Discriminative Features in Facial Expression Recognition", FG 2018.
"""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.texts import N_
from explorer.worker.losses.angles import unit
from explorer.worker.losses.base import Terms, cross_entropy
from explorer.worker.losses.following import FollowingCenters

_SHORTEST = 1e-24


class IslandLoss(FollowingCenters):
    """CE(w·x + b) + λ·(½·mean‖x − c_y‖² + λ₁·Σ_{j≠k}(cos(c_j, c_k) + 1)), over ordered pairs of centres.

    The second sum has no gradient in the features: it turns the centres apart while they follow.
    """

    def terms(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        weight: Tensor | float,
        alpha: Tensor | float,
        separation: Tensor | float,
    ) -> Terms:
        """Compute the three summands; in training mode the centres then follow the batch and part."""
        directions = unit(self.centers)
        # Σ_{j≠k} cos = ‖Σ u‖² − Σ‖u‖²
        cosines = directions.sum(dim=0).square().sum() - directions.square().sum()
        pairs = self.num_classes * (self.num_classes - 1)
        terms = {
            N_("cross-entropy"): cross_entropy(self.scores(embeddings), labels),
            N_("centre"): weight * self.gather(embeddings, labels),
            N_("separation"): weight * separation * (cosines + pairs),
        }
        if self.training:
            lag = self.lag(*self.sums(embeddings, labels))
            self.centers -= alpha * lag + self.parting(alpha * separation)
        return terms

    @torch.no_grad()
    def parting(self, rate: Tensor | float) -> Tensor:
        """Return ``rate`` times the mean over k ≠ j of the slope (C, d) of cos(c_j, c_k) in c_j.

        The slope grows without bound towards the origin, where the centres start, and the published step
        would throw them far out. So a step is at most as long as its centre: it turns it by up to 45°.
        """
        directions = unit(self.centers)
        others = directions.sum(dim=0) - directions
        across = others - (others * directions).sum(dim=1, keepdim=True) * directions
        length: Tensor = torch.linalg.vector_norm(self.centers, dim=1, keepdim=True)
        turn = rate * across / (length.square().clamp(min=_SHORTEST) * (self.num_classes - 1))
        angle: Tensor = torch.linalg.vector_norm(turn, dim=1, keepdim=True)
        return length * turn / angle.clamp(min=1)
