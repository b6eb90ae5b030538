"""Cosines and angles between features and class weights, with gradients that stay finite everywhere.

No ``acos``: its slope is infinite at alignment, where float32 cosines do arrive. The sine comes from the part
of the feature that is perpendicular to the class weight, which is exact there and has a bounded gradient.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.core.params import Value
from explorer.worker.losses.base import Loss, class_weights

_SHORTEST = 1e-12


def unit(vectors: Tensor) -> Tensor:
    """Return ``vectors`` (…, d) at unit length, in float32 or better; zero stays zero, with zero gradient."""
    vectors = vectors.to(torch.promote_types(vectors.dtype, torch.float32))
    length: Tensor = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return torch.where(length > _SHORTEST, vectors / length.clamp(min=_SHORTEST), 0.0 * vectors)


def target_sine(features: Tensor, targets: Tensor, cosine: Tensor) -> Tensor:
    """Return sin θ (n,) between unit ``features`` and unit ``targets`` (n, d) whose cosine (n,) is known."""
    sine: Tensor = torch.linalg.vector_norm(features - cosine[:, None] * targets, dim=1)
    return sine


def replace_target(logits: Tensor, labels: Tensor, target: Tensor) -> Tensor:
    """Return ``logits`` (n, C) with each row's own class replaced by ``target`` (n,)."""
    return logits.scatter(1, labels[:, None], target[:, None].to(logits.dtype))


class CosineLoss(Loss):
    """What losses on the cosine to the class weight share: ``weight`` (C, d); only its direction counts."""

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.weight = class_weights(num_classes, embedding_dim)

    def scores(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return cos θ (n, C)."""
        return nn.functional.linear(unit(embeddings), unit(self.weight))

    def target_angle(self, embeddings: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return cos θ to every class (n, C), and cos θ and sin θ to the own class (n,)."""
        features, weights = unit(embeddings), unit(self.weight)
        cosines = nn.functional.linear(features, weights)
        own = weights[labels]
        cosine = (features * own).sum(dim=1)
        return cosines, cosine, target_sine(features, own, cosine)
