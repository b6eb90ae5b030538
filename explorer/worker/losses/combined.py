"""Combined margin.

Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", CVPR 2019, eq. 4.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.worker.losses.angles import CosineLoss, replace_target


class CombinedMargin(CosineLoss):
    """CE with s·(cos(m₁θ + m₂) − m₃) for the true class: the margins of SphereFace, ArcFace and CosFace.

    T(θ) = cos(m₁θ + m₂) − m₃; the logit of the true class is s·T(θ). As published, it increases where m₁θ +
    m₂ exceeds π, unless ``beyond_pi`` is "piecewise": then the cosine is (−1)^k cos(m₁θ + m₂) − 2k with k =
    ⌊(m₁θ + m₂)/π⌋, as in SphereFace.
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
        beyond_pi: Value,
    ) -> Tensor:
        """Return s·(cos(m₁θ + m₂) − m₃) for the true class and s·cos θ for the others (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        angle = m1 * torch.atan2(sine, cosine) + m2
        target = torch.cos(angle)
        if beyond_pi == "piecewise":
            fold = torch.floor(angle.detach() / math.pi)
            target = (1 - 2 * (fold % 2)) * target - 2 * fold
        return scale * replace_target(cosines, labels, target - m3)
