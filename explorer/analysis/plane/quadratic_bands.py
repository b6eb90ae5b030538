"""Where along lines the class that wins at test time loses in training, for scores that are parabolas."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.pauses import pause_point
from explorer.analysis.plane.parabolas import Parabolas, zeros
from explorer.analysis.plane.scan_strips import NO_KEY, Lines

Numbers = NDArray[np.float64]
Keys = NDArray[np.intp]

_CLASSES = 1024
"""More than there are classes: a key of a band is its class plus so many times what `_band_keys` says."""
_AT_ONCE = 1 << 15
"""Numbers in each of a dozen arrays that are worked on together: 256 KiB each."""


def band_lines(own: Parabolas, rivals: Parabolas, winners: Lines, least: float) -> Lines:
    """Return where along lines the winner's own score in training is not the largest.

    Parameters
    ----------
    own, rivals : Parabolas
        Scores of C classes in training: of a sample's own class, and of the classes it competes with.
    winners : Lines
        Which class wins at test time along n lines; their keys are classes.
    least : float
        Parts and gaps of this width are left out.

    Returns
    -------
    Lines
        Along the same n lines. `band_classes` gives the classes of keys; a line has as many columns as the
        line with the most bands needs.
    """
    spans = _Spans.of(winners)
    beaten = _beaten(own, rivals, winners.v, spans)
    return _lines_of(_united(beaten, spans, least), spans, winners.v)


def band_classes(keys: Keys) -> Keys:
    """Return the classes of ``keys`` (n, m) of `band_lines`; numbers that are no keys have no meaning."""
    return keys % _CLASSES


class _Spans(Struct, frozen=True, eq=False):
    """The m spans of some lines, from the first line on: all arrays (m,).

    ``line`` and ``column`` are where a span stands in its `Lines`, ``best`` is the class that wins there at
    test time, ``low`` and ``high`` are its ends.
    """

    line: Keys
    column: Keys
    best: Keys
    low: Numbers
    high: Numbers

    @classmethod
    def of(cls, lines: Lines) -> _Spans:
        line, column = np.nonzero(lines.keys != NO_KEY)
        best = lines.keys[line, column]
        return cls(line, column, best, lines.start[line, column], lines.end[line, column])


class _Intervals(Struct, frozen=True, eq=False):
    """Parts of spans: ``span`` (k,) is the index of the span, ``start`` < ``end`` (k,) lie within it."""

    span: Keys
    start: Numbers
    end: Numbers


#                      own − rival opens upwards              own − rival opens downwards
#
#                       \               /                          first  ___  second
#            ------------\-------------/------------       ---------------/   \---------------
#                    first\____ ______/ second                          /     \
#            beaten:       =============                   beaten: ======       ======
#
# Without zeros the first is beaten nowhere, the second everywhere. A span is cut out of that, and what all
# rivals together beat is the union over up to 2·C intervals, of which all but a few lie outside the span.


def _beaten(own: Parabolas, rivals: Parabolas, y: Numbers, spans: _Spans) -> _Intervals:
    """Return where in each of m ``spans`` of lines ``y`` (n,) one of C ``rivals`` beats the winner's ``own``.

    Works on m × C quadratic functions own − rival, as many spans at a time as fit in the processor's cache.
    """
    count = len(rivals.a)
    constants, own_constants = rivals.constants(y), own.constants(y)
    step = max(1, _AT_ONCE // count)
    parts = []
    for first_span in range(0, max(1, len(spans.best)), step):
        pause_point()
        part = slice(first_span, first_span + step)
        line, best = spans.line[part], spans.best[part]
        low, high = spans.low[part, None], spans.high[part, None]
        first, second, opens = zeros(
            own.a[best][:, None] - rivals.a,
            own.b[best][:, None] - rivals.b,
            own_constants[line, best][:, None] - constants[line],
        )
        everywhere = ~opens & np.isnan(first)
        first[everywhere] = second[everywhere] = -np.inf
        # Among the rivals is the class itself, whose score in training is never above that at test time.
        # NaN compares false: it beats itself nowhere.
        itself = np.arange(len(best)), best
        opens[itself], first[itself] = True, np.nan
        between = opens & (first < high) & (second > low)
        before, after = ~opens & (first > low), ~opens & (second < high)
        for where, starts, ends in (
            (between, first, second),
            (before, None, first),
            (after, second, None),
        ):
            span, rival = np.nonzero(where)
            start = low[span, 0] if starts is None else np.maximum(starts[span, rival], low[span, 0])
            end = high[span, 0] if ends is None else np.minimum(ends[span, rival], high[span, 0])
            parts.append((span + first_span, start, end))
    span, start, end = (np.concatenate(each) for each in zip(*parts, strict=True))
    return _Intervals(span, start, end)


def _united(parts: _Intervals, spans: _Spans, least: float) -> _Intervals:
    """Return the union of intervals in each span, in order, without gaps or parts that are ``least`` wide.

    What begins or ends ``least`` from an end of its span does so at that end, or `_band_keys` would
    distinguish two neighbouring lines that show the same.
    """
    pause_point()
    order = np.lexsort((parts.start, parts.span))
    span, start, end = parts.span[order], parts.start[order], parts.end[order]
    reach = _running_maximum(end, span)
    begins = np.ones(len(span), dtype=np.bool_)
    begins[1:] = (span[1:] != span[:-1]) | (start[1:] > reach[:-1] + least)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(span))[: len(first)] - 1
    span, start, end = span[first], start[first], reach[last]
    low, high = spans.low[span], spans.high[span]
    start, end = np.where(start <= low + least, low, start), np.where(end >= high - least, high, end)
    wide = end - start > least
    return _Intervals(span[wide], start[wide], end[wide])


def _running_maximum(values: Numbers, groups: Keys) -> Numbers:
    """Return the greatest of ``values`` (k,) so far, in each run of equal ``groups`` (k,), which rise.

    Each round looks twice as far back: as many rounds as the longest run has binary digits.
    """
    result, back = values.copy(), 1
    while back < len(result):
        same = groups[back:] == groups[:-back]
        if not same.any():
            break
        result[back:] = np.where(same, np.maximum(result[back:], result[:-back]), result[back:])
        back *= 2
    return result


def _lines_of(bands: _Intervals, spans: _Spans, y: Numbers) -> Lines:
    """Return ``bands``, in order along each of the lines ``y`` (n,), as spans of those lines."""
    row = spans.line[bands.span]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    shape = (len(y), int(rank.max(initial=-1)) + 1)
    keys, starts, ends = np.full(shape, NO_KEY), np.zeros(shape), np.zeros(shape)
    keys[row, rank] = _band_keys(bands, spans)
    starts[row, rank], ends[row, rank] = bands.start, bands.end
    return Lines(y, keys, starts, ends)


def _band_keys(bands: _Intervals, spans: _Spans) -> Keys:
    """Return a number for each of ``bands`` (k,) that is the same on two lines only where they are to join.

    In units of `_CLASSES`: 1 if a band begins where its span does, 2 if it ends where that does, and 4 times
    the column of the span. Below that is the class. Without the first two, a band along the border of a
    region would be joined to one inside of it; without the column, one in one part of a class to one in
    another.
    """
    span = bands.span
    touching = (bands.start <= spans.low[span]) + 2 * (bands.end >= spans.high[span])
    keys: Keys = spans.best[span] + _CLASSES * (touching + 4 * spans.column[span])
    return keys
