"""Evenly spread class weights: the largest angle that C directions can keep in d dimensions."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.plane.geometry import FULL_TURN

Floats = NDArray[np.float64]

TAMMES_DEGREES = {
    7: 77.8695421,
    8: 74.8584922,
    9: 70.5287794,
    10: 66.1468220,
    11: 63.4349488,
    12: 63.4349488,
    13: 57.1367031,
    14: 55.6705700,
    15: 53.6578501,
    16: 52.2443957,
    17: 51.0903285,
    18: 49.5566548,
    19: 47.6919141,
    20: 47.4310362,
    21: 45.6132231,
    22: 44.7401612,
    23: 43.7099642,
    24: 43.6907671,
}
"""Largest smallest angle between N points on the sphere, in degrees (the problem of Tammes).

Proved for N ≤ 14 (Schütte and van der Waerden 1951, Danzer 1963, Musin and Tarasov 2012 and 2015) and for 24
(Robinson 1961); the others are the best known (tables of Sloane, Hardin and Smith, and of Cohn).
"""

OCTANT_DEGREES = {
    3: 90.0,
    4: 54.73561,
    5: 48.37387,
    6: 45.64870,
    7: 37.37737,
    8: 34.63506,
    9: 32.40093,
    10: 30.53104,
    11: 28.08364,
    12: 27.12429,
    13: 25.51410,
    14: 24.48515,
    15: 23.78718,
    16: 22.51279,
    17: 21.82670,
    18: 21.15793,
    19: 20.35865,
    20: 19.66677,
}
"""Largest smallest angle found between N points on the sphere without a negative coordinate, in degrees.

