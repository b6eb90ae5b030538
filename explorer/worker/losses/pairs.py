"""PairLoss: base of losses on pairs of features, with a classifier without class weights."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.core.params import Value
from explorer.worker.losses.base import Loss, at_least_float32


class PairLoss(Loss):
    """A loss on pairs; it classifies by the nearest class mean.

    ``means`` (C, d) is a buffer for `scores`, set by `set_means`; training does not use it.
    """

    compares_batch = True
    means: Tensor

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.register_buffer("means", torch.zeros(num_classes, embedding_dim))

    def space(self, embeddings: Tensor, **_params: Tensor | Value) -> Tensor:
        """Return the features (n, d) that the loss compares, in float32 or better."""
        return at_least_float32(embeddings)

    @torch.no_grad()
    def set_means(self, features: Tensor, labels: Tensor, **params: Tensor | Value) -> None:
        """Set the class means from training ``features`` (n, d); absent classes keep theirs.

        ``params`` are the live parameters, which may decide whether features are normalised.
        """
        seen = self.space(features, **params).to(self.means.dtype)
        total = torch.zeros_like(self.means).index_add_(0, labels.long(), seen)
        count = torch.zeros_like(self.means[:, :1]).index_add_(0, labels.long(), torch.ones_like(seen[:, :1]))
        self.means.copy_(torch.where(count > 0, total / count.clamp(min=1), self.means))

    def scores(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return the negative squared distance to each class mean (n, C)."""
        return -squared_gaps(self.space(embeddings, **params), self.means)


def same_and_other(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Return masks (n, n) of same-class pairs, without the diagonal, and of different-class pairs."""
    equal = labels[:, None] == labels
    itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    return equal & ~itself, ~equal


def distances(features: Tensor) -> Tensor:
    """Return ‖x_i − x_j‖ (n, n); the gradient is zero where the distance is zero."""
    if features.shape[1] > FEW_DIMENSIONS:
        return gaps(features, features)
    # Coordinates first: summing over a last axis of length 2 or 3 is several times slower.
    columns = features.T
    lengths: Tensor = torch.linalg.vector_norm(columns[:, :, None] - columns[:, None, :], dim=0)
    return lengths


def squared_distances(features: Tensor) -> Tensor:
    """Return ‖x_i − x_j‖² (n, n), from differences: dot products are inaccurate for close features."""
    if features.shape[1] > FEW_DIMENSIONS:
        return gaps(features, features).square()
    columns = features.T
    return (columns[:, :, None] - columns[:, None, :]).square().sum(dim=0)


def squared_gaps(features: Tensor, points: Tensor) -> Tensor:
    """Return ‖x_i − p_j‖² (n, m) of ``features`` (n, d) from ``points`` (m, d), from differences."""
    if features.shape[1] > FEW_DIMENSIONS:
        return gaps(features, points).square()
    return (features[:, None] - points).square().sum(dim=2)


def gaps(features: Tensor, points: Tensor) -> Tensor:
    """Return ‖x_i − p_j‖ (n, m), from differences.

    Without a table (n, m, d), which in 512 dimensions is gigabytes; on a GPU the gradient may need one.
    """
    lengths: Tensor = torch.cdist(features, points, compute_mode="donot_use_mm_for_euclid_dist")
    return lengths
