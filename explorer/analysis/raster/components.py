"""Connected components of a mask, and filters of a picture by the largest value in a neighbourhood."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from explorer.analysis.distinct import distinct

Mask = NDArray[np.bool_]
Labels = NDArray[np.intp]
Values = NDArray[np.float64]


def components(mask: Mask) -> tuple[Labels, int]:
    """Return the component of each pixel of a mask (height, width), from 1; 0 outside; and their number.

    Pixels that touch at a side or corner belong together. The mask is cut into runs within rows, and runs of
    neighbouring rows that touch are united (He, Chao and Suzuki, "A Run-Based Two-Scan Labeling Algorithm",
    IEEE Transactions on Image Processing, 2008).
    """
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, first = np.nonzero(edges == 1)
    _rows, end = np.nonzero(edges == -1)
    root = _united(rows, first, end)
    roots = distinct(root)
    number = np.searchsorted(roots, root) + 1
    # A run adds its number at its first pixel, and takes it back behind its last: the running sum fills it.
    steps = np.zeros((mask.shape[0], mask.shape[1] + 1), np.intp)
    steps[rows, first] += number
    steps[rows, end] -= number
    return steps.cumsum(axis=1)[:, :-1], len(roots)


def spread(mask: Mask, radius: float) -> Mask:
    """Return the pixels within ``radius`` pixels of one of a mask (height, width)."""
    height, width = mask.shape
    reach = int(radius)
    # Differences of running sums count the pixels of a row within some columns, however many they are.
    counts = np.pad(mask, ((reach, reach), (reach + 1, reach))).cumsum(axis=1)
    result = np.zeros(mask.shape, np.bool_)
    for down in range(-reach, reach + 1):
        across = int(np.sqrt(radius**2 - down**2))
        rows = counts[reach + down : reach + down + height]
        last = rows[:, reach + across + 1 :][:, :width]
        result |= last > rows[:, reach - across :][:, :width]
    return result


def closed(values: Values, side: int) -> Values:
    """Return the grey-scale closing of a picture (height, width) by a square of ``side`` pixels.

    What is darker than its surroundings and narrower than the square takes their value; all else keeps its
    own (Serra, "Image Analysis and Mathematical Morphology", 1982).
    """
    grown = _extreme(values, side, np.max, -np.inf)
    return _extreme(grown, side, np.min, np.inf)


def _extreme(values: Values, side: int, of: Callable[..., Values], outside: float) -> Values:
    """Return the maximum or minimum within the square around each pixel; what lies outside does not count."""
    for axis in (0, 1):
        room = [(0, 0), (0, 0)]
        room[axis] = side // 2, side - 1 - side // 2
        values = of(sliding_window_view(np.pad(values, room, constant_values=outside), side, axis), axis=-1)
    return values


def _united(rows: NDArray[np.intp], first: NDArray[np.intp], end: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the run that stands for the component of each run, from ``first`` to before ``end``."""
    parent = list(range(len(rows)))

    def find(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    row, left, right = rows.tolist(), first.tolist(), end.tolist()
    above = 0
    for run in range(len(row)):
        while above < run and (
            row[above] < row[run] - 1 or (row[above] == row[run] - 1 and right[above] < left[run])
        ):
            above += 1
        other = above
        while other < run and row[other] == row[run] - 1 and left[other] <= right[run]:
            parent[find(other)] = find(run)
            other += 1
    return np.array([find(run) for run in range(len(row))], np.intp)
