"""Centres that follow the features of their class.

Wen et al., "A Discriminative Feature Learning Approach for Deep Face Recognition", ECCV 2016, eq. 3 and 4.
"""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.worker.losses.softmax import LinearLoss


class FollowingCenters(LinearLoss):
    """What losses with such centres share: ``centers`` (C, d), a buffer, beside w·x + b.

    They start at the origin. What moves them is no gradient, so neither λ nor the batch size scales it.
    """

    centers: Tensor

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.register_buffer("centers", torch.zeros(num_classes, embedding_dim))

    def gather(self, features: Tensor, labels: Tensor) -> Tensor:
        """Return ½·mean‖x − c_y‖² (0-dim), with the mean over the batch in place of the paper's sum."""
        return (features - self.centers[labels]).square().sum(dim=1).mean() / 2

    @torch.no_grad()
    def sums(self, features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Return Σx (C, d) over the features of each class in the batch, and their number n (C,)."""
        total = torch.zeros_like(self.centers).index_add_(0, labels, features.to(self.centers.dtype))
        ones = torch.ones_like(labels, dtype=self.centers.dtype)
        return total, torch.zeros_like(self.centers[:, 0]).index_add_(0, labels, ones)

    @torch.no_grad()
    def lag(self, total: Tensor, count: Tensor) -> Tensor:
        """Return Δc = Σ(c − x)/(1 + n) (C, d) of eq. 4, from `sums`; zero for an absent class."""
        n = count[:, None]
        return (n * self.centers - total) / (1 + n)
