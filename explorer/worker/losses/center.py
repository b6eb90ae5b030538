"""Centre loss.

Wen et al., "A Discriminative Feature Learning Approach for Deep Face Recognition", ECCV 2016.
"""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.worker.losses.angles import unit
from explorer.worker.losses.base import Terms, cross_entropy
from explorer.worker.losses.softmax import LinearLoss


class CenterLoss(LinearLoss):
    """CE(w·x + b) + λ·½·mean‖x − c_y‖² (eq. 5), with the mean over the batch in place of the paper's sum.

    ``centers`` (C, d) start at the origin and follow the features, untouched by gradient, λ or batch size.
    """

    centers: Tensor
    epoch_sum: Tensor
    epoch_count: Tensor

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.register_buffer("centers", torch.zeros(num_classes, embedding_dim))
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
        """Compute both summands; in training mode the centres then follow the batch."""
        features = unit(embeddings) if normalize else embeddings
        distance = (features - self.centers[labels]).square().sum(dim=1)
        terms = {
            "cross-entropy": cross_entropy(self.scores(embeddings), labels),
            "centre": weight * distance.mean() / 2,
        }
        if self.training:
            self._follow(features.detach(), labels, alpha, each_batch=update == "batch")
        return terms

    def end_epoch(self, **params: Tensor | Value) -> None:
        """Set the centres to the epoch's class means if ``update`` says so; an absent class keeps its own."""
        if params.get("update") == "epoch":
            present = self.epoch_count > 0
            means = self.epoch_sum / self.epoch_count.clamp(min=1)[:, None]
            self.centers.copy_(torch.where(present[:, None], means, self.centers))
        self.epoch_sum.zero_()
        self.epoch_count.zero_()

    @torch.no_grad()
    def _follow(self, features: Tensor, labels: Tensor, alpha: Tensor | float, *, each_batch: bool) -> None:
        """Move each centre by −α·Σ(c − x)/(1 + n) over its n features in the batch; add them to the epoch."""
        features = features.to(self.centers.dtype)
        total = torch.zeros_like(self.centers).index_add_(0, labels, features)
        count = torch.zeros_like(self.epoch_count).index_add_(0, labels, torch.ones_like(features[:, 0]))
        self.epoch_sum += total
        self.epoch_count += count
        if each_batch:
            n = count[:, None]
            self.centers -= alpha * (n * self.centers - total) / (1 + n)
