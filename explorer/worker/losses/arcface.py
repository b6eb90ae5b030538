"""ArcFace. Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", CVPR 2019."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.worker.losses.angles import CosineLoss, replace_target
from explorer.worker.losses.base import Terms, cross_entropy


class ArcFace(CosineLoss):
    """CE(s·cos(θ + m·1_y)): the margin is added to the angle to the own class weight."""

    def terms(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        scale: Tensor | float,
        margin: Tensor | float,
        beyond_pi: Value,
    ) -> Terms:
        """Compute the cross-entropy."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        target = add_margin(cosine, sine, margin, beyond_pi)
        return {"cross-entropy": cross_entropy(scale * replace_target(cosines, labels, target), labels)}


def add_margin(cosine: Tensor, sine: Tensor, margin: Tensor | float, beyond_pi: Value) -> Tensor:
    """Return cos(θ + m) from cos θ and sin θ, continued beyond θ + m = π as ``beyond_pi`` says.

    ``fallback``: cos θ − m·sin m, falling all the way; ``none``: cos(θ + m) itself, which turns upward there;
    ``easy``: cos θ beyond 90°, whatever m; ``clip``: −1.
    """
    margin = torch.as_tensor(margin, dtype=cosine.dtype, device=cosine.device)
    added = cosine * torch.cos(margin) - sine * torch.sin(margin)
    beyond = cosine < -torch.cos(margin)
    if beyond_pi == "fallback":
        return torch.where(beyond, cosine - margin * torch.sin(margin), added)
    if beyond_pi == "easy":
        return torch.where(cosine > 0, added, cosine)
    if beyond_pi == "clip":
        return torch.where(beyond, -torch.ones_like(added), added)
    return added
