"""Strips: areas put together from what is seen along many lines of sight.

A line lies at v; along it, spans of u each belong to something, which their key names. Between two lines with
the same keys in the same order, the ends of spans are joined; where the keys change, further lines are laid
in between until the change is pinned down.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Keys = NDArray[np.intp]

NO_KEY = -2
"""The key of a column that a line has no span for."""


class Lines(Struct, frozen=True, eq=False):
    """Spans along n lines at ``v`` (n,): ``keys``, ``start`` and ``end`` (n, m), from left to right."""

    v: Numbers
    keys: Keys
    start: Numbers
    end: Numbers


class Strip(Struct, frozen=True, eq=False):
    """A part with one ``key``, from one ``column`` of its lines.

    ``ring`` (2k, 2) is its outline as points (u, v): up along the starts of its spans, down along the ends.
    """

    key: int
    column: int
    ring: Numbers

    @property
    def side(self) -> Numbers:
        """The starts (k, 2)."""
        return self.ring[: len(self.ring) // 2]


def refined(look: Callable[[Numbers], Lines], lines: Lines, closest: float) -> Lines:
    """Return ``lines`` and, where the keys change, more of them until ``closest`` together.

    Parameters
    ----------
    look : callable
        From v (n,) to the lines there.
    lines : Lines
        With v rising.
    closest : float
        Distance at which to leave a change as it is.
    """
    while True:
        change = (lines.keys[1:] != lines.keys[:-1]).any(axis=1) & (np.diff(lines.v) > closest)
        if not change.any():
            return lines
        lines = _merged(lines, look((lines.v[1:] + lines.v[:-1])[change] / 2))


def _merged(first: Lines, second: Lines) -> Lines:
    v = np.concatenate([first.v, second.v])
    shape = (len(v), max(first.keys.shape[1], second.keys.shape[1]))
    keys, start, end = np.full(shape, NO_KEY), np.zeros(shape), np.zeros(shape)
    for lines, rows in ((first, slice(len(first.v))), (second, slice(len(first.v), None))):
        width = lines.keys.shape[1]
        keys[rows, :width], start[rows, :width], end[rows, :width] = lines.keys, lines.start, lines.end
    order = np.argsort(v, kind="stable")
    return Lines(v[order], keys[order], start[order], end[order])


def runs(lines: Lines) -> list[tuple[int, int]]:
    """Return the first and last line of each run of lines with the same keys."""
    changes = np.flatnonzero((lines.keys[1:] != lines.keys[:-1]).any(axis=1)) + 1
    return [(start, end - 1) for start, end in pairwise([0, *changes.tolist(), len(lines.v)])]


def strips(lines: Lines) -> list[Strip]:
    """Return the parts that the lines show; between lines with different keys each goes on halfway."""
    result = []
    last_line = len(lines.v) - 1
    for first, last in runs(lines):
        keys = lines.keys[first].tolist()
        count = last - first + 3
        sides = np.empty((2 * count, len(keys)))
        sides[1 : count - 1] = lines.start[first : last + 1]
        sides[count + 1 : -1] = lines.end[last : first - 1 if first else None : -1]
        sides[[0, count - 1, count, -1]] = sides[[1, count - 2, count + 1, -2]]
        v = np.empty(2 * count)
        v[1 : count - 1] = lines.v[first : last + 1]
        v[0] = (lines.v[max(0, first - 1)] + lines.v[first]) / 2
        v[count - 1] = (lines.v[last] + lines.v[min(last + 1, last_line)]) / 2
        v[count:] = v[count - 1 :: -1]
        for column, key in enumerate(keys):
            if key != NO_KEY:
                ring = np.empty((2 * count, 2))
                ring[:, 0], ring[:, 1] = sides[:, column], v
                result.append(Strip(key, column, ring))
    return result


def caps(lines: Lines) -> list[tuple[int, Numbers]]:
    """Return the borders between runs of lines with different keys: a key and a segment (2, 2) each.

    Strips give borders along the starts of their spans only. Where a part ends between two lines, such as at
    the top of a disc, its border lies along the lines.
    """
    found = []
    for (_, above), (below, _) in pairwise(runs(lines)):
        v = float(lines.v[above] + lines.v[below]) / 2
        sides = [
            side[row][lines.keys[row] != NO_KEY]
            for row in (above, below)
            for side in (lines.start, lines.end)
        ]
        stops = np.unique(np.concatenate(sides))
        middles = (stops[1:] + stops[:-1]) / 2
        first, second = (_key_at(lines, row, middles) for row in (above, below))
        found += [
            (int(first[i]), np.array([(stops[i], v), (stops[i + 1], v)]))
            for i in np.flatnonzero(first != second).tolist()
        ]
    return found


def _key_at(lines: Lines, row: int, u: Numbers) -> Keys:
    """Return the key at each of ``u`` along a line."""
    used = lines.keys[row] != NO_KEY
    place = np.searchsorted(lines.start[row][used], u) - 1
    keys: Keys = lines.keys[row][used][np.maximum(place, 0)]
    return keys
