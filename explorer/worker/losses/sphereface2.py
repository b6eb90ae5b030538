"""SphereFace2.

Wen et al., "SphereFace2: Binary Classification is All You Need for Deep Face Recognition", ICLR 2022.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.angles import CosineLoss, replace_target
from explorer.worker.losses.attribution import by_class
from explorer.worker.losses.base import Terms, scalar

_FIRST_OFFSET = -5.0


class SphereFace2(CosineLoss):
    """One binary classifier per class, for its features against all others.

    λ/r·softplus(−(r(g_y − m) + b)) + (1 − λ)/r·Σ_{j≠y} softplus(r(g_j + m) + b), where g = 2((cos θ + 1)/2)^t
    − 1. One learned b serves all classes; `bias` expands it to (C,). It is initialised to its final value for
    ten classes in 2-D: from zero, or from the published value, which balances the classes at cos θ = 0,
    training in 2-D hardly progresses.

    T(θ) = g(cos θ) − m; the logit of the true class is r·T(θ) + b, that of another class r·(g(cos θ_j) + m) +
    b.
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
        """Return r·g(cos θ) + b (n, C): positive where the feature is assigned to the class."""
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
        """Return the logit of each binary classifier (n, C); ``weight`` is not used."""
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
        """Return the terms of the true class and of the other classes."""
        logits = self.logits(embeddings, labels, weight=weight, scale=scale, margin=margin, t=t)
        logits = by_class(logits, labels)
        own = logits.gather(1, labels[:, None])[:, 0]
        others = replace_target(nn.functional.softplus(logits), labels, torch.zeros_like(own))
        return {
            N_("true class"): weight / scale * nn.functional.softplus(-own).mean(),
            N_("other classes"): (1 - weight) / scale * others.sum(dim=1).mean(),
        }

    def _adjusted(self, embeddings: Tensor, t: Tensor | float) -> Tensor:
        """Return g(cos θ) (n, C); the base of the power is clamped, since rounding can make it negative."""
        share = (super().scores(embeddings) + 1) / 2
        return 2 * share.clamp(min=0).pow(scalar(t, share)) - 1
