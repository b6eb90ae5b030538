"""Strips: areas assembled from spans along many parallel lines.

A line lies at v; each span of u along it has a key, such as the class predicted there. Between two lines with
the same keys in the same order, the ends of spans are joined; where the keys change, lines are added in
between until the change is located.

With 100 classes there are ten thousand spans between changes, most of which go on beyond the change. All that
is done per span is therefore done for all spans at once, and only whole strips are handled in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.pauses import pause_point

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
    """A part of one name: one span on each of some successive lines.

    ``ring`` (2k, 2) is its outline as points (u, v): up along the starts of its spans, down along the ends.
    ``borders`` are the polylines (m, 2) along those starts that do not start a line.
    """

    name: int
    ring: Numbers
    borders: tuple[Numbers, ...]


class _Spans(Struct, frozen=True, eq=False):
    """All S spans of some lines, line by line from left to right: arrays (S,).

    ``follower`` is the index of the span that goes on from a span on the next line, -1 for none.
    """

    row: Keys
    name: Keys
    start: Numbers
    end: Numbers
    follower: Keys


def refined(look: Callable[[Numbers], Lines], lines: Lines, closest: float) -> Lines:
    """Return ``lines`` and, where the keys change, more of them until ``closest`` together.

    Parameters
    ----------
    look : callable
        From v (n,) to the lines there.
    lines : Lines
        With v rising.
    closest : float
        Distance of lines below which no more are added.
    """
    while True:
        pause_point()
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


#    v    _____________________
#         |  A   |     B      |    Between the lines r and r + 1, C comes in. Halfway, at v = h, every border
#   r+1   |  A   | C |   B    |    steps from where it is on one line to where it is on the other. A strip
#     h   +------+-+-+--------+    goes on through h where a span on r and one on r + 1 have the same name and
#     r   |    A   |     B    |    overlap: its outline has both ends of the step. C is a strip of its own.
#         |    A    |    B    |


def strips(lines: Lines, names: Keys | None = None) -> list[Strip]:
    """Return the areas that the lines show; between lines with different keys, each extends halfway.

    Parameters
    ----------
    lines : Lines
        With v rising.
    names : (n, m), optional
        What spans belong to where keys tell more than that: spans that overlap and have one name are one
        part, but the ends of those with different keys are joined by a step.
    """
    alike = np.append((lines.keys[1:] == lines.keys[:-1]).all(axis=1), False)
    spans = _spans(lines, lines.keys if names is None else names, alike)
    pause_point()
    chain = _chains(spans)
    order = np.argsort(chain * len(lines.v) + spans.row)
    row, chain = spans.row[order], chain[order]
    # A line has up to three levels: halfway down where another run ends there, itself, and halfway up.
    halfway = (lines.v[1:] + lines.v[:-1]) / 2
    levels = np.stack([np.append(lines.v[:1], halfway), lines.v, np.append(halfway, lines.v[-1:])], axis=1)
    used = np.ones(levels.shape, dtype=np.bool_)
    used[1:, 0] = used[:-1, 2] = ~alike[:-1]
    place, level = np.nonzero(used[row])
    v = levels[row[place], level]
    starts, ends = (np.stack([side[order][place], v], axis=1) for side in (spans.start, spans.end))
    first = np.flatnonzero(np.diff(chain, prepend=-1))
    cuts = [*np.searchsorted(place, first).tolist(), len(place)]
    pause_point()
    borders = _borders(spans, order, chain, alike, lines.v)
    pause_point()
    return [
        Strip(name, np.concatenate([starts[low:high], ends[low:high][::-1]]), tuple(borders.get(root, ())))
        for name, root, (low, high) in zip(
            spans.name[order[first]].tolist(), chain[first].tolist(), pairwise(cuts), strict=True
        )
    ]


def _spans(lines: Lines, names: Keys, alike: NDArray[np.bool_]) -> _Spans:
    """Return the spans of ``lines``; ``alike`` (n,) says which have the keys of the next one."""
    row, column = np.nonzero(lines.keys != NO_KEY)
    name, start, end = names[row, column], lines.start[row, column], lines.end[row, column]
    follower = np.full(len(row), -1)
    if not len(row):
        return _Spans(row, name, start, end, follower)
    # The k-th span of a name on a line is followed by the k-th of the name on the next line.
    width = lines.keys.shape[1]
    lowest = name.min()
    group = row * (name.max() - lowest + 1) + name - lowest
    in_groups = np.argsort(group, kind="stable")
    code = group * width
    code[in_groups] += np.arange(len(row)) - np.searchsorted(group[in_groups], group[in_groups])
    by_code = code[in_groups]
    wanted = code + (name.max() - lowest + 1) * width
    at = np.minimum(np.searchsorted(by_code, wanted), len(row) - 1)
    span = np.flatnonzero(by_code[at] == wanted)
    after = in_groups[at[span]]
    overlap = np.maximum(start[span], start[after]) < np.minimum(end[span], end[after])
    joined = overlap | alike[row[span]]
    follower[span[joined]] = after[joined]
    return _Spans(row, name, start, end, follower)


def _chains(spans: _Spans) -> Keys:
    """Return for each span the first one of those that follow one another up to it.

    Each round looks twice as far back.
    """
    chain = np.arange(len(spans.row))
    going = np.flatnonzero(spans.follower >= 0)
    chain[spans.follower[going]] = going
    while (chain[chain] != chain).any():
        chain = chain[chain]
    return chain


def _borders(
    spans: _Spans, order: Keys, chain: Keys, alike: NDArray[np.bool_], v: Numbers
) -> dict[int, list[Numbers]]:
    """Return the polylines along starts of spans by chain; ``order`` sorts the spans by ``chain`` and line.

    One goes on where the span to the left goes on too: at any other change, it ends.
    """
    inner = np.flatnonzero(spans.row[order] == spans.row[order - 1])
    span, row = order[inner], spans.row[order[inner]]
    beside = spans.follower[span - 1] == spans.follower[span] - 1
    joined = (np.diff(inner) == 1) & (chain[inner[1:]] == chain[inner[:-1]])
    joined &= (alike[row] | beside)[:-1]
    points = np.stack([spans.start[span], v[row]], axis=1)
    cuts = [0, *(np.flatnonzero(~joined) + 1).tolist(), len(points)]
    found: dict[int, list[Numbers]] = {}
    for low, high in pairwise(cuts):
        if high - low > 1:
            found.setdefault(int(chain[inner[low]]), []).append(points[low:high])
    return found


def caps(lines: Lines) -> list[tuple[int, NDArray[np.float64]]]:
    """Return the borders between runs of lines with different keys: keys, and segments (k, 2, 2) of each.

    Strips give borders along the starts of their spans only. Where a part ends between two lines, such as at
    the top of a disc, its border lies along the lines.
    """
    changed = np.flatnonzero((lines.keys[1:] != lines.keys[:-1]).any(axis=1))
    row, column = np.nonzero(lines.keys != NO_KEY)
    if not len(changed) or not len(row):
        return []
    # Lines lie side by side on one axis, each `apart` from the next, so that one search serves all of them.
    start, end, key = lines.start[row, column], lines.end[row, column], lines.keys[row, column]
    lowest = start.min()
    apart = 2 * (end.max() - lowest)
    starts = start - lowest + apart * row
    stops = np.full((len(changed), 4 * lines.keys.shape[1]), np.nan)
    for part, sides in enumerate((lines.start, lines.end)):
        for beyond in (0, 1):
            at = (2 * part + beyond) * lines.keys.shape[1]
            there = lines.keys[changed + beyond] != NO_KEY
            stops[:, at : at + lines.keys.shape[1]] = np.where(there, sides[changed + beyond], np.nan)
    stops.sort(axis=1)
    pair, stop = np.nonzero(stops[:, 1:] > stops[:, :-1])
    low, high = stops[pair, stop], stops[pair, stop + 1]
    middle = (low + high) / 2 - lowest
    below, above = (
        key[np.maximum(np.searchsorted(starts, middle + apart * (changed[pair] + beyond)) - 1, 0)]
        for beyond in (0, 1)
    )
    differ = np.flatnonzero(below != above)
    v = ((lines.v[changed] + lines.v[changed + 1]) / 2)[pair[differ]]
    segments = np.stack([np.stack([side[differ], v], axis=1) for side in (low, high)], axis=1)
    labels = below[differ]
    return [(int(label), segments[labels == label]) for label in dict.fromkeys(labels.tolist())]
