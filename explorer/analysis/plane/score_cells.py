"""Score cells: where each of some scores is the largest, for scores of any kind that can be computed.

For classifiers whose borders have no closed form here. Scores are computed on a grid of a few pixels; where
two neighbours along a line have different answers, the border between them is found by bisection.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.pauses import pause_point
from explorer.analysis.plane.geometry import UNDECIDED, Floats, Rectangle, Region
from explorer.analysis.plane.scan_strips import NO_KEY, Keys, Lines, Numbers, caps, refined, strips

Score = Callable[[Floats], NDArray[np.float64]]

_SPACING = 3.0
"""Pixels between the points of the grid; a part that is narrower may be missed."""
_CLOSEST = 0.25
"""Pixels between lines up to which a change of their answers is pinned down."""
_BISECTIONS = 8
_MOST_POINTS = 1 << 15
"""Points whose scores are computed at a time, so that the scores of many classes need little memory."""


def score_cells(scores: Score, view: Rectangle, pixel: float, *, thresholded: bool = False) -> list[Region]:
    """Return where in a view each class has the largest score, in parts.

    Parameters
    ----------
    scores : callable
        From points (n, 2) to scores (n, C).
    view : Rectangle
        What is visible.
    pixel : float
        Side of a pixel: borders are accurate to a fraction of it.
    thresholded : bool
        Whether the answer is `UNDECIDED` where no score is above zero.
    """

    def answers(x: Numbers, y: Numbers) -> Keys:
        """Return the answer at each point; x and y have one shape (n,)."""
        points = np.stack([x, y], axis=1)
        found = np.empty(len(points), dtype=np.intp)
        for first in range(0, len(points), _MOST_POINTS):
            pause_point()
            part = slice(first, first + _MOST_POINTS)
            with np.errstate(invalid="ignore", over="ignore"):
                values = scores(points[part])
            found[part] = values.argmax(axis=1)
            if thresholded:
                found[part][values.max(axis=1) <= 0] = UNDECIDED
        return found

    def look(y: Numbers) -> Lines:
        return _answers_along(answers, across, y)

    width, height = view.right - view.left, view.top - view.bottom
    across = np.linspace(view.left, view.right, 2 + int(width / (_SPACING * pixel)))
    upwards = np.linspace(view.bottom, view.top, 2 + int(height / (_SPACING * pixel)))
    lines = refined(look, look(upwards), _CLOSEST * pixel)
    return [
        *(Region(strip.name, strip.ring, strip.borders, convex=False) for strip in strips(lines)),
        *(Region(key, np.zeros((0, 2)), tuple(segments)) for key, segments in caps(lines)),
    ]


def _answers_along(answers: Callable[[Numbers, Numbers], Keys], x: Numbers, y: Numbers) -> Lines:
    """Return the spans of equal answers along lines at ``y`` (n,), looked at in ``x`` (m,), rising."""
    grid = answers(np.tile(x, len(y)), np.repeat(y, len(x))).reshape(len(y), len(x))
    line, step = np.nonzero(grid[:, 1:] != grid[:, :-1])
    borders = _bisected(answers, y[line], x[step], x[step + 1], grid[line, step])
    # The border number `place` of a line ends its span of that number and starts the next.
    place = np.arange(len(line)) - np.searchsorted(line, line)
    shape = len(y), 2 + int(place.max(initial=-1))
    keys, start, end = np.full(shape, NO_KEY), np.zeros(shape), np.zeros(shape)
    keys[:, 0], start[:, 0] = grid[:, 0], x[0]
    keys[line, place + 1], start[line, place + 1] = grid[line, step + 1], borders
    end[line, place] = borders
    last = np.bincount(line, minlength=len(y))
    end[np.arange(len(y)), last] = x[-1]
    return Lines(y, keys, start, end)


def _bisected(
    answers: Callable[[Numbers, Numbers], Keys], y: Numbers, low: Numbers, high: Numbers, left: Keys
) -> Numbers:
    """Return where between ``low`` and ``high`` the answer ceases to be ``left``; all arguments (k,)."""
    for _ in range(_BISECTIONS if len(y) else 0):
        middle = (low + high) / 2
        same = answers(middle, y) == left
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return (low + high) / 2
