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
    """A part with one ``key``: u from ``start`` to ``end`` (k,) at each of ``v`` (k,)."""

    key: int
    column: int
    v: Numbers
    start: Numbers
    end: Numbers

    @property
    def ring(self) -> Numbers:
        """The outline (2k, 2) as points (u, v)."""
        there, back = np.stack([self.start, self.v], axis=1), np.stack([self.end, self.v], axis=1)
        return np.concatenate([there, back[::-1]])


def refined(look: Callable[[Numbers], Lines], v: Numbers, closest: float) -> Lines:
    """Return the lines at ``v`` and, where the keys change, more of them until ``closest`` together.

    Parameters
    ----------
    look : callable
        From v (n,) to the lines there.
    v : (n,)
        Rising.
    closest : float
        Distance at which to leave a change as it is.
    """
    lines = look(v)
    while True:
        change = (lines.keys[1:] != lines.keys[:-1]).any(axis=1) & (np.diff(lines.v) > closest)
        if not change.any():
            return lines
        more = look((lines.v[1:] + lines.v[:-1])[change] / 2)
        lines = _merged(lines, more)


def _merged(first: Lines, second: Lines) -> Lines:
    width = max(first.keys.shape[1], second.keys.shape[1])
    v = np.concatenate([first.v, second.v])
    order = np.argsort(v, kind="stable")
    keys, start, end = (
        np.concatenate([_padded(one, width, fill), _padded(two, width, fill)])[order]
        for one, two, fill in (
            (first.keys, second.keys, NO_KEY),
            (first.start, second.start, 0),
            (first.end, second.end, 0),
        )
    )
    return Lines(v[order], keys, start, end)


def _padded(values: NDArray[np.generic], width: int, fill: int) -> NDArray[np.generic]:
    return np.pad(values, ((0, 0), (0, width - values.shape[1])), constant_values=fill)


def runs(lines: Lines) -> list[tuple[int, int]]:
    """Return the first and last line of each run of lines with the same keys."""
    changes = np.flatnonzero((lines.keys[1:] != lines.keys[:-1]).any(axis=1)) + 1
    return [(start, end - 1) for start, end in pairwise([0, *changes.tolist(), len(lines.v)])]


def strips(lines: Lines) -> list[Strip]:
    """Return the parts that the lines show; between lines with different keys each goes on halfway."""
    result = []
    for first, last in runs(lines):
        rows = np.clip(np.arange(first - 1, last + 2), first, last)
        v = lines.v[rows]
        v[0] = lines.v[max(0, first - 1) : first + 1].mean()
        v[-1] = lines.v[last : last + 2].mean()
        for column in np.flatnonzero(lines.keys[first] != NO_KEY).tolist():
            start, end = lines.start[rows, column], lines.end[rows, column]
            result.append(Strip(int(lines.keys[first, column]), column, v, start, end))
    return result
