"""Focal loss. Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017, eq. 4."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from explorer.core.texts import N_
from explorer.worker.losses.attribution import by_class
from explorer.worker.losses.base import Terms
from explorer.worker.losses.masked import logsumexp_of_others
from explorer.worker.losses.softmax import LinearLoss


class Focal(LinearLoss):
    """−(1 − p)^γ ln p, with p the softmax probability of the true class, from w·x + b."""

    def terms(self, embeddings: Tensor, labels: Tensor, *, gamma: Tensor | float) -> Terms:
        """Compute the focal cross-entropy."""
        logits = by_class(self.scores(embeddings), labels)
        odds = logits.gather(1, labels[:, None])[:, 0] - logsumexp_of_others(logits, labels)
        # p = sigmoid(odds). The power of 1 − p is taken as a logarithm: as a power, its slope is infinite at
        # p = 1 for γ < 1, and float32 probabilities do arrive there.
        return {N_("cross-entropy"): -(torch.exp(gamma * logsigmoid(-odds)) * logsigmoid(odds)).mean()}
