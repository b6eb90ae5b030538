"""SphereFace2.

Wen et al., "SphereFace2: Binary Classification is All You Need for Deep Face Recognition", ICLR 2022.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.angles import CosineLoss, replace_target
from explorer.worker.losses.base import Terms, scalar

_FIRST_OFFSET = -5.0


class SphereFace2(CosineLoss):
    """One binary classification per class, between its features and all others.

    λ/r·softplus(−(r(g_y − m) + b)) + (1 − λ)/r·Σ_{j≠y} softplus(r(g_j + m) + b), where
    g = 2((cos θ + 1)/2)^t − 1. One learned b serves all classes; `bias` shows it as (C,). It starts where ten
    classes in two dimensions end: from zero, or from the published start, which balances the classes at
    cos θ = 0, a plane hardly trains.

    T(θ) = g(cos θ) − m; the own class' logit is r·T(θ) + b, that of another class r·(g(cos θ_j) + m) + b.
    """

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.offset = nn.Parameter(torch.tensor(_FIRST_OFFSET))

    @property
    def bias(self) -> Tensor:
        """The learned b, for each class (C,)."""
        return self.offset.expand(self.num_classes)

    def shown(self, **params: Tensor | Value) -> dict[str, Tensor]:
        """Return the class weights, and b for each class."""
        return {**super().shown(**params), "bias": self.bias}

    def scores(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return r·g(cos θ) + b (n, C): above zero, the feature is taken to be of the class."""
        values = {**self.live_defaults, **params}
        scale, t = (scalar(values[name], self.weight) for name in ("scale", "t"))
        return scale * self._adjusted(embeddings, t) + self.offset

    def logits(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        weight: Tensor | float,  # noqa: ARG002  # `Loss.logits` is given every live parameter
        scale: Tensor | float,
        margin: Tensor | float,
        t: Tensor | float,
    ) -> Tensor:
        """Return the logit of each binary classification (n, C); ``weight`` plays no part in it."""
        adjusted = self._adjusted(embeddings, t)
        own = adjusted.gather(1, labels[:, None])[:, 0]
        return scale * replace_target(adjusted + margin, labels, own - margin) + self.offset

    def terms(
        self,
        embeddings: Tensor,
        labels: Tensor,
        *,
        weight: Tensor | float,
        scale: Tensor | float,
        margin: Tensor | float,
        t: Tensor | float,
    ) -> Terms:
        """Compute the summand of the own class and that of the others."""
        logits = self.logits(embeddings, labels, weight=weight, scale=scale, margin=margin, t=t)
        own = logits.gather(1, labels[:, None])[:, 0]
        others = replace_target(nn.functional.softplus(logits), labels, torch.zeros_like(own))
        return {
            N_("true class"): weight / scale * nn.functional.softplus(-own).mean(),
            N_("other classes"): (1 - weight) / scale * others.sum(dim=1).mean(),
        }

    def _adjusted(self, embeddings: Tensor, t: Tensor | float) -> Tensor:
        """Return g(cos θ) (n, C); rounding must not make the base of the power negative."""
        share = (super().scores(embeddings) + 1) / 2
        return 2 * share.clamp(min=0).pow(scalar(t, share)) - 1
