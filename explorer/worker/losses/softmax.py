"""Softmax loss: the cross-entropy of linear scores."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.base import Loss, Terms, at_least_float32, class_weights, cross_entropy


class LinearLoss(Loss):
    """Base of losses on the scores w·x + b: ``weight`` (C, d) and ``bias`` (C,)."""

    first_weight = staticmethod(class_weights)
    """Draws ``weight``."""

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__(num_classes, embedding_dim)
        self.weight = self.first_weight(num_classes, embedding_dim)
        self.bias = nn.Parameter(torch.zeros(num_classes))

    def scores(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return w·x + b (n, C), without b if the parameter ``bias`` is off."""
        bias = self.bias if params.get("bias", True) else None
        return nn.functional.linear(at_least_float32(embeddings), self.weight, bias)

    def shown(self, **params: Tensor | Value) -> dict[str, Tensor]:
        """Return the class weights and, unless the parameter ``bias`` is off, the biases."""
        found = super().shown(**params)
        if not params.get("bias", True):
            del found["bias"]
        return found


class Softmax(LinearLoss):
    """CE(w·x + b): the usual softmax loss."""

    def terms(self, embeddings: Tensor, labels: Tensor, *, bias: Value) -> Terms:
        """Return the cross-entropy."""
        return {N_("cross-entropy"): cross_entropy(self.scores(embeddings, bias=bias), labels)}
