"""The area in which one score exceeds another, where each depends on one coordinate only."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.distinct import distinct

Floats = NDArray[np.float64]
Score = Callable[[Floats], Floats]

_OWN_STEPS, _OTHER_STEPS, _LEVELS = 1800, 180, 90
_BISECTIONS = 16


class Area(Struct, frozen=True, eq=False):
    """A part of the plane: closed ``polygons``, each (n, 2), and its ``edges``, where both scores are equal.

    Edges are open polylines (n, 2), exact at their points; sides at the limits of the domain are not edges.
    """

    polygons: tuple[Floats, ...]
    edges: tuple[Floats, ...]

    def through(self, change: Callable[[Floats], Floats]) -> Area:
        """Return the area with its points (n, 2) mapped by ``change``."""
        return Area(tuple(map(change, self.polygons)), tuple(map(change, self.edges)))


class _Piece(Struct, frozen=True, eq=False):
    """A stretch of u on which the own score is monotone; where it wins: ``start`` ≤ u ≤ ``end`` per row."""

    low: float
    high: float
    start: Floats
    end: Floats


def winning_area(own: Score, other: Score, limits: tuple[float, float]) -> Area:
    """Return where own(u) ≥ other(v), for u and v both within ``limits``.

    Parameters
    ----------
    own, other : callable
        From an array to an array of its shape; ``own`` may jump and turn, ``other`` must be continuous.
    limits : (float, float)
        Least and greatest u and v.

    Returns
    -------
    Area
        Points are (u, v). Those of edges lie within 10⁻⁵ of the width of the limits; between them edges are
        straight, over at most a 180th of that width.
    """
    u = np.linspace(*limits, _OWN_STEPS + 1)
    scores = own(u)
    rows = _rows(scores[:: _OWN_STEPS // _LEVELS], other, limits)
    levels = other(rows)
    turns = _turns(scores)
    pieces = [
        _piece(own, u[first : last + 1], scores[first : last + 1], levels) for first, last in pairwise(turns)
    ]
    polygons, edges = [], []
    for k, piece in enumerate(pieces):
        before = pieces[k - 1] if k else None
        after = pieces[k + 1] if k + 1 < len(pieces) else None
        empty = piece.end <= piece.start
        if not empty.all():
            polygons.append(_ring(piece, rows))
        open_end = (piece.end < piece.high) if after is None else (piece.end < piece.high) | ~_joins(after)
        open_start = (
            (piece.start > piece.low)
            if before is None
            else (piece.start > piece.low) | (before.end < before.high) | (before.end <= before.start)
        )
        edges += _runs(piece.end, rows, ~empty & open_end)
        edges += _runs(piece.start, rows, ~empty & open_start)
    return Area(tuple(polygons), tuple(edges))


def _rows(levels: Floats, other: Score, limits: tuple[float, float]) -> Floats:
    """Return the v to evaluate: a grid, and where the other score passes one of ``levels``, both sides."""
    grid = np.linspace(*limits, _OTHER_STEPS + 1)
    above = other(grid)[:, None] > levels
    row, level = np.nonzero(above[1:] != above[:-1])
    low, high, wanted, at_low = grid[row], grid[row + 1], levels[level], above[row, level]
    for _ in range(_BISECTIONS if len(row) else 0):
        middle = (low + high) / 2
        same = (other(middle) > wanted) == at_low
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return distinct(np.concatenate([grid, low, high]))


def _turns(scores: Floats) -> list[int]:
    """Return the indices between which the scores only fall or only rise, both ends of the array included."""
    change = np.sign(np.diff(scores))
    moving = np.flatnonzero(change)
    flips = moving[1:][change[moving[1:]] != change[moving[:-1]]]
    return [0, *flips.tolist(), len(scores) - 1]


def _piece(own: Score, u: Floats, scores: Floats, levels: Floats) -> _Piece:
    """Return where a monotone score is at least each of ``levels``."""
    falls = scores[0] >= scores[-1]
    rising, along = (scores[::-1], u[::-1]) if falls else (scores, u)
    first = np.searchsorted(rising, levels)
    inside, outside = along[np.minimum(first, len(u) - 1)], along[np.maximum(first - 1, 0)]
    between = (first > 0) & (first < len(u))
    for _ in range(_BISECTIONS if between.any() else 0):
        middle = (inside + outside) / 2
        wins = own(middle) >= levels
        inside, outside = np.where(wins, middle, inside), np.where(wins, outside, middle)
    low, high = float(u[0]), float(u[-1])
    nowhere = first == len(u)
    if falls:
        return _Piece(low, high, np.full_like(levels, low), np.where(nowhere, low, inside))
    return _Piece(low, high, np.where(nowhere, high, inside), np.full_like(levels, high))


def _joins(after: _Piece) -> NDArray[np.bool_]:
    """Return in which rows the next piece continues from its start."""
    return (after.start <= after.low) & (after.end > after.start)


def _ring(piece: _Piece, rows: Floats) -> Floats:
    there, back = np.stack([piece.start, rows], axis=1), np.stack([piece.end, rows], axis=1)
    return np.concatenate([there, back[::-1]])


def _runs(u: Floats, rows: Floats, shown: NDArray[np.bool_]) -> list[Floats]:
    """Return the polylines through (u, row) with a row on show at either end of each segment."""
    segments = shown[1:] | shown[:-1]
    padded = np.concatenate([[False], segments, [False]])
    starts = np.flatnonzero(padded[1:] & ~padded[:-1])
    ends = np.flatnonzero(~padded[1:] & padded[:-1])
    points = np.stack([u, rows], axis=1)
    return [points[start : end + 1] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
