"""Combined margin.

Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", CVPR 2019, eq. 4.
"""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.worker.losses.angles import CosineLoss, replace_target


class CombinedMargin(CosineLoss):
    """CE with s·(cos(m₁θ + m₂) − m₃) for the true class: the margins of SphereFace, ArcFace and CosFace.

    T(θ) = cos(m₁θ + m₂) − m₃; the logit of the true class is s·T(θ). As published, it increases where m₁θ +
    m₂ exceeds π.
    """

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        scale: Tensor | float,
        m1: Tensor | float,
        m2: Tensor | float,
        m3: Tensor | float,
    ) -> Tensor:
        """Return s·(cos(m₁θ + m₂) − m₃) for the true class and s·cos θ for the others (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        target = torch.cos(m1 * torch.atan2(sine, cosine) + m2) - m3
        return scale * replace_target(cosines, labels, target)
