"""N-pair loss.

Sohn, "Improved Deep Metric Learning with Multi-class N-pair Loss Objective", NIPS 2016, eq. 7.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.texts import N_
from explorer.worker.losses.attribution import by_pair
from explorer.worker.losses.base import Terms
from explorer.worker.losses.masked import masked_logsumexp, masked_mean
from explorer.worker.losses.pairs import PairLoss


class NPair(PairLoss):
    """CE of the dot products between the anchor of each class and the positives of all, + λ·mean‖x‖².

    The paper uses one pair per class. Here the first two features of a class in the batch are its first pair,
    the next two its second, and so on; the first pairs of all classes are compared with one another, then the
    second pairs. An unpaired feature contributes to the length term only.
    """

    def terms(self, embeddings: Tensor, labels: Tensor, *, weight: Tensor | float) -> Terms:
        """Return both terms."""
        features = self.space(embeddings)
        equal = labels[:, None] == labels
        rank = equal.tril(-1).sum(dim=1)
        anchor = rank % 2 == 0
        candidate = anchor[:, None] & (rank == rank[:, None] + 1)
        positive = candidate & equal
        products = by_pair(features @ features.T, equal)
        own = products.masked_fill(~positive, 0.0).sum(dim=1)
        return {
            N_("pairs"): masked_mean(masked_logsumexp(products, candidate) - own, positive.any(dim=1)),
            N_("length"): weight * features.square().sum(dim=1).mean(),
        }
