"""Multi-similarity loss.

Wang et al., "Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning", CVPR 2019, eq. 15.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.angles import unit
from explorer.worker.losses.attribution import by_pair
from explorer.worker.losses.base import Terms
from explorer.worker.losses.masked import log_one_plus_sum_exp
from explorer.worker.losses.pairs import PairLoss, same_and_other


class MultiSimilarity(PairLoss):
    """(1/α)ln(1 + Σ_P e^{−α(S−λ)}) + (1/β)ln(1 + Σ_N e^{β(S−λ)}), S the cosine, without pair mining."""

    def space(self, embeddings: Tensor, **_params: Tensor | Value) -> Tensor:
        """Return unit features."""
        return unit(embeddings)

    def terms(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        alpha: Tensor | float,
        beta: Tensor | float,
        threshold: Tensor | float,
    ) -> Terms:
        """Return the terms of same-class and of different-class pairs."""
        features = self.space(embeddings)
        same, other = same_and_other(labels)
        excess = by_pair(features @ features.T - threshold, same)
        return {
            N_("same class"): (log_one_plus_sum_exp(-alpha * excess, same, dim=1) / alpha).mean(),
            N_("other classes"): (log_one_plus_sum_exp(beta * excess, other, dim=1) / beta).mean(),
        }
