"""The median and other quantiles, without importing `numpy.ma`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def median(values: NDArray[np.floating]) -> float:
    """Return the median of ``values`` (n,), NaN without any, and where one is NaN.

    The first call of `numpy.median` imports `numpy.ma`: 50 ms in the middle of the first drawing.
    """
    count = len(values)
    if not count or np.isnan(values).any():
        return math.nan
    low, high = (count - 1) // 2, count // 2
    around = np.partition(values, (low, high))
    return (float(around[low]) + float(around[high])) / 2


def quantile(values: NDArray[np.floating], share: float) -> float:
    """Return the smallest of ``values`` (n,) that a ``share`` of them does not exceed, NaN without any.

    Like `numpy.median`, `numpy.percentile` imports `numpy.ma` at its first call.
    """
    if not len(values):
        return math.nan
    place = max(0, math.ceil(share * len(values)) - 1)
    return float(np.partition(values, place)[place])
