"""Contours: closed lines of equal height through many fields at once, by marching squares."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

_LEFT_BELOW, _RIGHT_BELOW, _RIGHT_ABOVE, _LEFT_ABOVE = 1, 2, 4, 8
"""Corners of a cell that lie above the level."""
_ALL_ABOVE = _LEFT_BELOW + _RIGHT_BELOW + _RIGHT_ABOVE + _LEFT_ABOVE
_BOTTOM, _RIGHT, _TOP, _LEFT = range(4)
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_BOTTOM, _LEFT),),
    2: ((_RIGHT, _BOTTOM),),
    3: ((_RIGHT, _LEFT),),
    4: ((_TOP, _RIGHT),),
    5: ((_BOTTOM, _LEFT), (_TOP, _RIGHT)),
    6: ((_TOP, _BOTTOM),),
    7: ((_TOP, _LEFT),),
    8: ((_LEFT, _TOP),),
    9: ((_BOTTOM, _TOP),),
    10: ((_RIGHT, _BOTTOM), (_LEFT, _TOP)),
    11: ((_RIGHT, _TOP),),
    12: ((_LEFT, _RIGHT),),
    13: ((_BOTTOM, _RIGHT),),
    14: ((_LEFT, _BOTTOM),),
}
"""By corners above the level: from which side of a cell a line leads to which, the low side on its left."""


class Contour(Struct, frozen=True, eq=False):
    """A closed line (k, 2) in a field: column and row of each point, in units of its cells."""

    field: int
    line: NDArray[np.float64]


def closed_contours(fields: NDArray[np.floating], levels: NDArray[np.floating]) -> list[Contour]:
    """Return the lines at which ``fields`` (S, H, W) pass ``levels`` (S,), each point once.

    Every line closes: the values at the border of a field must not lie above its level. Where a cell has
    opposite corners above it, they are treated as separate.

    Raises
    ------
    ValueError
        Where a border lies above the level.
    """
    above = fields > levels[:, None, None]
    if above[:, [0, -1]].any() or above[:, :, [0, -1]].any():
        raise ValueError("a field is above its level at its border")
    bits = above.view(np.uint8)
    cells = bits[:, :-1, :-1] + _RIGHT_BELOW * bits[:, :-1, 1:]
    cells += _RIGHT_ABOVE * bits[:, 1:, 1:]
    cells += _LEFT_ABOVE * bits[:, 1:, :-1]
    starts, ends = _segments(cells, above.shape)
    if not len(starts):
        return []
    places, field = _crossings(fields, levels, starts)
    order = np.argsort(starts)
    following = order[np.searchsorted(starts, ends, sorter=order)].tolist()
    return [Contour(int(field[ring[0]]), places[ring]) for ring in _rings(following)]


def _segments(cells: NDArray[np.uint8], shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the edges at which segments start and end; an edge is twice its corner, plus 1 if it goes up."""
    _, height, width = shape
    sides = {_BOTTOM: 0, _LEFT: 1, _RIGHT: 2 + 1, _TOP: 2 * width}
    mixed = np.flatnonzero((cells > 0) & (cells < _ALL_ABOVE))
    corners = cells.ravel()[mixed]
    row, column = np.divmod(mixed, width - 1)
    edge = 2 * ((row + row // (height - 1)) * width + column)
    starts, ends = [], []
    for kind, segments in _SEGMENTS.items():
        first = edge[corners == kind]
        for start, end in segments:
            starts.append(first + sides[start])
            ends.append(first + sides[end])
    return np.concatenate(starts), np.concatenate(ends)


def _crossings(
    fields: NDArray[np.floating], levels: NDArray[np.floating], edges: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return where on each edge the level is passed (n, 2), and in which field (n,)."""
    _, rows, columns = fields.shape
    corner, up = edges // 2, edges % 2
    field = corner // columns // rows
    flat, level = fields.ravel(), levels[field]
    here, there = flat[corner] - level, flat[corner + np.where(up == 1, columns, 1)] - level
    share = here / (here - there)
    row, column = corner // columns % rows, corner % columns
    places = np.stack([column + share * (up == 0), row + share * (up == 1)], axis=1)
    return places, field


def _rings(following: list[int]) -> list[list[int]]:
    """Return the cycles of a permutation."""
    rings, seen = [], [False] * len(following)
    for first in range(len(following)):
        ring, at = [], first
        while not seen[at]:
            seen[at] = True
            ring.append(at)
            at = following[at]
        if ring:
            rings.append(ring)
    return rings
