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
    """ArcFace with a margin that grows with feature length, and a term that rewards length.

    a is ‖x‖ clipped to [``l_a``, ``u_a``], and the margin m(a) is linear from ``l_margin`` to ``u_margin``.
    The term λ_g·mean(a/u_a² + 1/a) is smallest at a = u_a. If the limits are out of order, m is a step at
    ``l_a``.

    T(θ) = cos(θ + m(a)), cos θ − m(a)·sin m(a) beyond θ + m(a) = π; the logit of the true class is s·T(θ).
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
        """Return s·cos(θ + m(a)·1_y) (n, C); ``weight`` is not used."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        margin = l_margin + _position(embeddings, l_a, u_a) * (u_margin - l_margin)
        return scale * replace_target(cosines, labels, add_margin(cosine, sine, margin))

    def terms(self, embeddings: Tensor, labels: Tensor, **params: Any) -> Terms:
        """Return the cross-entropy and the length term."""
        l_a, u_a = params["l_a"], params["u_a"]
        length = l_a + _position(embeddings, l_a, u_a) * (u_a - l_a)
        reward = params["weight"] * (length / u_a**2 + 1 / length).mean()
        return {**super().terms(embeddings, labels, **params), N_("length"): reward}


def _position(embeddings: Tensor, lower: Tensor | float, upper: Tensor | float) -> Tensor:
    """Return the position of each length (n,) between two limits, from 0 to 1."""
    width = scalar(upper - lower, embeddings).clamp(min=MAGFACE_NARROWEST)
    return ((lengths(embeddings) - lower) / width).clamp(0, 1)
