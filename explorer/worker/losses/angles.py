"""Cosines and sines of angles between features and class weights, with finite gradients everywhere.

``acos`` is avoided: its slope is infinite at alignment, which float32 cosines do reach. The sine is computed
from the component of the feature perpendicular to the class weight, which is accurate there and has a bounded
gradient. A vector of length zero counts as perpendicular to everything.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from explorer.core.params import Value
from explorer.worker.losses.base import Loss, at_least_float32, scalar, spread_weights

_SHORTEST = 1e-12


def unit(vectors: Tensor) -> Tensor:
    """Return ``vectors`` (…, d) at unit length, in float32 or better; zero stays zero, with zero gradient."""
    vectors = at_least_float32(vectors)
    length: Tensor = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return torch.where(length > _SHORTEST, vectors / length.clamp(min=_SHORTEST), 0.0 * vectors)


def lengths(vectors: Tensor) -> Tensor:
    """Return the Euclidean lengths (n,) of ``vectors`` (n, d); the gradient at zero is zero."""
    length: Tensor = torch.linalg.vector_norm(vectors, dim=-1)
    return length


def cosine_and_sine(features: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Return cos θ and sin θ (…) between unit ``features`` and unit ``weights``, broadcast over (…, d)."""
    cosine = (features * weights).sum(dim=-1)
    sine = torch.linalg.vector_norm(features - cosine[..., None] * weights, dim=-1)
    return cosine, sine.masked_fill((features == 0).all(dim=-1), 1.0)


def target_angle(embeddings: Tensor, weight: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return cos θ to every class (n, C), and cos θ and sin θ to the true class (n,)."""
    features, weights = unit(embeddings), unit(weight)
    return nn.functional.linear(features, weights), *cosine_and_sine(features, weights[labels])


def replace_target(logits: Tensor, labels: Tensor, target: Tensor) -> Tensor:
    """Return ``logits`` (n, C) with the entry of each row's class replaced by ``target`` (n,)."""
    return logits.scatter(1, labels[:, None], target[:, None].to(logits.dtype))


def add_margin(cosine: Tensor, sine: Tensor, margin: Tensor | float, beyond_pi: Value = "fallback") -> Tensor:
    """Return cos(θ + m) from cos θ and sin θ, continued beyond θ + m = π as ``beyond_pi`` says.

    ``fallback``: cos θ − m·sin m, which keeps decreasing; ``none``: cos(θ + m), which increases there;
    ``easy``: cos θ beyond 90°, whatever m; ``clip``: −1, and 1 where a negative margin leads below θ + m = 0.
    One margin for all, or one for each feature.
    """
    margin = scalar(margin, cosine)
    added = cosine * torch.cos(margin) - sine * torch.sin(margin)
    beyond = (cosine < -torch.cos(margin)) & (margin > 0)
    if beyond_pi == "fallback":
        return torch.where(beyond, cosine - margin * torch.sin(margin), added)
    if beyond_pi == "easy":
        return torch.where(cosine > 0, added, cosine)
    if beyond_pi == "clip":
        below = (cosine > torch.cos(margin)) & (margin < 0)
        ends = torch.where(below, torch.ones_like(added), -torch.ones_like(added))
        return torch.where(beyond | below, ends, added)
    return added


def multiply_angle(cosine: Tensor, sine: Tensor, margin: Tensor | float) -> Tensor:
    """Return ψ(θ) = (−1)^k·cos(mθ) − 2k on kπ/m ≤ θ ≤ (k+1)π/m, for any real m ≥ 1; it decreases on [0, π].

    Liu et al., "Large-Margin Softmax Loss for Convolutional Neural Networks", ICML 2016, eq. 5 and 6.
    """
    angle = margin * torch.atan2(sine, cosine)
    k = torch.floor(angle.detach() / math.pi)
    return (1 - 2 * torch.remainder(k, 2)) * torch.cos(angle) - 2 * k


class CosineLoss(Loss):
    """Base of losses on cosines to class weights: ``weight`` (C, d), of which only the direction counts."""

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.weight = spread_weights(num_classes, embedding_dim)

    def scores(self, embeddings: Tensor, **_params: Tensor | Value) -> Tensor:
        """Return cos θ (n, C)."""
        return nn.functional.linear(unit(embeddings), unit(self.weight))

    def target_angle(self, embeddings: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return cos θ to every class (n, C), and cos θ and sin θ to the true class (n,)."""
        return target_angle(embeddings, self.weight, labels)
