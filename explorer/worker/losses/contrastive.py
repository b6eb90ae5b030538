"""Contrastive loss.

Hadsell, Chopra and LeCun, "Dimensionality Reduction by Learning an Invariant Mapping", CVPR 2006, eq. 4.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.texts import N_
from explorer.worker.losses.attribution import by_pair
from explorer.worker.losses.base import Terms
from explorer.worker.losses.pairs import PairLoss, distances, same_and_other


class Contrastive(PairLoss):
    """Mean over all pairs of ½D² (same class) or ½[m − D]₊² (different classes), on raw features."""

    def terms(self, embeddings: Tensor, labels: Tensor, *, margin: Tensor | float) -> Terms:
        """Return the terms of same-class and of different-class pairs."""
        same, other = same_and_other(labels)
        distance = by_pair(distances(self.space(embeddings)), same)
        ordered_pairs = max(len(labels) * (len(labels) - 1), 1)
        pull = distance.masked_fill(~same, 0.0).square()
        push = (margin - distance).masked_fill(~other, 0.0).relu().square()
        return {
            N_("same class"): pull.sum() / (2 * ordered_pairs),
            N_("other classes"): push.sum() / (2 * ordered_pairs),
        }
