"""MagFace.

Meng et al., "MagFace: A Universal Representation for Face Recognition and Quality Assessment", CVPR 2021.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from explorer.core.losses.families.magface import MAGFACE_NARROWEST
from explorer.core.texts import N_
from explorer.worker.losses.angles import CosineLoss, add_margin, lengths, replace_target
from explorer.worker.losses.base import Terms, scalar


class MagFace(CosineLoss):
    """ArcFace whose margin grows with the length of the feature, and a reward for length.

    a is ‖x‖ within ``l_a`` to ``u_a``, and the margin m(a) goes linearly from ``l_margin`` to ``u_margin``;
    λ_g·mean(a/u_a² + 1/a), smallest at a = u_a, is added. Limits that are out of order act as a step at
    ``l_a``.

    T(θ) = cos(θ + m(a)), cos θ − m(a)·sin m(a) beyond θ + m(a) = π; the own class' logit is s·T(θ).
    """

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        scale: Tensor | float,
        l_margin: Tensor | float,
        u_margin: Tensor | float,
        l_a: Tensor | float,
        u_a: Tensor | float,
        weight: Tensor | float,  # noqa: ARG002  # `Loss.logits` is given every live parameter
    ) -> Tensor:
        """Return s·cos(θ + m(a)·1_y) (n, C); ``weight`` plays no part in it."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        margin = l_margin + _position(embeddings, l_a, u_a) * (u_margin - l_margin)
        return scale * replace_target(cosines, labels, add_margin(cosine, sine, margin))

    def terms(self, embeddings: Tensor, labels: Tensor, **params: Any) -> Terms:
        """Compute the cross-entropy and the reward for length."""
        l_a, u_a = params["l_a"], params["u_a"]
        length = l_a + _position(embeddings, l_a, u_a) * (u_a - l_a)
        reward = params["weight"] * (length / u_a**2 + 1 / length).mean()
        return {**super().terms(embeddings, labels, **params), N_("length"): reward}


def _position(embeddings: Tensor, lower: Tensor | float, upper: Tensor | float) -> Tensor:
    """Return where each length (n,) lies between two limits, from 0 to 1."""
    width = scalar(upper - lower, embeddings).clamp(min=MAGFACE_NARROWEST)
    return ((lengths(embeddings) - lower) / width).clamp(0, 1)
