"""Distances between many features at once, as `explorer.analysis.labs.distances` defines them for two."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats

Measure = Literal["euclidean", "manhattan", "cosine", "adjusted-cosine"]
Distances = NDArray[np.float64]

_ROUNDING = 1e-12


@np.errstate(invalid="ignore")
def prepared(features: Floats, measure: Measure) -> Distances:
    """Return what `distance` compares (n, d): the features, or their directions for a measure of angles.

    For the adjusted cosine the mean of the features is subtracted before: each component has its own mean
    over all vectors, as a person has over all ratings (Sarwar et al. 2001, "Item-based collaborative
    filtering recommendation algorithms", WWW). All components are NaN where a feature is not finite or has
    no direction.
    """
    vectors = features.astype(np.float64)
    vectors[~np.isfinite(vectors).all(axis=1)] = np.nan
    if measure in ("euclidean", "manhattan"):
        return vectors
    least = np.zeros(len(vectors))
    if measure == "adjusted-cosine":
        least = _ROUNDING * _lengths(vectors)  # less is left by rounding, and points nowhere
        finite = vectors[~np.isnan(vectors[:, 0])]
        vectors -= finite.sum(axis=0) / max(1, len(finite))
    lengths = _lengths(vectors)
    lengths[~(lengths > least)] = np.nan
    return vectors / lengths[:, None]


def distance(first: Distances, second: Distances, measure: Measure) -> Distances:
    """Return the distances of what `prepared` returned, broadcast over all axes but the last one.

    ‖a − b‖, Σ|aᵢ − bᵢ|, or 1 − cos from 0 to 2; NaN where one of both is.
    """
    total = np.zeros(np.broadcast_shapes(first.shape[:-1], second.shape[:-1]))
    for k in range(first.shape[-1]):  # the last axis is short, and NumPy slow along a short one
        one, other = first[..., k], second[..., k]
        if measure == "euclidean":
            total += (one - other) ** 2
        elif measure == "manhattan":
            total += np.abs(one - other)
        else:
            total += one * other
    if measure == "euclidean":
        return np.sqrt(total)
    return total if measure == "manhattan" else np.clip(1 - total, 0, 2)


def _lengths(vectors: Distances) -> Distances:
    lengths: Distances = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    return lengths