By sequential quadratic programming from 12 or more random starts. For 3 and 4 they are exact: the axes, and
the middle between them.
"""

_ANNEAL = np.geomspace(2.0, 4000.0, 400)
_QUICK = np.geomspace(2.0, 400.0, 60)
_QUICK_UP_TO = 128
_STARTS = 6
_PRECISION = 1e-12
_COMPUTED_UP_TO = 24


def separation(classes: int, dim: int) -> float:
    """Return the largest possible smallest angle, in radians, between ``classes`` directions.

    Exact where `is_exact` says so:

    - in the plane 2π/C;
    - up to C = d + 1, where the directions are the corners of a simplex: arccos(−1/(C − 1));
    - up to C = 2d, where those of a cross-polytope attain Rankin's bound (1955): 90°;
    - in space, where `TAMMES_DEGREES` has it.

    Otherwise an upper bound: in space that of Fejes Tóth (1943), arccos((cot²ω − 1)/2) with
    ω = πC/(6(C − 2)), which is attained at C = 3, 4, 6 and 12; in more dimensions the smaller one of
    Levenshtein's third bound and that of caps which do not overlap. The angle never grows with more
    directions, so that the value for 24 bounds those beyond.

    Parameters
    ----------
    classes, dim : int
        C ≥ 2 and d ≥ 2.
    """
    if dim == 2:
        return FULL_TURN / classes
    if classes <= dim + 1:
        return math.acos(-1 / (classes - 1))
    if classes <= 2 * dim:
        return math.pi / 2
    if dim > 3:
        return _bound(classes, dim)
    if classes in TAMMES_DEGREES:
        return math.radians(TAMMES_DEGREES[classes])
    cotangent = 1 / math.tan(math.pi * classes / (6 * (classes - 2)))
    bound = math.acos((cotangent**2 - 1) / 2)
    return bound if classes < 24 else min(bound, math.radians(TAMMES_DEGREES[24]))


def nonnegative_separation(classes: int, dim: int) -> float:
    """Return the largest smallest angle, in radians, between directions without a negative coordinate.

    In the plane (π/2)/(C − 1): two of them are the axes. In space the best found (`OCTANT_DEGREES`); beyond,
    the value for the largest number in that table bounds it. In d > 3 dimensions up to d of them lie on axes,
    and more of them are bounded as without that condition.
    """
    if classes <= dim:
        return math.pi / 2
    if dim == 2:
        return math.pi / 2 / (classes - 1)
    if dim > 3:
        return min(math.pi / 2, separation(classes, dim))
    return math.radians(OCTANT_DEGREES[min(classes, max(OCTANT_DEGREES))])


def is_exact(classes: int, dim: int) -> bool:
    """Return whether `separation` is attained, rather than an upper bound."""
    return dim == 2 or classes <= 2 * dim or (dim == 3 and classes in TAMMES_DEGREES)


@lru_cache(maxsize=64)
def _bound(classes: int, dim: int) -> float:
    """Return an upper bound of the smallest angle between C > 2d directions."""

    def levenshtein(cosine: float) -> float:
        """Return the most directions whose angles are at least that of ``cosine`` (Levenshtein 1979)."""
        return dim * (1 - cosine) * (2 + (dim + 1) * cosine) / (1 - dim * cosine**2)

    low, high = 0.0, (math.sqrt(dim + 3) - 1) / (dim + 2)  # up to here the third bound is valid
    while high - low > _PRECISION:
        middle = (low + high) / 2
        low, high = (middle, high) if levenshtein(middle) < classes else (low, middle)
    return min(math.acos(low), _by_caps(classes, dim))


def _by_caps(classes: int, dim: int) -> float:
    """Return the angle at which as many caps of half of it would just cover the sphere.

    The area of a cap of radius φ is in proportion to the integral of sin^(d−2) from 0 to φ.
    """
    angle = np.linspace(0.0, math.pi, 20_001)
    ring = np.exp((dim - 2) * np.log(np.maximum(np.sin(angle), 1e-300)))
    area = np.cumsum(ring)
    return float(min(2 * np.interp(1 / classes, area / area[-1], angle), math.pi / 2))


@lru_cache(maxsize=32)
def spread(classes: int, dim: int) -> Floats:
    """Return evenly spread unit vectors (C, d), read-only.

    A regular polygon in the plane, a simplex up to C = d + 1, a part of a cross-polytope up to 2d. Beyond, in
    space, up to 24 points, the best of a few descents towards the largest smallest angle, within one degree
    of `separation`, and the Fibonacci lattice for more; a tight frame in more dimensions.
    """
    if dim == 2:
        angle = FULL_TURN * np.arange(classes) / classes
        points = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    elif classes <= dim + 1:
        points = _simplex(classes, dim)
    elif dim > 3 and classes <= 2 * dim:
        points = _cross_polytope(classes, dim)
    elif dim > 3:
        points = _tight_frame(classes, dim)
    elif classes <= _COMPUTED_UP_TO:
        points = _descend(classes)
    else:
        points = _lattice(classes)
    points.flags.writeable = False
    return points


def _simplex(classes: int, dim: int) -> Floats:
    """Return the corners of a regular simplex around the origin.

    Axis k = 1 … C − 1 has k corners on one side, the next one on the other, and the rest in the middle: the
    contrasts of Helmert, which are orthonormal.
    """
    axis = np.arange(1, classes)
    points = np.zeros((classes, dim))
    points[:, : classes - 1] = np.triu(np.ones((classes, classes - 1)))
    points[axis, axis - 1] = -axis
    points[:, : classes - 1] /= np.sqrt(axis * (axis + 1.0))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points


def _cross_polytope(classes: int, dim: int) -> Floats:
    """Return directions along all axes, and against as many of them as are needed."""
    return np.concatenate([np.eye(dim), -np.eye(dim)])[:classes]


def _tight_frame(classes: int, dim: int) -> Floats:
    """Return directions that are about evenly spread, and a few of them pushed apart by a short descent."""
    points = np.random.default_rng(0).normal(size=(classes, dim))
    values, axes = np.linalg.eigh(points.T @ points)
    points = points @ (axes / np.sqrt(values)) @ axes.T  # all singular values are equal
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return _descended(points[None], _QUICK) if classes <= _QUICK_UP_TO else points


def _descend(classes: int) -> Floats:
    points = np.random.default_rng(0).normal(size=(_STARTS, classes, 3))
    points /= np.linalg.norm(points, axis=2, keepdims=True)
    return _descended(points, np.repeat(_ANNEAL, 3))


def _descended(points: Floats, schedule: Floats) -> Floats:
    """Push points (starts, C, d) apart, at first by all others, in the end by the nearest only; the best."""
    classes = points.shape[1]
    itself = np.eye(classes, dtype=bool)
    for sharpness in schedule.tolist():
        cosines = _cosines(points, itself)
        weight = np.exp(sharpness * (cosines - cosines.max(axis=(1, 2), keepdims=True)))
        weight /= weight.sum(axis=(1, 2), keepdims=True)
        points = points - 2 * classes / sharpness * (weight @ points)
        points /= np.linalg.norm(points, axis=2, keepdims=True)
    best: Floats = points[_cosines(points, itself).max(axis=(1, 2)).argmin()].copy()
    return best


def _cosines(points: Floats, itself: NDArray[np.bool_]) -> Floats:
    return np.where(itself, -np.inf, points @ points.transpose(0, 2, 1))


def _lattice(classes: int) -> Floats:
    turn = np.pi * (3 - np.sqrt(5))
    height = 1 - (2 * np.arange(classes) + 1) / classes
    radius, angle = np.sqrt(1 - height**2), turn * np.arange(classes)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), height], axis=1)
