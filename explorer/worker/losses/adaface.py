"""AdaFace. Kim et al., "AdaFace: Quality Adaptive Margin for Face Recognition", CVPR 2022."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.core.protocol.messages import LENGTH_DEVIATION, LENGTH_MEAN
from explorer.worker.losses.angles import CosineLoss, add_margin, lengths, replace_target

_MOMENTUM = 0.01
_SMALLEST_DEVIATION = 1e-3


class AdaFace(CosineLoss):
    """CE with s·(cos φ − (m + m·z)) for the true class, with φ = θ − m·z and z in [−1, 1] for the length.

    z = clip(h·(‖x‖ − μ)/σ, −1, 1) carries no gradient. Short features get an angular margin as in ArcFace,
    long ones mostly a cosine margin of 2m. ``length_mean`` and ``length_deviation`` (0-dim) are μ and σ:
    those of the first batch, then moving averages with momentum 0.01, updated in training mode before they
    are used.

    φ is clipped to [0, π], so that T(θ) = cos φ − (m + m·z) does not turn down again near θ = 0; the logit of
    the true class is s·T(θ).
    """

    length_mean: Tensor
    length_deviation: Tensor
    started: Tensor

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.register_buffer("length_mean", torch.zeros(()))
        self.register_buffer("length_deviation", torch.ones(()))
        self.register_buffer("started", torch.zeros((), dtype=torch.bool))

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        scale: Tensor | float,
        margin: Tensor | float,
        h: Tensor | float,
    ) -> Tensor:
        """Return s·(cos φ − (m + m·z)) for the true class and s·cos θ for the others (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        length = lengths(embeddings.detach())
        if self.training:
            self._follow(length)
        z = (h * (length - self.length_mean) / self.length_deviation).clamp(-1, 1)
        target = add_margin(cosine, sine, -margin * z, "clip") - (margin + margin * z)
        return scale * replace_target(cosines, labels, target)

    def in_force(self, **_params: Tensor | Value) -> dict[str, Tensor]:
        """Return μ and σ."""
        return {LENGTH_MEAN: self.length_mean, LENGTH_DEVIATION: self.length_deviation}

    @torch.no_grad()
    def _follow(self, length: Tensor) -> None:
        deviation = length.std(correction=min(1, len(length) - 1)).clamp(min=_SMALLEST_DEVIATION)
        share = torch.ones_like(deviation).masked_fill(self.started, _MOMENTUM)
        self.length_mean.copy_((1 - share) * self.length_mean + share * length.mean())
        self.length_deviation.copy_((1 - share) * self.length_deviation + share * deviation)
        self.started.fill_(True)
