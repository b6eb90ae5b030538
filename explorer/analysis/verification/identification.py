"""Identification: which class of a gallery a probe belongs to, and whether to any."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Labels
from explorer.analysis.pauses import pause_point
from explorer.analysis.verification.distances import Distances, Measure, distance
from explorer.analysis.verification.roc import UNKNOWN, Rate, wilson

OPEN_SET_FAR = 0.01
"""False accept rate of the open set."""
_BLOCK = 20_000
"""Distances that are computed at once, in less than a millisecond."""


class Identification(Struct, frozen=True):
    """What the nearest image of the gallery says of the probes.

    ``rank_1`` is the fraction of probes whose nearest image of the gallery is of their class. ``open_set`` is
    the detection and identification rate: the same fraction where the nearest image must also lie within a
    threshold, at which `OPEN_SET_FAR` of the probes whose class is absent from the gallery are accepted;
    each class in turn is absent. Both intervals count the probes, and take the gallery as given.
    """

    rank_1: Rate
    open_set: Rate


NOBODY = Identification(UNKNOWN, UNKNOWN)


def identification(
    gallery: Distances,
    gallery_labels: Labels,
    probes: Distances,
    probe_labels: Labels,
    measure: Measure,
) -> Identification:
    """Return the rates for features (g, d) and (p, d) as `prepared` returns them; gallery labels rise.

    Probes of a class without an image in the gallery are left out. A tie between two classes counts as an
    error, and so does a probe without a distance.
    """
    known = np.isin(probe_labels, gallery_labels)
    probes, probe_labels = probes[known], probe_labels[known]
    if not len(probes):
        return NOBODY
    first = np.flatnonzero(np.diff(gallery_labels.astype(np.intp), prepend=-1))
    table = _class_distances(gallery, first, probes, measure)
    own_class = np.searchsorted(gallery_labels[first], probe_labels)
    each, count = np.arange(len(table)), len(first)
    own = table[each, own_class]
    table[each, own_class] = math.inf
    if count == 1:
        return Identification(wilson(float(np.isfinite(own).mean()), len(own)), UNKNOWN)
    two = min(2, count - 1)
    nearest = np.partition(table, range(two), axis=1)[:, :two]  # of the other classes
    rank_1 = own < nearest[:, 0]
    # With the nearest other class absent, which is one turn of C − 1, only the second nearest competes.
    without = own < nearest[:, 1] if count > 2 else np.isfinite(own)
    threshold = _accepting(nearest[:, 0], OPEN_SET_FAR)
    found = (own <= threshold) * ((count - 2) * rank_1 + without) / (count - 1)
    enough = 1 / len(own) <= OPEN_SET_FAR
    return Identification(
        wilson(float(rank_1.mean()), len(own)), wilson(float(found.mean()), len(own)) if enough else UNKNOWN
    )


def _class_distances(
    gallery: Distances, first: NDArray[np.intp], probes: Distances, measure: Measure
) -> Distances:
    """Return the distance (p, C) of each probe to the nearest image of each class, ∞ for none.

    The images of a class begin at its entry of ``first`` (C,).
    """
    result = np.empty((len(probes), len(first)))
    rows = max(1, _BLOCK // len(gallery))
    for start in range(0, len(probes), rows):
        pause_point()
        found = distance(probes[start : start + rows, None], gallery[None], measure)
        found[np.isnan(found)] = math.inf
        result[start : start + rows] = np.minimum.reduceat(found, first, axis=1)
    return result


def _accepting(distances: Distances, rate: float) -> float:
    """Return the largest of the distances at which at most ``rate`` of them are accepted; −∞ for none."""
    rising = np.sort(distances)
    most = int(rate * len(rising) * (1 + 1e-12))
    below = rising[: most + 1]
    fitting = below[np.searchsorted(rising, below, side="right") <= most]
    return float(fitting[-1]) if len(fitting) and np.isfinite(fitting[-1]) else -math.inf
