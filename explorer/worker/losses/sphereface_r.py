"""SphereFace-R. Liu et al., "SphereFace Revived: Unifying Hyperspherical Face Recognition", TPAMI 2022."""

from __future__ import annotations

from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, multiply_angle, replace_target


class SphereFaceR(CosineLoss):
    """CE(s·cos θ), with ψ(θ) for the cosine of the true class; the factor m need not be an integer.

    T(θ) = ψ(θ) = (−1)^k·cos(mθ) − 2k on kπ/m ≤ θ ≤ (k+1)π/m; the logit of the true class is s·T(θ).
    """

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, scale: Tensor | float, margin: Tensor | float
    ) -> Tensor:
        """Return s·cos θ, with ψ(θ) for the cosine of the true class (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        return scale * replace_target(cosines, labels, multiply_angle(cosine, sine, margin))
