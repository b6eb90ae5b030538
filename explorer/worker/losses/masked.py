"""Sums over masked entries.

Shapes depend on the batch size only, not on the labels, so that a CUDA graph can be captured. A row without
any selected entry contributes nothing and has zero gradient. ``masked_fill`` is used instead of ``where``,
which copies a number from host to device in every call and cannot be captured.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Return the mean (0-dim) of the selected ``values``, zero if there are none."""
    return values.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)


def masked_logsumexp(values: Tensor, mask: Tensor) -> Tensor:
    """Return ln Σ e^v (n,) over the selected entries of each row of ``values`` (n, m).

    A row without any gets an arbitrary finite number and zero gradient.
    """
    admitted = values.masked_fill(~mask, -math.inf)
    return admitted.masked_fill(~mask.any(dim=1, keepdim=True), 0.0).logsumexp(dim=1)


def log_one_plus_sum_exp(values: Tensor, mask: Tensor, dim: int) -> Tensor:
    """Return ln(1 + Σ e^v) over the selected entries of ``values`` (n, m) along ``dim``."""
    admitted = values.masked_fill(~mask, -math.inf)
    one = torch.zeros_like(values.narrow(dim, 0, 1))
    return torch.cat((admitted, one), dim=dim).logsumexp(dim=dim)


def logsumexp_of_others(values: Tensor, labels: Tensor) -> Tensor:
    """Return ln Σ_{j≠y} e^v (n,) over the columns of ``values`` (n, C) other than the row's label."""
    return values.scatter(1, labels[:, None], -math.inf).logsumexp(dim=1)
