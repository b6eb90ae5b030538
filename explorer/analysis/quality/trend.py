"""How a number depends on another: medians of bins, and the rank correlation."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.median import median

BINS = 10
_LEAST = 5
"""Points of a bin that has a median."""
Floats = NDArray[np.floating]


class Trend(Struct, frozen=True, eq=False):
    """Medians ``y`` (k,) of the points in bins of equal width around ``x`` (k,).

    ``count`` is the number of all points, and ``correlation`` their rank correlation, see `rank_correlation`.
    """

    x: Floats
    y: Floats
    count: int
    correlation: float


def trend_of(x: Floats, y: Floats, most: float) -> Trend:
    """Return the trend of points with ``x`` (n,) from 0 to ``most`` and ``y`` (n,), both finite.

    Points at exactly 0 are a bin of their own, at 0: images without damage. Bins of few points have no
    median.
    """
    places, middles = [x == 0], [0.0]
    width = most / BINS
    bins = np.minimum((x / width).astype(np.int64), BINS - 1) if width > 0 else np.zeros(len(x), np.int64)
    for number in range(BINS):
        places.append((x > 0) & (bins == number))
        middles.append((number + 0.5) * width)
    known = [place for place, inside in enumerate(places) if np.count_nonzero(inside) >= _LEAST]
    medians = [median(y[places[place]]) for place in known]
    return Trend(
        np.array([middles[place] for place in known]), np.array(medians), len(x), rank_correlation(x, y)
    )


def rank_correlation(x: Floats, y: Floats) -> float:
    """Return Spearman's ρ of points (n,), from -1 to 1, NaN where one side is constant.

    It is Pearson's correlation of the ranks; equal values have the mean of their ranks.
    """
    if len(x) < 2:
        return math.nan
    first, second = _ranks(x), _ranks(y)
    first -= first.mean()
    second -= second.mean()
    scale = math.sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / scale if scale else math.nan


def _ranks(values: Floats) -> NDArray[np.float64]:
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    ends = np.append(begins[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((begins + ends - 1) / 2, ends - begins)
    return ranks
