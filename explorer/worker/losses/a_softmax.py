"""A-Softmax. Liu et al., "SphereFace: Deep Hypersphere Embedding for Face Recognition", CVPR 2017, eq. 7."""

from __future__ import annotations

from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, lengths, replace_target
from explorer.worker.losses.annealed import AnnealedLoss, annealed_target


class ASoftmax(AnnealedLoss, CosineLoss):
    """L-Softmax with class weights of unit length: CE(‖x‖·cos θ), with T(θ) for the cosine of the true class.

    T(θ) = (λ·cos θ + ψ(θ))/(1 + λ); the logit of the true class is ‖x‖·T(θ).
    """

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, margin: Tensor | float, annealing: Tensor | float
    ) -> Tensor:
        """Return ‖x‖·cos θ, with T(θ) for the cosine of the true class (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        target = annealed_target(cosine, sine, margin, annealing)
        return lengths(embeddings)[:, None] * replace_target(cosines, labels, target)
