"""Circle loss, with class weights.

Sun et al., "Circle Loss: A Unified Perspective of Pair Similarity Optimization", CVPR 2020, eq. 6 at class
level.
"""

from __future__ import annotations

from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, replace_target


class CircleLoss(CosineLoss):
    """CE of γ·α_p·(c − (1 − m)) for the true class and γ·α_n·(c − m) for the others, c = cos θ.

    α_p = [1 + m − c]₊ and α_n = [c + m]₊ carry no gradient: a cosine far from its target is pulled harder.

    T(θ) = [1 + m − cos θ]₊·(cos θ − (1 − m)); the logit of the true class is γ·T(θ).
    """

    def logits(
        self, embeddings: Tensor, labels: Tensor, *, margin: Tensor | float, gamma: Tensor | float
    ) -> Tensor:
        """Return γ·α·(c − goal) (n, C)."""
        cosines = self.scores(embeddings)
        own = cosines.gather(1, labels[:, None])[:, 0]
        others = (cosines + margin).relu().detach() * (cosines - margin)
        target = (1 + margin - own).relu().detach() * (own - (1 - margin))
        return gamma * replace_target(others, labels, target)
