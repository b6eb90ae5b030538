"""Projection: an orthogonal projection as a plain value, and what it shows of the spread of the features."""

from __future__ import annotations

from typing import Literal, TypeVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.products import product

ProjectionKind = Literal["tour", "pca", "pair"]
"""How a projection is chosen: a smooth path, principal components, or what separates two classes."""

Real = TypeVar("Real", np.float32, np.float64)


class Sides(Struct, frozen=True):
    """The exact border between two classes, where the first axis of a projection is its normal.

    The ``first`` class has the larger score where the first coordinate is above ``border``, the ``second``
    one elsewhere, for every feature, wherever else it lies.
    """

    first: int
    second: int
    border: float


class Projection(Struct, frozen=True, eq=False):
    """An orthogonal projection of features (n, d) to coordinates (n, k).

    Attributes
    ----------
    kind : {"tour", "pca", "pair"}
    axes : (d, k)
        Orthonormal columns, k = 2 or 3.
    share : float
        How much of the total variance of the features shown is along these axes, 0 to 1; NaN without any.
    sides : Sides or None
        The border between two classes where it is a straight line in this projection, whatever is left out.
    """

    kind: ProjectionKind
    axes: Floats
    share: float = float("nan")
    sides: Sides | None = None

    @property
    def dimensions(self) -> tuple[int, int]:
        """From how many dimensions d to how many k it leads."""
        return self.axes.shape[0], self.axes.shape[1]

    def apply(self, points: NDArray[Real]) -> NDArray[Real]:
        """Return the coordinates (…, k) of ``points`` (…, d), in their type."""
        axes = self.axes.astype(points.dtype, copy=False)
        if points.ndim != 2:
            result: NDArray[Real] = points @ axes
            return result
        return product(points, axes)

    def of_points(self, points: Floats, total: float) -> Projection:
        """Return it with the share of the ``total`` variance that these projected points (n, k) have."""
        return replace(self, share=min(1.0, total_variance(points) / total) if total > 0 else float("nan"))


def total_variance(points: Floats) -> float:
    """Return the sum of the variances of the coordinates of ``points`` (n, d); 0 without any."""
    if not len(points):
        return 0.0
    middle = points.mean(axis=0, dtype=np.float64)
    squares = np.einsum("nd,nd->", points, points, dtype=np.float64)
    return max(0.0, float(squares) / len(points) - float(middle @ middle))


def orthonormal(directions: NDArray[np.floating], rest: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return orthonormal columns (d, k) that span the columns of ``directions`` (d, k), each near its own.

    A column without a direction of its own is replaced by what is left of a column of ``rest`` (d, m), or of
    an axis of the space.
    """
    found: list[NDArray[np.float64]] = []
    spare = [*rest.T.astype(np.float64), *np.eye(len(directions), directions.shape[1] + 1).T]
    for column in directions.T.astype(np.float64):
        tried = (_beyond(each, found) for each in (column, *spare))
        found.append(next(one for one in tried if one is not None))
    return np.stack(found, axis=1)


def _beyond(vector: NDArray[np.float64], known: list[NDArray[np.float64]]) -> NDArray[np.float64] | None:
    """Return the direction of a vector that is perpendicular to all ``known``; None where there is none."""
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0:
        return None
    rest = vector / length
    for _ in range(2):  # a second time removes what rounding has left (Kahan: "twice is enough")
        for one in known:
            rest = rest - (rest @ one) * one
    left = float(np.linalg.norm(rest))
    return rest / left if left > _NOTHING else None


_NOTHING = 1e-6


def aligned(axes: NDArray[np.float64], before: NDArray[np.floating] | None) -> NDArray[np.float64]:
    """Return axes (d, k) of the same subspace, turned and mirrored to lie as near as can be to those before.

    So a picture whose axes are computed anew for each frame does not flip (orthogonal Procrustes problem).
    """
    if before is None or before.shape != axes.shape:
        return axes
    left, _, right = np.linalg.svd(axes.T @ before)
    turned: NDArray[np.float64] = axes @ (left @ right)
    return turned
