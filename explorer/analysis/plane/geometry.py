"""Parts of the plane: rectangles, regions, and the convex cells of linear scores."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Point = tuple[float, float]
Polygon = list[Point]
"""Corners (n, 2) of a convex polygon in order; empty for an empty polygon."""

FULL_TURN = 2 * math.pi
UNDECIDED = -1
"""In place of a class where none is predicted."""
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

    def united(self, other: Rectangle) -> Rectangle:
        """Return the smallest rectangle that contains both."""
        return Rectangle(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


class Region(Struct, frozen=True, eq=False):
    """A part of the plane that belongs to a class, or is `UNDECIDED`.

    ``polygon`` (n, 2) is simple, and convex where ``convex`` says so; ``borders`` are the polylines (m, 2) of
    its outline at which another class begins, each border of the plane given by one of the two at least. A
    class may have several regions that adjoin.
    """

    label: int
    polygon: NDArray[np.float64]
    borders: tuple[NDArray[np.float64], ...] = ()
    convex: bool = True


class Division(Struct, frozen=True, eq=False):
    """Regions and margin bands of the visible part of the plane.

    ``regions`` cover it: in each a class is predicted at test time, or none. ``bands`` are parts of them in
    which a sample is classified correctly at test time but misses the margin in training.
    """

    regions: list[Region]
    bands: list[Region]


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
    """Return the area, relative to the first corner to keep precision far from the origin."""
    if not polygon:
        return 0.0
    x0, y0 = polygon[0]
    return abs(sum((x - x0) * (v - y0) - (u - x0) * (y - y0) for (x, y), (u, v) in pairwise(polygon))) / 2


def is_visible(polygon: Polygon, rectangle: Rectangle) -> bool:
    """Return whether a convex part of a rectangle is larger than rounding errors."""
    return _area(polygon) > _SLIVER * _area(rectangle.corners)


def linear_cells(weight: Floats, bias: Floats | None, rectangle: Rectangle) -> list[Region]:
    """Return the cells of a rectangle in which each class has the largest score w·x + b.

    Parameters
    ----------
    weight : (C, 2)
        A row that is not finite stands for an absent class.
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
        if is_visible(polygon, rectangle):
            ring = np.array([*polygon, polygon[0]])
            cells.append(Region(label, ring[:-1], (ring,)))
    return cells


def nearest_mean_cells(means: Floats, rectangle: Rectangle) -> list[Region]:
    """Return the Voronoi cells of ``means`` (C, 2) in a rectangle: where each class has the nearest mean.

    The squared distance |x − μ|² is smallest where 2μ·x − |μ|² is largest.
    """
    means = means.astype(np.float64)
    return linear_cells(2 * means, -(means**2).sum(axis=1), rectangle)
