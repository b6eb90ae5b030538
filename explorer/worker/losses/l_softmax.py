"""L-Softmax.

Liu et al., "Large-Margin Softmax Loss for Convolutional Neural Networks", ICML 2016, eq. 4–6.
"""

from __future__ import annotations

from torch import Tensor, nn

from explorer.core.params import Value
from explorer.worker.losses.angles import lengths, replace_target, target_angle
from explorer.worker.losses.annealed import AnnealedLoss, annealed_target
from explorer.worker.losses.base import class_weights


class LSoftmax(AnnealedLoss):
    """CE(‖w‖‖x‖·cos θ), with T(θ) for the cosine of the true class; ψ is a decreasing version of cos(mθ).

    T(θ) = (λ·cos θ + ψ(θ))/(1 + λ); the logit of the true class is ‖w‖‖x‖·T(θ). ``weight`` (C, d), no bias.
    """

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.weight = class_weights(num_classes, embedding_dim)

    def scores(self, embeddings: Tensor, **_params: Tensor | Value) -> Tensor:
        """Return w·x (n, C)."""
        return nn.functional.linear(embeddings, self.weight)

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, margin: Tensor | float, annealing: Tensor | float
    ) -> Tensor:
        """Return ‖w‖‖x‖·cos θ, with T(θ) for the cosine of the true class (n, C)."""
        _, cosine, sine = target_angle(embeddings, self.weight, labels)
        length = lengths(embeddings) * lengths(self.weight)[labels]
        target = length * annealed_target(cosine, sine, margin, annealing)
        return replace_target(self.scores(embeddings), labels, target)
