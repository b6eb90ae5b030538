"""Quadratic cells: where one of several quadratic scores without mixed terms is the largest, as in L-GM.

Along a line of constant y every score is a parabola in x, so what is largest on it is known exactly: lines a
pixel or two apart show the regions, whose borders are conics, as finely as a screen can.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.pauses import pause_point
from explorer.analysis.plane.geometry import Floats, Rectangle, Region
from explorer.analysis.plane.parabolas import Parabolas, zeros
from explorer.analysis.plane.quadratic_bands import band_classes, band_lines
from explorer.analysis.plane.scan_strips import NO_KEY, Lines, caps, refined, strips

Numbers = NDArray[np.float64]
Keys = NDArray[np.intp]

_SPACING = 3.0
_CLOSEST = 0.25
_JUST_BEYOND = 1e-3
"""Pixels: between lines, up to which a change is pinned down, and past a border to ask who wins there."""


class QuadraticPlane:
    """The regions and bands of Gaussian classes in a view.

    Parameters
    ----------
    centers, log_variance : (C, 2)
        Mean and logarithm of the variance along each axis, of each class.
    view : Rectangle
        What is visible.
    pixel : float
        Side of a pixel: regions are accurate to a fraction of it.
    """

    def __init__(self, centers: Floats, log_variance: Floats, view: Rectangle, pixel: float) -> None:
        self._origin = np.array([(view.left + view.right) / 2, (view.bottom + view.top) / 2])
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
            borders = tuple(border + self._origin for border in strip.borders)
            found.append(Region(strip.name, strip.ring + self._origin, borders, convex=False))
        for key, segments in caps(self._lines):
            found.append(Region(key, np.zeros((0, 2)), tuple(segments + self._origin)))
        return found

    def bands(self, alpha: float) -> list[Region]:
        """Return where the likeliest class loses when its own distance is multiplied by 1 + α."""
        own, least = Parabolas.of(*self._gaussians, self._origin, 1 + alpha), _JUST_BEYOND * self._pixel
        lines = refined(
            lambda y: band_lines(own, self._scores, self._winners(y), least),
            band_lines(own, self._scores, self._lines, least),
            _CLOSEST * self._pixel,
        )
        return [
            Region(strip.name, strip.ring + self._origin, convex=False)
            for strip in strips(lines, band_classes(lines.keys))
        ]

    def _winners(self, y: Numbers) -> Lines:
        """Return which class wins along each of the lines ``y`` (n,): up to where another overtakes it.

        All lines advance together from the left, one span in each round; those that have come to the right
        edge drop out.
        """
        scores, step = self._scores, _JUST_BEYOND * self._pixel
        x = np.full(len(y), -self._half)
        ahead = np.arange(len(y))
        constants = scores.constants(y)
        keys, starts, ends = [], [], []
        for _ in range(2 * len(scores.a)):
            pause_point()
            # At a border itself two scores are equal: who wins there is asked a little to the right of it.
            inside = x[ahead] + step
            values = scores.a * inside[:, None] ** 2 + scores.b * inside[:, None] + constants
            best = values.argmax(axis=1)
            first, second, opens = zeros(
                scores.a[best][:, None] - scores.a,
                scores.b[best][:, None] - scores.b,
                constants[np.arange(len(best)), best][:, None] - constants,
            )
            falls = np.where(opens, first, second)
            falls = np.where(falls > inside[:, None], falls, np.inf).min(axis=1)
            key, start, end = np.full(len(y), NO_KEY), np.zeros(len(y)), np.zeros(len(y))
            key[ahead], start[ahead], end[ahead] = best, x[ahead], np.minimum(falls, self._half)
            keys.append(key)
            starts.append(start)
            ends.append(end)
            x[ahead] = end[ahead]
            going = x[ahead] < self._half
            ahead, constants = ahead[going], constants[going]
            if not len(ahead):
                break
        return Lines(y, np.stack(keys, axis=1), np.stack(starts, axis=1), np.stack(ends, axis=1))
