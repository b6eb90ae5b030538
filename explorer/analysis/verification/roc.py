"""Receiver operating characteristic of a verification by distance, and rates with their intervals."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct

from explorer.analysis.verification.distances import Distances

FALSE_ACCEPTS = (0.1, 0.01, 0.001)
"""False accept rates at which the true accept rate is given."""
_NORMAL_975 = 1.959963984540054
"""The normal distribution has 95% within this many standard deviations."""


class Rate(Struct, frozen=True):
    """A rate with its 95% confidence interval; all NaN where it is not known."""

    value: float
    low: float
    high: float


UNKNOWN = Rate(math.nan, math.nan, math.nan)


class Roc(Struct, frozen=True, eq=False):
    """All operating points (k,), from accepting nothing to accepting everything.

    A pair is accepted where its distance is at most the threshold. ``far`` and ``tar`` are the accepted
    fractions of different and of same pairs, both rising; ``thresholds`` begin with −∞. ``area`` under the
    curve is the probability that a same pair is nearer than a different one.
    """

    far: Distances
    tar: Distances
    thresholds: Distances
    area: float


class Outcomes(Struct, frozen=True):
    """Numbers of pairs by what is decided at a threshold: accepted as same, or rejected."""

    true_accepts: int
    false_rejects: int
    false_accepts: int
    true_rejects: int


class EqualErrors(Struct, frozen=True):
    """The rate at which false accepts and false rejects are equally frequent, and its threshold."""

    rate: float
    threshold: float


def roc_curve(same: Distances, different: Distances) -> Roc | None:
    """Return the curve of rising distances of same and of different pairs; None where a kind is absent."""
    if not (len(same) and len(different)):
        return None
    distances = np.sort(np.concatenate([same, different]))
    last = np.append(distances[1:] != distances[:-1], True)  # pairs of equal distance are accepted together
    thresholds = distances[last]
    tar = np.append(0.0, np.searchsorted(same, thresholds, side="right") / len(same))
    far = np.append(0.0, np.searchsorted(different, thresholds, side="right") / len(different))
    area = float(np.sum(np.diff(far) * (tar[1:] + tar[:-1])) / 2)
    return Roc(far, tar, np.append(-math.inf, thresholds), area)


def outcomes(same: Distances, different: Distances, threshold: float) -> Outcomes:
    """Return the four counts at a threshold; the distances are rising."""
    accepted = int(np.searchsorted(same, threshold, side="right"))
    wrong = int(np.searchsorted(different, threshold, side="right"))
    return Outcomes(accepted, len(same) - accepted, wrong, len(different) - wrong)


def equal_errors(roc: Roc) -> EqualErrors:
    """Return where the curve, with straight lines between its points, meets TAR = 1 − FAR."""
    excess = roc.far + roc.tar - 1  # rises from −1 to 1
    after = int(np.argmax(excess >= 0))
    before = after - 1
    share = -excess[before] / (excess[after] - excess[before])
    rate = roc.far[before] + share * (roc.far[after] - roc.far[before])
    low, high = roc.thresholds[before], roc.thresholds[after]
    return EqualErrors(float(rate), float(high if math.isinf(low) else low + share * (high - low)))


def tar_at(roc: Roc, far: float, pairs: int, independent: int) -> Rate:
    """Return the largest true accept rate with at most this false accept rate.

    Unknown where a single one of the ``pairs`` different pairs is more than ``far``. The interval is
    `wilson`'s of the number of ``independent`` same pairs, which have no image in common: the pairs of one
    image are alike, so that counting all would promise too much. The threshold is taken as given.
    """
    if 1 / pairs > far * (1 + 1e-9):
        return UNKNOWN
    place = int(np.searchsorted(roc.far, far * (1 + 1e-12), side="right")) - 1
    return wilson(float(roc.tar[place]), independent)


def wilson(value: float, count: int) -> Rate:
    """Return a rate that was seen in ``count`` independent trials with its 95% interval (Wilson 1927, JASA).

    It stays within 0 and 1, and has a width where nothing or everything succeeded.
    """
    if not count:
        return UNKNOWN
    share = _NORMAL_975**2 / count
    middle = (value + share / 2) / (1 + share)
    half = math.sqrt(share * (value * (1 - value) + share / 4)) / (1 + share)
    return Rate(value, min(value, max(0.0, middle - half)), max(value, min(1.0, middle + half)))
