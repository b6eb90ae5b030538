"""Circular histogram (rose diagram) of the directions of features in the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Labels
from explorer.analysis.plane.geometry import FULL_TURN

SECTORS = 120
"""Sectors of a full turn, three degrees each."""

Rose = NDArray[np.intp]


def rose(features: Floats, labels: Labels, num_classes: int) -> Rose:
    """Return the number (C, SECTORS) of features of each class in each sector, anticlockwise from axis x₁.

    Parameters
    ----------
    features : (n, 2)
        A feature of length zero has no direction and is left out, as is one that is not finite.
    labels : (n,)
    num_classes : int
        C.
    """
    pointing = np.isfinite(features).all(axis=1) & features.any(axis=1)
    turns = np.arctan2(features[pointing, 1], features[pointing, 0]) / FULL_TURN
    sectors = np.floor(turns % 1 * SECTORS).astype(np.intp) % SECTORS
    places = labels[pointing].astype(np.intp) * SECTORS + sectors
    return np.bincount(places, minlength=num_classes * SECTORS).reshape(num_classes, SECTORS)
