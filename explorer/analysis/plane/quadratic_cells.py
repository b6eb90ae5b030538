"""Quadratic cells: where one of several quadratic scores without mixed terms is the largest, as in L-GM.

Along a line of constant y every score is a parabola in x, so what is largest on it is known exactly: lines a
pixel or two apart show the regions, whose borders are conics, as finely as a screen can.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.plane.geometry import Floats, Rectangle, Region
from explorer.analysis.plane.scan_strips import NO_KEY, Lines, refined, runs, strips

Numbers = NDArray[np.float64]
Keys = NDArray[np.intp]

_SPACING = 3.0
_CLOSEST = 0.25
_JUST_BEYOND = 1e-3
"""Pixels: between lines, up to which a change is pinned down, and past a border to ask who wins there."""
_WIDEST_SPREAD = 200.0
"""Logarithm of the least and greatest variance, up to a sign, with which squares still are numbers."""
_FLAT = 1e-290
"""In the place of a square term of zero; it keeps the two solutions apart and moves none that is visible."""


class Parabolas(Struct, frozen=True, eq=False):
    """C scores a·x² + b·x + c + (d·y² + e·y), each coefficient (C,)."""

    a: Numbers
    b: Numbers
    c: Numbers
    d: Numbers
    e: Numbers

    @classmethod
    def of(
        cls, centers: Floats, log_variance: Floats, origin: tuple[float, float], factor: float = 1.0
    ) -> Parabolas:
        """Return −``factor``·½(x − μ)ᵀΛ⁻¹(x − μ) − ½ln|Λ| of Gaussians (C, 2), x counted from ``origin``.

        Those with a number that is not finite never win.
        """
        mean = centers.astype(np.float64) - np.array(origin)
        spread = np.clip(log_variance.astype(np.float64), -_WIDEST_SPREAD, _WIDEST_SPREAD)
        present = np.isfinite(mean).all(axis=1) & np.isfinite(spread).all(axis=1)
        mean, spread = np.where(present[:, None], mean, 0), np.where(present[:, None], spread, 0)
        sharp = factor * np.exp(-spread) / 2
        slope = 2 * sharp * mean
        constant = -(sharp * mean**2).sum(axis=1) - spread.sum(axis=1) / 2
        constant[~present] = -1e300
        return cls(-sharp[:, 0], slope[:, 0], constant, -sharp[:, 1], slope[:, 1])

    def constants(self, y: Numbers) -> Numbers:
        """Return what the scores have beside a·x² + b·x, at each of ``y`` (n,), (n, C)."""
        return self.c + (self.d * y[:, None] + self.e) * y[:, None]


class QuadraticPlane:
    """The regions and bands of Gaussian classes in a view.

    Parameters
    ----------
    centers, log_variance : (C, 2)
        Mean and logarithm of the variance along each axis, of each class.
    view : Rectangle
        What is visible.
    pixel : float
        Side of a pixel: regions are right to a part of it.
    """

    def __init__(self, centers: Floats, log_variance: Floats, view: Rectangle, pixel: float) -> None:
        self._origin = ((view.left + view.right) / 2, (view.bottom + view.top) / 2)
        self._gaussians = centers, log_variance
        self._scores = Parabolas.of(centers, log_variance, self._origin)
        self._half = (view.right - view.left) / 2
        self._pixel = pixel
        top = (view.top - view.bottom) / 2
        lines = self._winners(np.linspace(-top, top, 2 + int(2 * top / (_SPACING * pixel))))
        self._lines = refined(self._winners, lines, _CLOSEST * pixel)

    def regions(self) -> list[Region]:
        """Return where each class has the largest likelihood, in parts."""
        found = []
        for strip in strips(self._lines):
            outline = strip.ring + self._origin
            borders = (outline[1 : len(outline) // 2 - 1],) if strip.column else ()
            found.append(Region(strip.key, outline, borders, convex=False))
        for key, segment in self._caps():
            found.append(Region(key, np.zeros((0, 2)), (segment + self._origin,)))
        return found

    def bands(self, alpha: float) -> list[Region]:
        """Return where the likeliest class loses once its own distance counts 1 + α times."""
        own = Parabolas.of(*self._gaussians, self._origin, 1 + alpha)
        lines = refined(
            lambda y: self._failing(own, self._winners(y)),
            self._failing(own, self._lines),
            _CLOSEST * self._pixel,
        )
        return [
            Region(strip.key % _CLASSES, strip.ring + self._origin, convex=False) for strip in strips(lines)
        ]

    def _caps(self) -> list[tuple[int, Numbers]]:
        """Return the borders between runs of lines with different classes: label and (2, 2) each."""
        lines, found = self._lines, []
        for (_, above), (below, _) in pairwise(runs(lines)):
            y = float(lines.v[above] + lines.v[below]) / 2
            stops = np.unique(
                np.concatenate(
                    [
                        side[row][lines.keys[row] != NO_KEY]
                        for row in (above, below)
                        for side in (lines.start, lines.end)
                    ]
                )
            )
            middles = (stops[1:] + stops[:-1]) / 2
            first, second = (_key_at(lines, row, middles) for row in (above, below))
            for i in np.flatnonzero(first != second).tolist():
                found.append((int(first[i]), np.array([(stops[i], y), (stops[i + 1], y)])))
        return found

    def _winners(self, y: Numbers) -> Lines:
        """Return which class wins along each line: from the left on, up to where another overtakes it."""
        scores, step = self._scores, _JUST_BEYOND * self._pixel
        constants = scores.constants(y)
        x = np.full(len(y), -self._half)
        keys, starts, ends = [], [], []
        for _ in range(2 * len(scores.a)):
            inside = x + step
            best = (scores.a * inside[:, None] ** 2 + scores.b * inside[:, None] + constants).argmax(axis=1)
            first, second, opens = _zeros(
                scores.a[best][:, None] - scores.a,
                scores.b[best][:, None] - scores.b,
                np.take_along_axis(constants, best[:, None], axis=1) - constants,
            )
            falls = np.where(opens, first, second)
            falls = np.where(falls > inside[:, None], falls, np.inf).min(axis=1)
            end = np.minimum(falls, self._half)
            seen = x < self._half
            keys.append(np.where(seen, best, NO_KEY))
            starts.append(np.where(seen, x, 0))
            ends.append(np.where(seen, end, 0))
            x = end
            if not (x < self._half).any():
                break
        return Lines(y, np.stack(keys, axis=1), np.stack(starts, axis=1), np.stack(ends, axis=1))

    def _failing(self, own: Parabolas, lines: Lines) -> Lines:
        """Return where along each line the winner's ``own`` score in training is not the largest.

        Within a span, each other class beats it on two intervals at most; the bands are their union.
        """
        y, scores = lines.v, self._scores
        line, column = np.nonzero(lines.keys != NO_KEY)
        best = lines.keys[line, column]
        low, high = lines.start[line, column][:, None], lines.end[line, column][:, None]
        constants = scores.constants(y)
        first, second, opens = _zeros(
            own.a[best][:, None] - scores.a,
            own.b[best][:, None] - scores.b,
            own.constants(y)[line, best][:, None] - constants[line],
        )
        missing = np.isnan(first)
        none = np.where(opens, np.inf, -np.inf)
        first, second = np.where(missing, none, first), np.where(missing, none, second)
        start = np.concatenate([np.where(opens, first, -np.inf), np.where(opens, np.inf, second)], axis=1)
        end = np.concatenate([np.where(opens, second, first), np.where(opens, np.inf, np.inf)], axis=1)
        mine = np.tile(np.arange(len(scores.a)) == best[:, None], 2)
        start, end = np.where(mine, np.inf, start), np.where(mine, np.inf, end)
        start, end = np.clip(start, low, high), np.clip(end, low, high)
        order = np.argsort(start, axis=1)
        start, end = np.take_along_axis(start, order, axis=1), np.take_along_axis(end, order, axis=1)
        reach = np.maximum.accumulate(end, axis=1)
        least = _JUST_BEYOND * self._pixel
        begins = np.ones(start.shape, dtype=np.bool_)
        begins[:, 1:] = start[:, 1:] > reach[:, :-1] + least
        span, place = np.nonzero(begins)
        following = np.append(place[1:], 0) - 1
        following[np.append(span[1:] != span[:-1], True)] = start.shape[1] - 1
        from_x, to_x = start[span, place], reach[span, following]
        wide = to_x - from_x > least
        span, from_x, to_x = span[wide], from_x[wide], to_x[wide]
        row = line[span]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        keys = np.full((len(y), int(rank.max(initial=-1)) + 1), NO_KEY)
        starts, ends = np.zeros(keys.shape), np.zeros(keys.shape)
        touching = (from_x <= low[span, 0]) + 2 * (to_x >= high[span, 0])
        keys[row, rank] = best[span] + _CLASSES * (touching + 4 * column[span])
        starts[row, rank], ends[row, rank] = from_x, to_x
        return Lines(y, keys, starts, ends)


_CLASSES = 1024
"""More than there are classes: a key is a class plus so many times how a band lies among the regions."""


def _zeros(a: Numbers, b: Numbers, c: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Return the zeros of a·x² + b·x + c, the lesser first, NaN where there are none, and where a > 0."""
    a, b, c = np.broadcast_arrays(np.where(a == 0, _FLAT, a), b, c)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        inside = b**2 - 4 * a * c
        root = np.sqrt(np.where(inside > 0, inside, np.nan))  # where the two are one, nothing changes sign
        half = -(b + np.copysign(root, b)) / 2
        one, two = half / a, c / half
        return np.fmin(one, two), np.fmax(one, two), a > 0


def _key_at(lines: Lines, row: int, x: Numbers) -> Keys:
    """Return the key at each of ``x`` along a line."""
    used = lines.keys[row] != NO_KEY
    place = np.searchsorted(lines.start[row][used], x) - 1
    keys: Keys = lines.keys[row][used][np.maximum(place, 0)]
    return keys
