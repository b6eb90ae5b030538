"""Decision regions in the plane, exact: convex cells of linear scores, and wedges of angular ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Point = tuple[float, float]
Polygon = list[Point]
"""Corners of a convex polygon in order; empty where nothing is left of it."""

FULL_TURN = 2 * math.pi
_WIDEST = 0.9 * math.pi
_SLIVER = 1e-12


class Rectangle(Struct, frozen=True):
    """A part of the plane with sides along the axes."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def corners(self) -> Polygon:
        """The four corners, anticlockwise from the bottom left."""
        return [
            (self.left, self.bottom),
            (self.right, self.bottom),
            (self.right, self.top),
            (self.left, self.top),
        ]


class Wedge(Struct, frozen=True):
    """Directions from ``start`` to ``end`` radians, anticlockwise, that belong to a class."""

    label: int
    start: float
    end: float


class Region(Struct, frozen=True):
    """A convex part of the plane that belongs to a class."""

    label: int
    polygon: Polygon


def clip(polygon: Polygon, a: float, b: float, c: float) -> Polygon:
    """Return the part of a convex polygon where a·x + b·y + c ≥ 0 (Sutherland and Hodgman, 1974)."""
    sides = [a * x + b * y + c for x, y in polygon]
    if not sides or min(sides) >= 0:
        return polygon
    if max(sides) <= 0:
        return []
    result: Polygon = []
    for i, (corner, side) in enumerate(zip(polygon, sides, strict=True)):
        before, side_before = polygon[i - 1], sides[i - 1]
        if (side < 0) != (side_before < 0):
            share = side_before / (side_before - side)
            result.append(
                (
                    before[0] + share * (corner[0] - before[0]),
                    before[1] + share * (corner[1] - before[1]),
                )
            )
        if side >= 0:
            result.append(corner)
    return result


def _area(polygon: Polygon) -> float:
    """Return the area, seen from the first corner so that a polygon far from the origin loses no digits."""
    if not polygon:
        return 0.0
    x0, y0 = polygon[0]
    return abs(sum((x - x0) * (v - y0) - (u - x0) * (y - y0) for (x, y), (u, v) in pairwise(polygon))) / 2


def linear_cells(weight: Floats, bias: Floats | None, rectangle: Rectangle) -> list[Region]:
    """Return where in a rectangle each class has the largest score w·x + b.

    Parameters
    ----------
    weight : (C, 2)
        A row with a number that is not finite stands for an absent class.
    bias : (C,), optional
        Zero where None.
    rectangle : Rectangle
        What is visible.

    Returns
    -------
    list of Region
        At most one per class; a class that wins nowhere in the rectangle has none. Of classes with equal
        scores everywhere, the first.
    """
    offsets = np.zeros(len(weight)) if bias is None else bias
    lines = np.column_stack([weight, offsets]).astype(np.float64)
    present = np.flatnonzero(np.isfinite(lines).all(axis=1))
    lines = lines[present]
    cells = []
    for i, label in enumerate(present.tolist()):
        others = np.delete(lines, i, axis=0)
        differences = lines[i] - others
        equal = ~differences.any(axis=1)
        if equal[:i].any():
            continue
        polygon = rectangle.corners
        for a, b, c in differences[~equal].tolist():
            polygon = clip(polygon, a, b, c)
            if not polygon:
                break
        if _area(polygon) > _SLIVER * _area(rectangle.corners):
            cells.append(Region(label, polygon))
    return cells


def nearest_mean_cells(means: Floats, rectangle: Rectangle) -> list[Region]:
    """Return where in a rectangle each class has the nearest mean: the Voronoi cells of ``means`` (C, 2).

    The squared distance |x − μ|² is smallest where 2μ·x − |μ|² is largest.
    """
    means = means.astype(np.float64)
    return linear_cells(2 * means, -(means**2).sum(axis=1), rectangle)


def angular_wedges(rows: Floats, labels: Sequence[int] | None = None) -> list[Wedge]:
    """Return the directions in which each row has the largest cosine, anticlockwise from −π.

    Parameters
    ----------
    rows : (K, 2)
        Class weights; only their directions count. One of length zero or with a number that is not finite is
        left out.
    labels : sequence of int, optional
        Class of each row; its position where None. Neighbouring rows of one class share a wedge.

    Returns
    -------
    list of Wedge
        The classes in turn around the circle.
    """
    names = range(len(rows)) if labels is None else labels
    found = directions(rows)
    order = [int(i) for i in np.argsort(found, kind="stable") if not math.isnan(found[i])]
    if not order:
        return []
    angles = [float(found[i]) for i in order]
    ahead = [*angles[1:], angles[0] + FULL_TURN]
    ends = [(here + following) / 2 for here, following in zip(angles, ahead, strict=True)]
    start = ends[-1] - FULL_TURN
    wedges: list[Wedge] = []
    for i, end in zip(order, ends, strict=True):
        label = int(names[i])
        if wedges and wedges[-1].label == label:
            wedges[-1] = Wedge(label, wedges[-1].start, end)
        else:
            wedges.append(Wedge(label, start, end))
        start = end
    if len(wedges) > 1 and wedges[0].label == wedges[-1].label:
        last = wedges.pop()
        wedges[0] = Wedge(last.label, last.start - FULL_TURN, wedges[0].end)
    return wedges


def directions(rows: Floats) -> NDArray[np.float64]:
    """Return the angle (K,) of ``rows`` (K, 2) in (−π, π]; NaN for one of length zero or not finite."""
    x, y = rows[:, 0].astype(np.float64), rows[:, 1].astype(np.float64)
    usable = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    return np.where(usable, np.arctan2(np.where(usable, y, 0), np.where(usable, x, 1)), np.nan)


def wedge_polygons(wedges: Iterable[Wedge], rectangle: Rectangle) -> list[Region]:
    """Return the parts of wedges with their tip at the origin that lie in a rectangle.

    A wedge of more than a half turn is not convex and comes in parts.
    """
    regions = []
    for wedge in wedges:
        parts = max(1, math.ceil((wedge.end - wedge.start) / _WIDEST))
        edges = np.linspace(wedge.start, wedge.end, parts + 1).tolist()
        for start, end in pairwise(edges):
            polygon = clip(rectangle.corners, -math.sin(start), math.cos(start), 0.0)
            polygon = clip(polygon, math.sin(end), -math.cos(end), 0.0)
            if _area(polygon) > _SLIVER * _area(rectangle.corners):
                regions.append(Region(wedge.label, polygon))
    return regions
