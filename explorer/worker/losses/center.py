"""Centre loss.

Wen et al., "A Discriminative Feature Learning Approach for Deep Face Recognition", ECCV 2016.
"""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.angles import unit
from explorer.worker.losses.base import Terms, cross_entropy
from explorer.worker.losses.following import FollowingCenters


class CenterLoss(FollowingCenters):
    """CE(w·x + b) + λ·½·mean‖x − c_y‖² (eq. 5); centres are updated per batch, as published, or per epoch."""

    epoch_sum: Tensor
    epoch_count: Tensor

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.register_buffer("epoch_sum", torch.zeros(num_classes, embedding_dim))
        self.register_buffer("epoch_count", torch.zeros(num_classes))

    def terms(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        weight: Tensor | float,
        alpha: Tensor | float,
        normalize: Value,
        update: Value,
    ) -> Terms:
        """Return both terms; in training mode, then update the centres from the batch."""
        features = unit(embeddings) if normalize else embeddings
        terms = {
            N_("cross-entropy"): cross_entropy(self.scores(embeddings), labels),
            N_("centre"): weight * self.gather(features, labels),
        }
        if self.training:
            total, count = self.sums(features, labels)
            self.epoch_sum += total
            self.epoch_count += count
            if update == "batch":
                self.centers -= alpha * self.lag(total, count)
        return terms

    def end_epoch(self, **params: Tensor | Value) -> None:
        """With ``update`` "epoch", set the centres to the class means; absent classes keep theirs."""
        if params.get("update") == "epoch":
            present = self.epoch_count > 0
            means = self.epoch_sum / self.epoch_count.clamp(min=1)[:, None]
            self.centers.copy_(torch.where(present[:, None], means, self.centers))
        self.epoch_sum.zero_()
        self.epoch_count.zero_()
