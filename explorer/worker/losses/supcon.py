"""Supervised contrastive loss. Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020, eq. 2."""

from __future__ import annotations

from torch import Tensor

from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.angles import unit
from explorer.worker.losses.attribution import by_pair
from explorer.worker.losses.base import Terms
from explorer.worker.losses.masked import masked_logsumexp, masked_mean
from explorer.worker.losses.pairs import PairLoss, same_and_other


class SupCon(PairLoss):
    """L_out: the negative mean over positives p of ln(e^{x·x_p/τ}/Σ_{a≠i} e^{x·x_a/τ}), on unit features.

    The mean is over anchors with at least one positive and one negative in the batch.
    """

    def space(self, embeddings: Tensor, **_params: Tensor | Value) -> Tensor:
        """Return unit features."""
        return unit(embeddings)

    def terms(self, embeddings: Tensor, labels: Tensor, *, temperature: Tensor | float) -> Terms:
        """Return the only term."""
        features = self.space(embeddings)
        same, other = same_and_other(labels)
        similarity = by_pair(features @ features.T / temperature, same)
        positives = similarity.masked_fill(~same, 0.0).sum(dim=1) / same.sum(dim=1).clamp(min=1)
        contrast = masked_logsumexp(similarity, same | other) - positives
        return {N_("contrast"): masked_mean(contrast, same.any(dim=1) & other.any(dim=1))}
