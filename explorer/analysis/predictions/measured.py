"""What a run shows of that which was predicted: where its classes lie, how far apart, how spread out."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import class_means, mean_reference
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.frames.trained_part import trained_part
from explorer.analysis.heads.squares import weighted_squares
from explorer.analysis.median import median
from explorer.analysis.statistics.class_angles import class_angles
from explorer.analysis.statistics.classes import class_facts
from explorer.core.protocol.messages import TEST

Points = NDArray[np.float64]
Labels = NDArray[np.uint8]


class Measured(Struct, frozen=True, eq=False):
    """What is measured of a frame, over its test images; NaN for what it does not have.

    Classes left out of training have a mean, and are in nothing else.

    Attributes
    ----------
    means : (C, d)
        The mean feature of each class.
    gap : float
        The angle in radians from the direction of a class mean to that of the nearest other: the median over
        the classes.
    accuracy : float
        The fraction of test images that are classified correctly.
    fan : float
        The root mean square deviation of features along the ray through the mean of their class, over that
        across it: above 1 a class is longer than it is wide. The median over the classes.
    packing : float
        The root mean square distance of features to the mean of their class, over the distance from there to
        the nearest other mean: small for classes that are compact and far apart. The median over the classes.
    angular_spread : float
        The root mean square angle in radians between features and the middle of their class: the median.
    """

    means: Points
    gap: float
    accuracy: float
    fan: float
    packing: float
    angular_spread: float


def measure(snapshot: Snapshot) -> Measured:
    """Return what is measured of a frame."""
    part = trained_part(snapshot)
    probe = part.probe
    shown = (probe.split == TEST) & np.isfinite(part.features).all(axis=1)
    features, labels = part.features[shown].astype(np.float64), probe.labels[shown]
    means = class_means(part.features[shown], labels, probe.num_classes).astype(np.float64)
    angles = class_angles(mean_reference(part, TEST), probe.num_classes)
    return Measured(
        means=_means_of_all(snapshot),
        gap=_median(_least(angles)),
        accuracy=snapshot.scalars.get("test_accuracy", np.nan),
        fan=_median(_fan(features, labels, means)),
        packing=_median(_packing(features, labels, means)),
        angular_spread=_median(class_facts(part, TEST).spread),
    )


def _means_of_all(snapshot: Snapshot) -> Points:
    """Return the mean feature (C, d) of each class, those left out of training among them."""
    probe = snapshot.probe
    shown = (probe.split == TEST) & np.isfinite(snapshot.features).all(axis=1)
    return class_means(snapshot.features[shown], probe.labels[shown], probe.num_classes).astype(np.float64)


def _fan(features: Points, labels: Labels, means: Points) -> Points:
    """Return for each class its length along the ray over its width across it, per direction across."""
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    rays = np.divide(means, lengths, out=np.full_like(means, np.nan), where=lengths > 0)
    away = features - means[labels]
    along = (away * rays[labels]).sum(axis=1)
    across = np.maximum((away**2).sum(axis=1) - along**2, 0) / max(1, features.shape[1] - 1)
    wide = _per_class(across, labels, len(means))
    ratios = np.divide(
        _per_class(along**2, labels, len(means)), wide, out=np.full(len(means), np.nan), where=wide > 0
    )
    fans: Points = np.sqrt(ratios)
    return fans


def _packing(features: Points, labels: Labels, means: Points) -> Points:
    """Return for each class the distance of its features to its mean over that to the nearest other mean."""
    gaps = np.sqrt(weighted_squares(means, means, np.ones(means.shape)))
    np.fill_diagonal(gaps, np.nan)
    nearest = _least(gaps)
    within = np.sqrt(_per_class(((features - means[labels]) ** 2).sum(axis=1), labels, len(means)))
    shares: Points = np.divide(within, nearest, out=np.full(len(means), np.nan), where=nearest > 0)
    return shares


def _per_class(values: Points, labels: Labels, classes: int) -> Points:
    """Return the mean (C,) over the images of each class, NaN for a class without one."""
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, values, minlength=classes)
    averages: Points = np.divide(sums, counts, out=np.full(classes, np.nan), where=counts > 0)
    return averages


def _least(table: Points) -> Points:
    """Return the smallest number of each row (C,), NaN where there is none."""
    least = np.where(np.isnan(table), np.inf, table).min(axis=1, initial=np.inf)
    return np.where(np.isinf(least), np.nan, least)


def _median(values: Points) -> float:
    return median(values[np.isfinite(values)])
