"""NormFace. Wang et al., "NormFace: L2 Hypersphere Embedding for Face Verification", ACM Multimedia 2017."""

from __future__ import annotations

from torch import Tensor

from explorer.worker.losses.angles import CosineLoss


class NormFace(CosineLoss):
    """CE(s·cos θ): softmax loss on scaled cosines.

    T(θ) = cos θ; the logit of the true class is s·T(θ).
    """

    def logits(self, embeddings: Tensor, _labels: Tensor, *, scale: Tensor | float) -> Tensor:
        """Return s·cos θ (n, C)."""
        return scale * self.scores(embeddings)
