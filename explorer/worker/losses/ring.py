"""Ring loss.

Zheng, Pal and Savvides, "Ring loss: Convex Feature Normalization for Face Recognition", CVPR 2018.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.core.texts import N_
from explorer.worker.losses.base import Terms, at_least_float32, cross_entropy
from explorer.worker.losses.softmax import LinearLoss


class RingLoss(LinearLoss):
    """CE(w·x + b) + λ/2·mean(‖x‖ − R)², with the ``radius`` R (0-dim) learned, initially 1."""

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.radius = nn.Parameter(torch.ones(()))

    def terms(self, embeddings: Tensor, labels: Tensor, *, weight: Tensor | float) -> Terms:
        """Return both terms."""
        norms = torch.linalg.vector_norm(at_least_float32(embeddings), dim=1)
        return {
            N_("cross-entropy"): cross_entropy(self.scores(embeddings), labels),
            N_("ring"): weight * (norms - self.radius).square().mean() / 2,
        }
