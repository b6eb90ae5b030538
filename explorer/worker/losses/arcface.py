"""ArcFace.

Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", CVPR 2019, eq. 3.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.params import Value
from explorer.worker.losses.angles import CosineLoss, add_margin, replace_target


class ArcFace(CosineLoss):
    """CE(s·cos(θ + m·1_y)): the margin is added to the angle to the true class weight.

    T(θ) = cos(θ + m), continued beyond θ + m = π as ``beyond_pi`` says; the logit of the true class is
    s·T(θ).
    """

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        scale: Tensor | float,
        margin: Tensor | float,
        beyond_pi: Value,
    ) -> Tensor:
        """Return s·cos(θ + m·1_y) (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        return scale * replace_target(cosines, labels, add_margin(cosine, sine, margin, beyond_pi))
