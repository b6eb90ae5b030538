"""Tour: a smooth path of orthogonal projections, and how a projection follows an axis that is dragged.

A grand tour (Asimov 1985, "The grand tour: a tool for viewing multidimensional data", SIAM J. Sci. Stat.
Comput. 6) that goes from one random orthonormal frame to the next along the shortest path between their
planes (Buja, Cook, Asimov and Hurley 2005, "Computational methods for high-dimensional rotations in data
visualization", Handbook of Statistics 24). The plane turns, and nothing turns within it.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.projection.projection import orthonormal

Doubles = NDArray[np.float64]

_FLAT = 1e-9
"""Radians below which a direction of a plane does not turn."""
_EDGE = 0.999
"""Largest length to which the projection of a unit vector is dragged: at 1 the plane would contain it."""


class Path(Struct, frozen=True, eq=False):
    """The geodesic from the plane of one frame to that of another.

    ``start`` and ``ahead`` (d, k) are pairs of principal directions of the first plane and what is
    perpendicular to them in the second one; ``angles`` (k,) are the principal angles in radians, and ``turn``
    (k, k) leads from the principal directions back to the axes of the first frame.
    """

    start: Doubles
    ahead: Doubles
    angles: Doubles
    turn: Doubles

    @property
    def length(self) -> float:
        """The largest angle that a direction turns by, in radians."""
        return float(self.angles.max())

    def at(self, share: float) -> Doubles:
        """Return the frame (d, k) after a ``share`` of the path, orthonormal; at 0 the first frame."""
        turned = share * self.angles
        frame: Doubles = (self.start * np.cos(turned) + self.ahead * np.sin(turned)) @ self.turn
        return frame


def path_between(first: NDArray[np.floating], second: NDArray[np.floating]) -> Path:
    """Return the geodesic between the planes of two orthonormal frames (d, k)."""
    one, other = first.astype(np.float64), second.astype(np.float64)
    left, cosines, right = np.linalg.svd(one.T @ other)
    start, end = one @ left, other @ right.T
    beyond = end - start * cosines
    sines = np.linalg.norm(beyond, axis=0)
    angles = np.arctan2(sines, cosines)
    turning = sines > _FLAT
    ahead = np.divide(beyond, sines, out=np.zeros_like(beyond), where=turning)
    return Path(start, ahead, np.where(turning, angles, 0.0), left.T)


class Tour:
    """A tour that is somewhere on its way: `advance` moves it on.

    Parameters
    ----------
    start : (d, k)
        The orthonormal frame that it begins with.
    seed : int
        Equal seeds give equal tours.
    """

    def __init__(self, start: NDArray[np.floating], seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        self._frame: Doubles = start.astype(np.float64)
        self._path: Path | None = None
        self._done = 0.0

    @property
    def frame(self) -> Doubles:
        """The frame (d, k) where the tour is."""
        return self._frame

    def advance(self, angle: float, anchors: NDArray[np.floating] | None) -> None:
        """Turn by an ``angle`` in radians; at the end of a path, another one begins.

        Its end is a random plane in the span of ``anchors`` (m, d), such as class weights: in hundreds of
        dimensions nearly all planes show hardly anything of what lies in a few. Without two finite anchors it
        is any plane.
        """
        if self._path is None:
            self._path, self._done = path_between(self._frame, self._target(anchors)), 0.0
        length = max(self._path.length, _FLAT)
        self._done = min(1.0, self._done + angle / length)
        self._frame = self._path.at(self._done)
        if self._done == 1.0:
            self._frame = orthonormal(self._frame, self._frame)  # what rounding adds up to on long tours
            self._path = None

    def hold(self, frame: NDArray[np.floating]) -> None:
        """Go on from another frame (d, k), such as one that was dragged."""
        self._frame, self._path = frame.astype(np.float64), None

    def _target(self, anchors: NDArray[np.floating] | None) -> Doubles:
        dim, count = self._frame.shape
        known = np.zeros((0, dim)) if anchors is None else anchors[np.isfinite(anchors).all(axis=1)]
        rest = self._random.normal(size=(dim, count))
        if len(known) < 2:
            return orthonormal(rest, rest)
        lengths = np.linalg.norm(known, axis=1, keepdims=True)
        directions = np.divide(known, lengths, out=np.zeros(known.shape), where=lengths > 0)
        return orthonormal(directions.T @ self._random.normal(size=(len(known), count)), rest)


def dragged(frame: NDArray[np.floating], direction: NDArray[np.floating], to: tuple[float, float]) -> Doubles:
    """Return the frame turned so that a direction is projected to other coordinates in the first two axes.

    The shortest rotation within the space of the frame and the direction (Cook and Buja 1997, "Manual
    controls for high-dimensional data projections", J. Comput. Graph. Stat. 6): what is perpendicular to
    these stays where it is seen.

    Parameters
    ----------
    frame : (d, k)
        Orthonormal.
    direction : (d,)
        Of any length; zero changes nothing.
    to : (float, float)
        Where the unit vector in this direction should be seen; shortened to a length below 1.
    """
    axes = frame.astype(np.float64)
    length = float(np.linalg.norm(direction))
    if not math.isfinite(length) or length == 0:
        return axes
    vector = direction.astype(np.float64) / length
    seen = vector @ axes
    hidden = vector - axes @ seen
    depth = float(np.linalg.norm(hidden))
    if depth < _FLAT:  # the direction lies in the plane: what is beyond it can be any
        hidden = orthonormal(np.column_stack([axes, np.zeros(len(axes))]), axes)[:, -1]
        depth, basis = 0.0, np.column_stack([axes, hidden])
    else:
        basis = np.column_stack([axes, hidden / depth])
    reach = math.hypot(*to)
    wanted = np.array(to) * min(1.0, _EDGE / reach if reach else 1.0)
    others = seen[2:]  # the third coordinate, in space, keeps its share of what is left
    left = math.sqrt(max(0.0, 1.0 - float(wanted @ wanted)))
    before = math.hypot(depth, *others.tolist())
    tail = np.append(others, depth) * (left / before) if before > _FLAT else np.append(0 * others, left)
    now, then = np.append(seen, depth), np.concatenate([wanted, tail])
    moved: Doubles = basis @ _rotation(then, now)
    return orthonormal(moved[:, : axes.shape[1]], axes)


def _rotation(first: Doubles, second: Doubles) -> Doubles:
    """Return the rotation (m, m) that takes the unit vector ``first`` to ``second`` the shortest way."""
    one, other = first / np.linalg.norm(first), second / np.linalg.norm(second)
    total = one + other
    scale = 1 + float(one @ other)
    if scale < _FLAT:
        return np.eye(len(one))
    rotation: Doubles = np.eye(len(one)) - np.outer(total, total) / scale + 2 * np.outer(other, one)
    return rotation
