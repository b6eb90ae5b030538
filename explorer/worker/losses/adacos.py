"""AdaCos.

Zhang et al., "AdaCos: Adaptively Scaling Cosine Logits for Effectively Learning Deep Face Representations",
CVPR 2019.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.core.losses.families.normalized import ADACOS_SMALLEST_SCALE, adacos_start
from explorer.core.params import Value
from explorer.core.protocol.messages import SCALE
from explorer.worker.losses.angles import CosineLoss, replace_target

_HEADROOM = 1.5
"""Most that s may be, in multiples of its start."""


class AdaCos(CosineLoss):
    """CE(s·cos θ), where s adapts to the features: NormFace without a scale parameter.

    s starts at √2·ln(C − 1). In training mode, s ← ln B / cos(min(π/4, θ_med)), where B is the mean over the
    batch of Σ_{j≠y} e^{s·cos θ_j}, and θ_med the median angle to the true class weight. ``scale`` (0-dim) is
    that s. With few classes, above all with two, the published value can reach zero or less, so s is at least
    0.1. Where other class weights are about 90° away, as the paper assumes, the rule keeps s below its start.
    In two or three dimensions s diverges, because another class weight can be as close to a feature as that
    of its class, so s is at most 1.5 times its start: a large scale in the first steps leaves classes that
    have to pass each other on the circle where they are.

    T(θ) = cos θ; the logit of the true class is s·T(θ).
    """

    scale: Tensor

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self._fixed = adacos_start(num_classes)
        self.register_buffer("scale", torch.tensor(self._fixed))

    def logits(self, embeddings: Tensor, labels: Tensor, *, dynamic: Value) -> Tensor:
        """Return s·cos θ (n, C); without ``dynamic`` s is its initial value."""
        cosines = self.scores(embeddings)
        if not dynamic:
            return self._fixed * cosines
        if self.training:
            self._follow(cosines.detach(), labels)
        return self.scale.to(cosines.dtype, copy=True) * cosines

    def in_force(self, **params: Tensor | Value) -> dict[str, Tensor]:
        """Return the current s or, without ``dynamic``, its initial value."""
        dynamic = params.get("dynamic", self.live_defaults["dynamic"])
        return {SCALE: self.scale if dynamic else torch.full_like(self.scale, self._fixed)}

    @torch.no_grad()
    def _follow(self, cosines: Tensor, labels: Tensor) -> None:
        own = cosines.gather(1, labels[:, None])[:, 0]
        others = replace_target(self.scale * cosines, labels, torch.full_like(own, -torch.inf))
        log_mean = torch.logsumexp(others.flatten(), dim=0) - math.log(len(labels))
        median = -torch.median(-own)  # the lower median of the angles
        scale = log_mean / median.clamp(min=math.sqrt(0.5))
        self.scale.copy_(scale.clamp(ADACOS_SMALLEST_SCALE, _HEADROOM * self._fixed))
