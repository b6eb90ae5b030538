"""Principal components: the directions along which points vary most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.products import BLOCK, product
from explorer.analysis.projection.projection import Projection, aligned, orthonormal

_MOST_POINTS = 1000
"""Points that are looked at, evenly spaced among all."""
_DIRECT = 16
"""Dimensions up to which the covariance is decomposed as a whole, in no time."""
_MORE, _ROUNDS = 6, 5
"""Directions that are found besides those asked for, and rounds in which they are improved."""


def principal_axes(
    points: Floats, count: int, without: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the ``count`` leading principal components (d, count) of ``points`` (n, d), orthonormal.

    Above 16 dimensions by subspace iteration from a fixed start (Halko, Martinsson and Tropp 2011), on one
    thread: a full decomposition uses all cores, and beside a run that trains it takes half a second.
    Points that are not finite are left out; where the points vary in fewer directions, the rest are any.

    Parameters
    ----------
    points : (n, d)
    count : int
    without : (d, m), optional
        Orthonormal directions, to which all components are perpendicular.
    """
    centred = _centred(points)
    if without is not None:
        centred -= (centred @ without) @ without.T
    dim = centred.shape[1]
    start = np.random.default_rng(0).normal(size=(dim, min(dim, count + _MORE)))
    if dim <= _DIRECT:
        basis = np.linalg.eigh(centred.T @ centred)[1]
    else:
        basis = np.linalg.qr(start)[0]
        for _ in range(_ROUNDS):
            basis = np.linalg.qr(_spread_along(centred, basis))[0]
        seen = product(centred, basis)
        basis = basis @ np.linalg.eigh(seen.T @ seen)[1]
    best = basis[:, ::-1][:, :count]
    if without is None:
        return best
    return orthonormal(np.concatenate([without, best], axis=1), start)[:, without.shape[1] :]


def _spread_along(centred: NDArray[np.float64], basis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return XᵀXB (d, m) for points X (n, d) and a basis B (d, m), in parts as `product`."""
    rows = max(1, BLOCK // basis.size)
    total = np.zeros(basis.shape)
    for first in range(0, len(centred), rows):
        part = centred[first : first + rows]
        total += part.T @ (part @ basis)
    return total


def pca(points: Floats, count: int, before: NDArray[np.floating] | None = None) -> Projection:
    """Return the projection to the ``count`` leading principal components of ``points`` (n, d).

    With the axes (d, count) of the frame ``before``, turned to lie as near to them as can be.
    """
    return Projection("pca", aligned(principal_axes(points, count), before).astype(np.float32))


def _centred(points: Floats) -> NDArray[np.float64]:
    """Return at most `_MOST_POINTS` of the finite points, less their mean."""
    if len(points) > _MOST_POINTS:
        points = points[np.linspace(0, len(points) - 1, _MOST_POINTS).astype(np.intp)]
    some = points.astype(np.float64)
    some = some[np.isfinite(some).all(axis=1)]
    return some - some.mean(axis=0) if len(some) else np.zeros((1, points.shape[1]))
