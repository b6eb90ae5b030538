"""CosFace. Wang et al., "CosFace: Large Margin Cosine Loss for Deep Face Recognition", CVPR 2018, eq. 4.

The same loss as AM-Softmax: Wang et al., "Additive Margin Softmax for Face Verification", 2018.
"""

from __future__ import annotations

from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, replace_target


class CosFace(CosineLoss):
    """CE(s·(cos θ − m·1_y)): the margin is subtracted from the cosine of the true class.

    T(θ) = cos θ − m; the logit of the true class is s·T(θ).
    """

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, scale: Tensor | float, margin: Tensor | float
    ) -> Tensor:
        """Return s·(cos θ − m·1_y) (n, C)."""
        cosines = self.scores(embeddings)
        own = cosines.gather(1, labels[:, None])[:, 0]
        return scale * replace_target(cosines, labels, own - margin)
