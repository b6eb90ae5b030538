"""Where marks are painted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

_ROUNDS = 12
_APART = 0.95
"""Part of the distance at which places are far enough from one another."""
_FARTHEST = 1.7
_PLANE = np.array([1, 1j])
"""Makes (x, y) the complex number x + yi, so that one array operation moves both."""


def keep_apart(
    places: NDArray[np.float64], distance: float, fixed: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return ``places`` (n, 2) pushed apart until they are about ``distance`` from one another.

    Each moves by at most a few times ``distance``, so that it still belongs to its point; away from ``fixed``
    places (m, 2), too, which do not move.
    """
    count = len(places)
    homes = (places if fixed is None else np.concatenate([places, fixed])) @ _PLANE
    first, second = _pairs(count, len(homes))
    apart = np.abs(homes[first] - homes[second])
    if apart.min(initial=np.inf) >= _APART * distance:
        return places
    at = homes.copy()
    # Only places whose homes are this near can ever touch: with 256 classes a few pairs in a hundred.
    near = apart < (1 + 2 * _FARTHEST) * distance
    first, second = first[near], second[near]
    share = np.where(second < count, 0.5, 1.0)  # one beside a fixed place goes all the way
    # The golden angle sends places that coincide different ways.
    own_way = np.exp(2.399963j * np.arange(len(homes)))
    for _round in range(_ROUNDS):
        gap = at[first] - at[second]
        length = np.abs(gap)
        if length.min() >= _APART * distance:
            break
        together, along = length < 1e-3, gap / np.maximum(length, 1e-3)
        push = np.maximum(distance - length, 0) * share
        away = at - homes
        for ends, way in ((first, along), (second, -along)):
            move = push * np.where(together, own_way[ends], way)
            away.real += np.bincount(ends, move.real, len(homes))
            away.imag += np.bincount(ends, move.imag, len(homes))
        away[count:] = 0
        at = homes + away * np.minimum(1.0, _FARTHEST * distance / np.maximum(np.abs(away), 1e-9))
    return np.stack([at.real, at.imag], axis=1)[:count]


@lru_cache(4)
def _pairs(count: int, total: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the two numbers (m,) of each pair of ``total`` places with one of the first ``count``."""
    first, second = np.triu_indices(count, k=1, m=total)
    return first, second


def points_of(places: NDArray[np.floating]) -> Sequence[QPointF]:
    """Return positions (n, 2) in pixels as Qt points."""
    return [QPointF(x, y) for x, y in places.tolist()]
