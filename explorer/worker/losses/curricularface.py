"""CurricularFace.

Huang et al., "CurricularFace: Adaptive Curriculum Learning Loss for Deep Face Recognition", CVPR 2020.
"""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, add_margin, replace_target


class CurricularFace(CosineLoss):
    """ArcFace that weighs hard classes by the stage of training.

    Where another class' cosine c exceeds cos(θ + m), it becomes c·(t + c): hard classes count less while t is
    small, and more as it grows. In training mode, t ← (1 − momentum)·t + momentum·mean cos θ, before it is
    used. ``curriculum`` (0-dim) is that t, which starts at 0.

    T(θ) = cos(θ + m), cos θ − m·sin m beyond θ + m = π; the logit of the true class is s·T(θ).
    """

    curriculum: Tensor

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.register_buffer("curriculum", torch.zeros(()))

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        scale: Tensor | float,
        margin: Tensor | float,
        momentum: Tensor | float,
    ) -> Tensor:
        """Return s·cos(θ + m) for the true class, s·c or s·c·(t + c) for the others (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        if self.training:
            self._follow(cosine.detach().mean(), momentum)
        hard = cosines > add_margin(cosine, sine, margin, "none")[:, None]
        t = self.curriculum.to(cosines.dtype, copy=True)
        others = torch.where(hard, cosines * (t + cosines), cosines)
        return scale * replace_target(others, labels, add_margin(cosine, sine, margin))

    @torch.no_grad()
    def _follow(self, mean: Tensor, momentum: Tensor | float) -> None:
        self.curriculum.copy_((1 - momentum) * self.curriculum + momentum * mean)
