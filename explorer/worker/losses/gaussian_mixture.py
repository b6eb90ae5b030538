"""Large-margin Gaussian mixture loss.

Wan et al., "Rethinking Feature Distribution for Loss Functions in Image Classification", CVPR 2018.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.base import Loss, Terms, at_least_float32, cross_entropy


class GaussianMixture(Loss):
    """Each class a Gaussian with mean μ and diagonal covariance Λ, all learned; equal priors.

    With d_j = ½(x − μ_j)ᵀΛ_j⁻¹(x − μ_j): the cross-entropy of the logits −d_j − ½ln|Λ_j|, the own d_y times
    1 + α, plus λ·mean(d_y + ½ln|Λ_y|). ``centers`` (C, d) are the μ and ``log_variance`` (C, d) the ln diag
    Λ.
    """

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.centers = nn.Parameter(torch.randn(num_classes, embedding_dim))
        self.log_variance = nn.Parameter(torch.zeros(num_classes, embedding_dim))

    def terms(
        self, embeddings: Tensor, labels: Tensor, *, alpha: Tensor | float, weight: Tensor | float
    ) -> Terms:
        """Compute the classification and the likelihood summand."""
        distances, half_log_volume = self._distances(embeddings)
        own = distances.gather(1, labels[:, None])
        return {
            N_("cross-entropy"): cross_entropy(_logits(distances, half_log_volume, labels, alpha), labels),
            N_("likelihood"): weight * (own[:, 0] + half_log_volume[labels]).mean(),
        }

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        alpha: Tensor | float,
        weight: Tensor | float,  # noqa: ARG002  # `Loss.logits` is given every live parameter
    ) -> Tensor:
        """Return −d_j − ½ln|Λ_j| (n, C), with (1 + α)·d_y for the true class; ``weight`` is not used."""
        return _logits(*self._distances(embeddings), labels, alpha)

    @property
    def has_margin(self) -> bool:
        """Return True: α is a margin, though of distances, which no T(θ) describes."""
        return True

    def scores(self, embeddings: Tensor, **_params: Tensor | Value) -> Tensor:
        """Return −d_j − ½ln|Λ_j| (n, C), the log-likelihood up to a constant."""
        distances, half_log_volume = self._distances(embeddings)
        return -distances - half_log_volume

    def _distances(self, embeddings: Tensor) -> tuple[Tensor, Tensor]:
        """Return d (n, C) and ½ln|Λ| (C,)."""
        features, precision = at_least_float32(embeddings), torch.exp(-self.log_variance)
        if features.shape[1] > FEW_DIMENSIONS:
            # From products, about the mean of the centres: a table (n, C, d) of differences is gigabytes.
            middle = self.centers.mean(dim=0)
            points, centers = features - middle, self.centers - middle
            squares = points.square() @ precision.T - 2 * points @ (precision * centers).T
            distances = (squares + (precision * centers.square()).sum(dim=1)).clamp(min=0) / 2
        else:
            offsets = features[:, None] - self.centers
            distances = (offsets.square() * precision).sum(dim=2) / 2
        return distances, self.log_variance.sum(dim=1) / 2


def _logits(distances: Tensor, half_log_volume: Tensor, labels: Tensor, alpha: Tensor | float) -> Tensor:
    """Return −d_j − ½ln|Λ_j| (n, C) from d (n, C) and ½ln|Λ| (C,), less α·d_y for the true class."""
    own = labels[:, None]
    margin = torch.zeros_like(distances).scatter(1, own, alpha * distances.gather(1, own))
    return -distances - half_log_volume - margin
