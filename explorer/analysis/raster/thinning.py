"""Thinning: reduce a long curve to samples that look the same when drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.distinct import distinct


def thin(values: NDArray[np.floating], most: int) -> NDArray[np.intp]:
    """Return at most ``most`` (4 or more) increasing indices into ``values`` (n,), which are finite.

    They include the first and the last, and the minimum and maximum of equal parts between them, so that no
    spike is lost.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    parts = (most - 2) // 2
    starts = np.linspace(0, count, parts + 1).astype(np.intp)[:-1]
    ends = np.append(starts[1:], count)
    # Every part is read as a row of the same length; the longer rows overlap the next part by one sample.
    rows = np.minimum(starts[:, None] + np.arange((ends - starts).max()), ends[:, None] - 1)
    inside = values[rows]
    chosen = np.concatenate([starts + inside.argmin(axis=1), starts + inside.argmax(axis=1), [0, count - 1]])
    return distinct(chosen)


def part_starts(count: int, parts: int) -> NDArray[np.intp]:
    """Return the starts of ``parts`` of nearly equal size, none empty, among ``count`` samples."""
    return np.linspace(0, count, max(1, min(count, parts)), endpoint=False).astype(np.intp)[:count]


def extremes(
    values: NDArray[np.float64], starts: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return minimum and maximum (k,) of ``values`` (n,) in each part; NaN for a part that is all NaN."""
    if not len(starts):
        return np.zeros(0), np.zeros(0)
    return np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
