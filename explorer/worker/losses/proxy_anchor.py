"""Proxy-Anchor. Kim et al., "Proxy Anchor Loss for Deep Metric Learning", CVPR 2020, eq. 4."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.texts import N_
from explorer.worker.losses.angles import CosineLoss
from explorer.worker.losses.attribution import by_class
from explorer.worker.losses.base import Terms
from explorer.worker.losses.masked import log_one_plus_sum_exp


class ProxyAnchor(CosineLoss):
    """Mean ln(1 + Σ₊ e^{−α(cos θ − δ)}) over classes in the batch + mean ln(1 + Σ₋ e^{α(cos θ + δ)}).

    Each proxy is an anchor: Σ₊ is over the features of its class, Σ₋ over all others. ``weight`` (C, d) are
    the proxies.
    """

    compares_batch = True

    def terms(
        self, embeddings: Tensor, labels: Tensor, *, alpha: Tensor | float, delta: Tensor | float
    ) -> Terms:
        """Return the terms of the true class and of the other classes."""
        cosines = by_class(self.scores(embeddings), labels)
        own = labels[:, None] == torch.arange(self.num_classes, device=labels.device)
        pull = log_one_plus_sum_exp(-alpha * (cosines - delta), own, dim=0)
        push = log_one_plus_sum_exp(alpha * (cosines + delta), ~own, dim=0)
        # A class without a feature in the batch has ln 1 = 0.
        return {N_("true class"): pull.sum() / own.any(dim=0).sum(), N_("other classes"): push.mean()}
