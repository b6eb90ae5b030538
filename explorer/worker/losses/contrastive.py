"""Contrastive loss.

Hadsell, Chopra and LeCun, "Dimensionality Reduction by Learning an Invariant Mapping", CVPR 2006, eq. 4.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.texts import N_
from explorer.worker.losses.base import Terms
from explorer.worker.losses.pairs import PairLoss, distances, same_and_other


class Contrastive(PairLoss):
    """½D² for a pair of one class, ½[m − D]₊² for one of two: the mean over all pairs, on raw features."""

    def terms(self, embeddings: Tensor, labels: Tensor, *, margin: Tensor | float) -> Terms:
        """Compute the pull within classes and the push between them."""
        distance = distances(self.space(embeddings))
        same, other = same_and_other(labels)
        ordered_pairs = max(len(labels) * (len(labels) - 1), 1)
        pull = distance.masked_fill(~same, 0.0).square()
        push = (margin - distance).masked_fill(~other, 0.0).relu().square()
        return {
            N_("same class"): pull.sum() / (2 * ordered_pairs),
            N_("other classes"): push.sum() / (2 * ordered_pairs),
        }
