"""Label smoothing.

Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, section 7.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.texts import N_
from explorer.worker.losses.attribution import by_class
from explorer.worker.losses.base import Terms
from explorer.worker.losses.softmax import LinearLoss


class LabelSmoothing(LinearLoss):
    """CE(w·x + b) against targets 1 − ε on the true class, and ε spread evenly over all C classes."""

    def terms(self, embeddings: Tensor, labels: Tensor, *, smoothing: Tensor | float) -> Terms:
        """Return the cross-entropy."""
        log_shares = by_class(self.scores(embeddings), labels).log_softmax(dim=1)
        own = log_shares.gather(1, labels[:, None])[:, 0]
        return {N_("cross-entropy"): -((1 - smoothing) * own + smoothing * log_shares.mean(dim=1)).mean()}
