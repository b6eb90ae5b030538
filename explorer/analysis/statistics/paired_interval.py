"""Confidence interval of the mean difference between paired measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

_WIDEST = 1e4
"""Limit of the search for a quantile: beyond that of one degree of freedom at a level of 0.9999."""


class PairedInterval(Struct, frozen=True):
    """A mean difference: the true one lies within ``mean`` ± ``half_width`` at the level of confidence.

    ``count`` is the number n of pairs. ``mean`` is NaN without any, ``half_width`` with fewer than two.
    """

    mean: float
    half_width: float
    count: int


def paired_interval(first: Sequence[float], second: Sequence[float], level: float = 0.95) -> PairedInterval:
    """Return the mean of the differences ``second`` − ``first`` with its confidence interval.

    With the differences d_i of the n pairs whose numbers are both finite, their mean d̄ and their standard
    deviation s = √(Σ(d_i − d̄)² / (n − 1)), it is d̄ ± t·s/√n, where t is the (1 + level)/2 quantile of
    Student's distribution with n − 1 degrees of freedom. It assumes that the differences are independent and
    about normally distributed.
    """
    differences = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    differences = differences[np.isfinite(differences)]
    count = len(differences)
    if not count:
        return PairedInterval(math.nan, math.nan, 0)
    mean = float(differences.mean())
    if count == 1:
        return PairedInterval(mean, math.nan, 1)
    error = float(differences.std(ddof=1)) / math.sqrt(count)
    return PairedInterval(mean, two_sided_quantile(level, count - 1) * error, count)


def two_sided_quantile(level: float, freedom: int) -> float:
    """Return t such that Student's variable lies within ±t with the probability ``level``, at most 0.9999."""
    low, high = 0.0, _WIDEST
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        if probability_within(middle, freedom) < level:
            low = middle
        else:
            high = middle
    return high


def probability_within(t: float, freedom: int) -> float:
    """Return the probability that Student's variable lies within ±t.

    For whole degrees of freedom it is a finite sum (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).
    """
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    total, term = 0.0, cosine if odd else 1.0
    for power in range(1 if odd else 0, freedom - 1, 2):  # powers of the cosine
        total += term
        term *= cosine**2 * (power + 1) / (power + 2)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total
