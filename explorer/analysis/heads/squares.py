"""Weighted squared distances of many features from a few points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.products import product
from explorer.core.dimensions import FEW_DIMENSIONS


def weighted_squares(
    points: NDArray[np.floating], centers: NDArray[np.floating], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Σ_k w_jk·(x_ik − c_jk)² (n, C) in float64.

    Parameters
    ----------
    points : (n, d)
    centers : (C, d)
        NaN in a row gives NaN for all points.
    weights : (C, d)
    """
    if points.shape[1] <= FEW_DIMENSIONS:
        columns = np.ascontiguousarray(points.T, dtype=np.float64)  # (d, n): long rows are faster by far
        result = np.empty((len(points), len(centers)))
        for k, (center, weight) in enumerate(zip(centers, weights, strict=True)):
            result[:, k] = sum((x - at) ** 2 * w for x, at, w in zip(columns, center, weight, strict=True))
        return result
    # The square expanded, about the mean of the centres, so that little cancels: three products of matrices.
    known = centers[np.isfinite(centers).all(axis=1)].astype(np.float64)
    middle = known.mean(axis=0) if len(known) else np.zeros(points.shape[1])
    features, at = points.astype(np.float64) - middle, centers.astype(np.float64) - middle
    squares: NDArray[np.float64] = product(features**2, weights.T) - 2 * product(features, (weights * at).T)
    squares += (weights * at**2).sum(axis=1)
    np.maximum(squares, 0, out=squares)  # NaN stays
    return squares
