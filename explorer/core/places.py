"""The place of each image among those of its class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def places_in_class(labels: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return how many entries of the same class come before each of ``labels`` (n,), classes from 0."""
    order = np.argsort(labels, kind="stable")
    numbers = np.bincount(labels)
    places = np.empty(len(labels), np.intp)
    places[order] = np.arange(len(labels)) - (numbers.cumsum() - numbers)[labels[order]]
    return places
