"""ElasticFace.

Boutros et al., "ElasticFace: Elastic Margin Loss for Deep Face Recognition", CVPR Workshops 2022.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.params import Value
from explorer.worker.losses.angles import CosineLoss, add_margin, replace_target
from explorer.worker.losses.noise import NormalNoise


class ElasticFace(CosineLoss):
    """ArcFace or CosFace with a margin drawn for each feature anew, from N(m, σ); outside training it is m.

    T(θ) = cos(θ + m), cos θ − m·sin m beyond θ + m = π, or cos θ − m; the logit of the true class is s·T(θ),
    with the drawn margin for m.
    """

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.noise = NormalNoise()

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        scale: Tensor | float,
        margin: Tensor | float,
        std: Tensor | float,
        kind: Value,
    ) -> Tensor:
        """Return s·cos(θ + m·1_y) or s·(cos θ − m·1_y) (n, C)."""
        cosines, cosine, sine = self.target_angle(embeddings, labels)
        if self.training:
            margin = margin + std * self.noise(len(labels)).to(cosine.dtype)
        target = add_margin(cosine, sine, margin) if kind == "arc" else cosine - margin
        return scale * replace_target(cosines, labels, target)
