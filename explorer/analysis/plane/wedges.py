"""Wedges: the exact regions of classifiers that depend only on the direction of a feature."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.plane.geometry import (
    FULL_TURN,
    UNDECIDED,
    Floats,
    Rectangle,
    Region,
    clip,
    is_visible,
)

_WIDEST = 0.9 * math.pi
_JUST_BEYOND = 1e-10
"""Radians past a border at which the next class is asked for: at the border itself scores are equal."""


class Wedge(Struct, frozen=True):
    """Directions from ``start`` to ``end`` radians, anticlockwise, of a class or `UNDECIDED`."""

    label: int
    start: float
    end: float


def direction_wedges(lines: Floats, labels: Sequence[int] | None = None) -> list[Wedge]:
    """Return the directions φ in which each row has the largest score a·cos φ + b·sin φ + c.

    Parameters
    ----------
    lines : (K, 3)
        a, b, c of each row; one with a number that is not finite is left out.
    labels : sequence of int, optional
        Class of each row; its position where None. Neighbouring rows of one class share a wedge.

    Returns
    -------
    list of Wedge
        The classes in order around the circle, covering it once; of equal rows, the first counts.
    """
    present = np.flatnonzero(np.isfinite(lines).all(axis=1))
    if not len(present):
        return []
    names = present.tolist() if labels is None else [int(labels[i]) for i in present.tolist()]
    starts = [(angle, names[row]) for angle, row in _successive_winners(lines[present].astype(np.float64))]
    return _closed([starts[0], *(start for before, start in pairwise(starts) if start[1] != before[1])])


def _successive_winners(rows: NDArray[np.float64]) -> list[tuple[float, int]]:
    """Return the direction at which each winner among ``rows`` (K, 3) begins to win, once around from −π.

    The scores of two rows are equal in two directions at most, known in closed form. From a direction on, the
    row that wins there keeps winning up to the nearest of those in which another overtakes it.
    """

    def winner(angle: float) -> int:
        return int((rows @ (math.cos(angle), math.sin(angle), 1.0)).argmax())

    start = -math.pi
    found = [(start, winner(start + _JUST_BEYOND))]
    # The upper envelope of K curves that cross in pairs twice at most has 2K − 1 pieces at most. Twice that
    # leaves room for rows that rounding makes win again, and ends the loop.
    for _ in range(4 * len(rows)):
        angle, best = found[-1]
        ahead = _overtaken(rows[best] - rows, angle + _JUST_BEYOND)
        if angle + ahead + _JUST_BEYOND >= start + FULL_TURN:
            break
        angle += _JUST_BEYOND + ahead
        found.append((angle, winner(angle + _JUST_BEYOND)))
    return found


def _closed(starts: list[tuple[float, int]]) -> list[Wedge]:
    """Return the wedges between ``starts``, from −π on: directions, rising, and the class from there on.

    The first and the last are one wedge where they are of one class, which begins before −π.
    """
    if len(starts) > 1 and starts[0][1] == starts[-1][1]:
        angle, label = starts[-1]
        starts = [(angle - FULL_TURN, label), *starts[1:-1]]
    ends = [angle for angle, _ in starts[1:]] + [starts[0][0] + FULL_TURN]
    return [Wedge(label, angle, end) for (angle, label), end in zip(starts, ends, strict=True)]


def _overtaken(differences: NDArray[np.float64], angle: float) -> float:
    """Return how far past ``angle`` the first of ``differences`` (K, 3) falls below zero.

    a·cos φ + b·sin φ + c = r·cos(φ − ψ) + c crosses zero where φ = ψ ± arccos(−c / r), and falls at the plus;
    never where r ≤ |c|.
    """
    reach = np.hypot(differences[:, 0], differences[:, 1])
    crossing = reach > np.abs(differences[:, 2])
    if not crossing.any():
        return math.inf
    a, b, c = differences[crossing].T
    falls = np.arctan2(b, a) + np.arccos(-c / reach[crossing])
    return float(((falls - angle) % FULL_TURN).min())


def angular_wedges(rows: Floats, labels: Sequence[int] | None = None) -> list[Wedge]:
    """Return the directions in which each row (K, 2) has the largest cosine, as `direction_wedges`.

    Only the directions of class weights count; one of length zero has the cosine 0 everywhere.
    """
    wide = rows.astype(np.float64)
    length = np.hypot(wide[:, 0], wide[:, 1])[:, None]
    units = np.where(np.isfinite(length), np.zeros_like(wide), np.nan)
    np.divide(wide, length, out=units, where=np.isfinite(length) & (length != 0))
    return direction_wedges(np.column_stack([units, np.zeros(len(rows))]), labels)


def accepted_wedges(wedges: Iterable[Wedge], rows: Floats, widest: float) -> list[Wedge]:
    """Return ``wedges`` cut down to angles below ``widest`` to the row (C, 2) of their class.

    What is left between them is `UNDECIDED`. For a row of length zero the angle is 90° everywhere.
    """
    result: list[Wedge] = []

    def add(label: int, start: float, end: float) -> None:
        if end <= start:
            return
        if result and result[-1].label == label:
            start = result.pop().start
        result.append(Wedge(label, start, end))

    for wedge in wedges:
        x, y = rows[wedge.label].tolist()
        if x == y == 0:
            add(wedge.label if widest > math.pi / 2 else UNDECIDED, wedge.start, wedge.end)
            continue
        middle = (wedge.start + wedge.end) / 2
        own = middle + math.remainder(math.atan2(y, x) - middle, FULL_TURN)
        start = min(max(wedge.start, own - widest), wedge.end)
        end = max(min(wedge.end, own + widest), start)
        add(UNDECIDED, wedge.start, start)
        add(wedge.label, start, end)
        add(UNDECIDED, end, wedge.end)
    if len(result) > 1 and result[0].label == result[-1].label:
        last = result.pop()
        result[0] = Wedge(last.label, last.start - FULL_TURN, result[0].end)
    return result


def wedge_regions(wedges: Iterable[Wedge], rectangle: Rectangle, *, borders: bool = True) -> list[Region]:
    """Return the parts of wedges with their tip at the origin that lie in a rectangle.

    A wedge of more than a half turn is not convex and comes in parts. Borders, unless there are to be none,
    are where a wedge starts.
    """
    regions = []
    for wedge in wedges:
        width = wedge.end - wedge.start
        parts = max(1, math.ceil(width / _WIDEST))
        edges = [wedge.start + i * width / parts for i in range(parts)] + [wedge.end]
        border = _ray(wedge.start, rectangle) if borders and width < FULL_TURN - _JUST_BEYOND else ()
        for start, end in pairwise(edges):
            polygon = clip(rectangle.corners, -math.sin(start), math.cos(start), 0.0)
            polygon = clip(polygon, math.sin(end), -math.cos(end), 0.0)
            if is_visible(polygon, rectangle):
                regions.append(Region(wedge.label, np.array(polygon), border))
                border = ()
    return regions


def _ray(angle: float, rectangle: Rectangle) -> tuple[NDArray[np.float64], ...]:
    """Return the part of the ray from the origin that lies in a rectangle, as a polyline, if there is any."""
    near, far = 0.0, math.inf
    x, y = math.cos(angle), math.sin(angle)
    for slope, low, high in ((x, rectangle.left, rectangle.right), (y, rectangle.bottom, rectangle.top)):
        if slope == 0:
            if not low <= 0 <= high:
                return ()
            continue
        first, second = sorted((low / slope, high / slope))
        near, far = max(near, first), min(far, second)
    return (np.array([(near * x, near * y), (far * x, far * y)]),) if near < far else ()
