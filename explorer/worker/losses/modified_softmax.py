"""Modified softmax.

Liu et al., "SphereFace: Deep Hypersphere Embedding for Face Recognition", CVPR 2017, eq. 4.
"""

from __future__ import annotations

from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, lengths


class ModifiedSoftmax(CosineLoss):
    """CE(‖x‖·cos θ): class weights of unit length, no bias, features of any length.

    T(θ) = cos θ; the logit of the true class is ‖x‖·T(θ).
    """

    def logits(self, embeddings: Tensor, _labels: Tensor) -> Tensor:
        """Return ‖x‖·cos θ (n, C)."""
        return lengths(embeddings)[:, None] * self.scores(embeddings)
