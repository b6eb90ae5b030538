"""Observation: what detectors of events need of a frame."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Floats, ProbeSet, Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.products import product
from explorer.analysis.statistics.angles import ABSENT
from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.core.protocol.messages import TEST

_MOST_SCORES = 30_000
"""Scores computed for an observation, images times classes: 3,000 images of 10 classes.

Of more images, evenly spaced ones are observed: it takes a millisecond however many a frame has.
"""
_FEWEST = 10
"""Images of each class that are observed nevertheless, where there are as many."""
_RIDGE, _TINY = 1e-9, 1e-290
"""Added to the diagonal of a covariance, relative to the squared distances, so that it has an inverse.

Their product is a normal number: a process that trains takes smaller ones for zero.
"""

_Doubles = NDArray[np.float64]
_Counts = NDArray[np.int64]


class Observed(Struct, frozen=True, eq=False):
    """The images that are observed, those of a class adjacent.

    ``rows`` (n,) of the probe set, their ``labels`` (n,), the number of images of each class, ``counts``
    (C,), and the names of the classes, empty where there are none.
    """

    rows: Rows
    labels: NDArray[np.intp]
    counts: _Counts
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, probe: ProbeSet) -> Observed:
        """Return the test images of a probe set, or all images if there are none; thinned if many.

        Without those of classes left out of training, of which no prediction is right.
        """
        rows = np.flatnonzero((probe.split == TEST) & probe.judged)
        if not len(rows):
            rows = np.flatnonzero(probe.judged)
        rows = rows[np.argsort(probe.labels[rows], kind="stable")]
        most = max(_MOST_SCORES // probe.num_classes, _FEWEST * probe.num_classes)
        if len(rows) > most:
            rows = rows[np.linspace(0, len(rows) - 1, most).astype(np.intp)]
        labels = probe.labels[rows].astype(np.intp)
        return cls(rows, labels, np.bincount(labels, minlength=probe.num_classes), probe.class_names)


class Observation(Struct, frozen=True, eq=False):
    """The n observed images of a frame with C classes.

    Attributes
    ----------
    step : int
        Step of the frame.
    predictions : (n,)
        The class with the largest score; `ABSENT` where a feature is not finite.
    counts : (C,)
        Number of images of each class.
    right, predicted : (C,)
        Number of correctly predicted images of each class, and of images predicted as each class.
    lengths : (C,)
        Mean length of the features of each class; NaN for a class without images.
    separations : (C, C)
        How far two classes are apart, see `separations`.
    spread : float
        Root mean square of the distances of all features from their mean; NaN where one is not finite.
    names : tuple of str
        Names of the classes, empty where they are numbers.
    """

    step: int
    predictions: NDArray[np.int16]
    counts: _Counts
    right: _Counts
    predicted: _Counts
    lengths: _Doubles
    separations: _Doubles
    spread: float
    names: tuple[str, ...] = ()

    def name(self, label: int) -> str | int:
        """Return the name of a class, its number where there are no names."""
        return self.names[label] if self.names else label

    @property
    def accuracies(self) -> _Doubles:
        """Fraction (C,) of the images of each class that are predicted correctly; 0 for an absent class."""
        fractions: _Doubles = self.right / np.maximum(self.counts, 1)
        return fractions

    @property
    def accuracy(self) -> float:
        """Fraction of all images that are predicted correctly."""
        return float(self.right.sum() / max(1, self.counts.sum()))


@np.errstate(invalid="ignore", over="ignore")
def observe(snapshot: Snapshot, observed: Observed) -> Observation:
    """Return the observation of a frame."""
    features, labels, classes = snapshot.features[observed.rows], observed.labels, len(observed.counts)
    head = head_of(snapshot)
    values = head.scores(features)
    predictions = values.argmax(axis=1)
    largest = values[np.arange(len(values)), predictions]
    finite = np.isfinite(features.sum(axis=1)) & ~np.isnan(largest)
    predictions[~finite] = ABSENT
    points = unit(features) if head.ignores_length else features
    return Observation(
        step=snapshot.step,
        predictions=predictions.astype(np.int16),
        counts=observed.counts,
        right=np.bincount(labels[predictions == labels], minlength=classes),
        predicted=np.bincount(predictions[predictions != ABSENT], minlength=classes),
        lengths=_means(np.sqrt(np.einsum("nd,nd->n", features, features, dtype=np.float64)), observed),
        separations=separations(np.where(finite[:, None], points, np.float32(np.nan)), observed),
        spread=float(np.sqrt(features.var(axis=0, dtype=np.float64).sum())),
        names=observed.names,
    )


@np.errstate(invalid="ignore", over="ignore")
def separations(points: Floats, observed: Observed) -> _Doubles:
    """Return how far the points (n, d) of every two classes are apart: (C, C), symmetric.

    It is the sensitivity index d′ along the direction that separates the two best, the Mahalanobis distance
    of their means: √((m_a − m_b)ᵀ S⁻¹ (m_a − m_b)) with the mean S of their covariances (Fisher 1936). At 0
    no straight line tells them apart; at 3, where the best one is right for 93% of two normal distributions,
    they hardly overlap. It is the same for all linear images of the points, so that losses can be compared.

    In more than three dimensions it is d′ along the line through the two means: covariances of hundreds of
    directions need more images than a class has, and without them any two classes seem far apart.

    NaN for classes without images, and where points are not finite.
    """
    if points.shape[1] > FEW_DIMENSIONS:
        return _separations_by_line(points, observed)
    columns = np.ascontiguousarray(points.T, dtype=np.float64)  # (d, n): long rows are faster
    means = _means(columns, observed)  # (d, C)
    squares = _means(columns[:, None] * columns, observed)  # (d, d, C)
    covariances = np.moveaxis(squares - means[:, None] * means, -1, 0)  # (C, d, d)
    result = np.full((len(observed.counts),) * 2, math.nan)
    known = np.flatnonzero(np.isfinite(covariances).all(axis=(1, 2)))
    first, second = (known[places] for places in np.triu_indices(len(known), 1))
    apart = (means[:, first] - means[:, second]).T  # (pairs, d)
    within = (covariances[first] + covariances[second]) / 2
    size = np.trace(within, axis1=1, axis2=2) + (apart**2).sum(axis=1)
    # All points of two classes may coincide, or lie on a line.
    within += _RIDGE * (size + _TINY)[:, None, None] * np.eye(len(columns))
    distances = np.sqrt(np.einsum("pd,pd->p", apart, np.linalg.solve(within, apart[..., None])[..., 0]))
    result[first, second] = result[second, first] = distances
    return result


def _separations_by_line(points: Floats, observed: Observed) -> _Doubles:
    """Return d′ (C, C) along the line through the means: ‖Δ‖² / √(variance of Δ·x within the classes)."""
    features, classes = points.astype(np.float64), len(observed.counts)
    finite = features[np.isfinite(features).all(axis=1)]
    features -= finite.mean(axis=0) if len(finite) else 0.0  # about the origin, little cancels
    means = _means(np.ascontiguousarray(features.T), observed).T  # (C, d)
    along = product(features, np.ascontiguousarray(means.T))  # (n, C)
    # By how much more each image is along the mean of its class than along that of another one.
    ahead = along[np.arange(len(along)), observed.labels][:, None] - along  # (n, C)
    middle = _means(np.ascontiguousarray(ahead.T), observed).T  # (class of the image, other class)
    variances = _means(np.ascontiguousarray(ahead.T) ** 2, observed).T - middle**2
    products = means @ means.T
    lengths = np.diagonal(products)
    squares = lengths[:, None] + lengths - 2 * products  # ‖Δ‖²
    within = (variances + variances.T) / 2 + _RIDGE * squares**2  # a class may be a single point
    result = np.divide(squares, np.sqrt(within), out=np.zeros_like(squares), where=within > 0)
    result[np.isnan(within)] = math.nan
    result[np.arange(classes), np.arange(classes)] = math.nan
    return result


def _means(values: _Doubles, observed: Observed) -> _Doubles:
    """Return the means (…, C) over each class of values of the images (…, n), NaN for an absent class."""
    present = np.flatnonzero(observed.counts)
    means = np.full((*values.shape[:-1], len(observed.counts)), math.nan)
    if len(present):
        starts = (np.cumsum(observed.counts) - observed.counts)[present]
        means[..., present] = np.add.reduceat(values, starts, axis=-1) / observed.counts[present]
    return means
