"""How well blobs that a person placed in the plane have the arrangement of the class means.

Which class lies where, and which way the plane is turned, depend on the seed, and the size on the units. So
blobs and means are compared up to rotation about the origin, reflection, scale, and the assignment of blobs
to classes. The origin stays: every score is measured from it. Points are complex numbers here: a rotation
with a scale is then one factor, and a reflection the conjugate.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Points = NDArray[np.float64]
Complex = NDArray[np.complex128]

_STARTS = 12
"""Rotations, 30° apart, from which the best assignment is searched."""
_MOST_ROUNDS = 20


class Match(Struct, frozen=True, eq=False):
    """The best match of C blobs with C class means.

    Attributes
    ----------
    off : float
        Root mean square distance between the class means and the blobs laid on them, over the root mean
        square length of the means: 0 for the same arrangement, at most 1.
    order : (C,)
        The blob that is laid on each class mean.
    mirrored : bool
        Whether the blobs are reflected.
    """

    off: float
    order: NDArray[np.intp]
    mirrored: bool


def match(blobs: Points, means: Points) -> Match:
    """Return the best match of ``blobs`` (C, 2) with ``means`` (C, 2), both finite.

    For a given assignment the best factor follows in closed form, and for a given rotation the best
    assignment does; the two are improved in turn from several rotations.
    """
    whole, found = _complex(means), Match(1.0, np.arange(len(blobs)), False)
    total = float(np.vdot(whole, whole).real) * float((blobs**2).sum())
    if not total:
        return found
    for mirrored in (False, True):
        points = _reflected(_complex(blobs), mirrored)
        for turn in np.exp(2j * math.pi * np.arange(_STARTS) / _STARTS):
            order, agreement = _improved(points * turn, whole)
            off = math.sqrt(max(0.0, 1 - agreement**2 / total))
            if off < found.off - 1e-12:
                found = Match(off, order, mirrored)
    return found


def laid_on(found: Match, blobs: Points, means: Points) -> Points:
    """Return the blobs (C, 2) in the order of the classes, turned and scaled onto ``means`` (C, 2).

    The means may be those of another frame; a class whose mean is not finite does not count.
    """
    points, whole = _reflected(_complex(blobs), found.mirrored)[found.order], _complex(means)
    known = np.isfinite(means).all(axis=1)
    size = float(np.vdot(points[known], points[known]).real)
    factor = np.vdot(points[known], whole[known]) / size if size else 0.0
    laid = points * factor
    return np.stack([laid.real, laid.imag], axis=1)


def _improved(points: Complex, means: Complex) -> tuple[NDArray[np.intp], float]:
    """Return the assignment that a start leads to, and |Σ conj(point) · mean| with it, which never falls."""
    best, order, agreement = -1.0, np.arange(len(points)), 0j
    for _round in range(_MOST_ROUNDS):
        order = assignment(-np.real(np.conj(points)[None, :] * means[:, None]))
        agreement = complex(np.vdot(points[order], means))
        if abs(agreement) <= best + 1e-12:
            break
        best = abs(agreement)
        points = points * (agreement / best if best else 1)
    return order, abs(agreement)


def assignment(costs: Points) -> NDArray[np.intp]:
    """Return the column (n,) of each row of ``costs`` (n, n), all different, with the smallest sum of costs.

    The Hungarian method with potentials: rows are added one by one, each along a shortest augmenting path.
    Plain Python: for ten rows it is three times as fast as NumPy.
    """
    state = _Assignment(costs.tolist())
    for row in range(len(costs)):
        state.add(row)
    order = np.empty(len(costs), dtype=np.intp)
    order[state.taken[:-1]] = np.arange(len(costs))
    return order


class _Assignment:
    """The rows that have a column so far. The last column is an extra one, for the row that is added."""

    def __init__(self, costs: list[list[float]]) -> None:
        count = len(costs)
        self._costs, self._count = costs, count
        self._of_row, self._of_column = [0.0] * count, [0.0] * (count + 1)
        self.taken = [-1] * (count + 1)

    def add(self, row: int) -> None:
        """Give one more row a column, and others another one where that is cheaper."""
        count, taken = self._count, self.taken
        taken[count], column = row, count
        reach, before, done = [math.inf] * count, [count] * count, [False] * (count + 1)
        while taken[column] >= 0:
            done[column] = True
            self._look_from(column, reach, before, done)
            column = min((other for other in range(count) if not done[other]), key=reach.__getitem__)
            self._shift(reach[column], reach, done)
        while column != count:
            taken[column] = taken[before[column]]
            column = before[column]

    def _look_from(self, column: int, reach: list[float], before: list[int], done: list[bool]) -> None:
        """Note which columns are reached at less cost through the row of this one."""
        row = self.taken[column]
        costs, potential = self._costs[row], self._of_row[row]
        for other in range(self._count):
            cost = costs[other] - potential - self._of_column[other]
            if not done[other] and cost < reach[other]:
                reach[other], before[other] = cost, column

    def _shift(self, step: float, reach: list[float], done: list[bool]) -> None:
        """Shift the potentials, so that the nearest column costs nothing."""
        for other, is_done in enumerate(done):
            if is_done:
                self._of_row[self.taken[other]] += step
                self._of_column[other] -= step
            elif other < self._count:
                reach[other] -= step


def _complex(points: Points) -> Complex:
    result: Complex = points[:, 0] + 1j * points[:, 1]
    return result


def _reflected(points: Complex, mirrored: bool) -> Complex:
    return np.conj(points) if mirrored else points
