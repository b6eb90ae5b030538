"""NormFace. Wang et al., "NormFace: L2 Hypersphere Embedding for Face Verification", ACM Multimedia 2017."""

from __future__ import annotations

from torch import Tensor

from explorer.worker.losses.angles import CosineLoss
from explorer.worker.losses.base import Terms, cross_entropy


class NormFace(CosineLoss):
    """CE(s·cos θ): softmax loss on scaled cosines."""

    def terms(self, embeddings: Tensor, labels: Tensor, *, scale: Tensor | float) -> Terms:
        """Compute the cross-entropy."""
        return {"cross-entropy": cross_entropy(scale * self.scores(embeddings), labels)}
