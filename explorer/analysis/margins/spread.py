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
_STARTS = 6
_COMPUTED_UP_TO = 24


def separation(classes: int, dim: int) -> float:
    """Return the largest possible smallest angle, in radians, between ``classes`` directions.

    In the plane 2π/C. In space exact where it is known (`TAMMES_DEGREES`), and otherwise Fejes Tóth's upper
    bound (1943), arccos((cot²ω − 1)/2) with ω = πC/(6(C − 2)), which is attained at C = 3, 4, 6 and 12.
    The angle never grows with more directions, so that the value for 24 bounds those beyond.

    Parameters
    ----------
    classes, dim : int
        C ≥ 2, and d = 2 or 3.
    """
    if classes == 2:
        return math.pi
    if dim == 2:
        return FULL_TURN / classes
    if classes == 5:
        return math.pi / 2
    if classes in TAMMES_DEGREES:
        return math.radians(TAMMES_DEGREES[classes])
    cotangent = 1 / math.tan(math.pi * classes / (6 * (classes - 2)))
    bound = math.acos((cotangent**2 - 1) / 2)
    return bound if classes < 24 else min(bound, math.radians(TAMMES_DEGREES[24]))


def nonnegative_separation(classes: int, dim: int) -> float:
    """Return the largest smallest angle, in radians, between directions without a negative coordinate.

    In the plane (π/2)/(C − 1): two of them are the axes. In space the best found (`OCTANT_DEGREES`); beyond,
    the value for the largest number in that table bounds it.
    """
    if classes == 2:
        return math.pi / 2
    if dim == 2:
        return math.pi / 2 / (classes - 1)
    return math.radians(OCTANT_DEGREES[min(classes, max(OCTANT_DEGREES))])


@lru_cache(maxsize=32)
def spread(classes: int, dim: int) -> Floats:
    """Return evenly spread unit vectors (C, d), read-only.

    A regular polygon in the plane. In space, up to 24 points, the best of a few descents towards the largest
    smallest angle, within one degree of `separation`; beyond, the Fibonacci lattice.
    """
    if dim == 2:
        angle = FULL_TURN * np.arange(classes) / classes
        points = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    elif classes <= _COMPUTED_UP_TO:
        points = _descend(classes)
    else:
        points = _lattice(classes)
    points.flags.writeable = False
    return points


def _descend(classes: int) -> Floats:
    """Push points apart, at first by all other points, in the end by the nearest only."""
    points = np.random.default_rng(0).normal(size=(_STARTS, classes, 3))
    points /= np.linalg.norm(points, axis=2, keepdims=True)
    itself = np.eye(classes, dtype=bool)
    for sharpness in _ANNEAL:
        for _ in range(3):
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
