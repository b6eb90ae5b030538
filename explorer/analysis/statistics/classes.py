"""Facts about each class of a snapshot: confusion, accuracy, spread, and the nearest other class."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import Reference, class_means, unit
from explorer.analysis.frames.snapshot import Floats, ProbeSet, Snapshot
from explorer.analysis.heads.classifier import reference_rows
from explorer.analysis.heads.registry import head_of
from explorer.analysis.statistics.angles import ABSENT, neighbours
from explorer.analysis.statistics.samples import facts_of

Counts = NDArray[np.int64]


class ClassFacts(Struct, frozen=True, eq=False):
    """Confusion and geometry of the C classes, over the images of one split.

    ``confusion`` (C, C) counts the images of each class (rows) by prediction (columns). The rest has an entry
    per class, NaN for one without an image: ``accuracy``, NaN too for a class left out of training;
    ``spread``, the root mean square angle in radians between features and the mean direction of their class;
    ``radius``, the mean distance to the centre of the class or, without learned centres, to its mean;
    ``nearest``, the class whose weight or mean is nearest in angle, and ``nearest_angle`` to it in radians;
    ``weight_length``, the length of its weight where the classifier uses that, else NaN.
    ``unseen`` are the classes left out of training, which have images and predictions, but none is right;
    ``names`` are those of the classes, empty where they are numbers.
    """

    confusion: Counts
    counts: Counts
    accuracy: NDArray[np.float64]
    spread: NDArray[np.float64]
    radius: NDArray[np.float64]
    nearest: NDArray[np.intp]
    nearest_angle: Floats
    weight_length: NDArray[np.float64]
    unseen: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()

    def name(self, label: int) -> str:
        """Return the name of a class, its number where there are no names."""
        return self.names[label] if self.names else str(label)


def class_facts(snapshot: Snapshot, split: int) -> ClassFacts:
    """Return the facts of all classes over the images of a split."""
    facts, probe = facts_of(snapshot), snapshot.probe
    rows = np.flatnonzero((probe.split == split) & (facts.prediction != ABSENT))
    labels, classes = probe.labels[rows].astype(np.intp), probe.num_classes
    confusion = np.bincount(labels * classes + facts.prediction[rows], minlength=classes**2)
    confusion = confusion.reshape(classes, classes)
    counts = confusion.sum(axis=1)
    directions = unit(snapshot.features[rows])
    middles = Reference("means", class_means(directions, probe.labels[rows], classes), np.arange(classes))
    off_middle = neighbours(directions, probe.labels[rows], middles).own.astype(np.float64)
    nearest, nearest_angle = _nearest_classes(reference_rows(snapshot, split), classes)
    return ClassFacts(
        confusion=confusion,
        counts=counts,
        accuracy=_accuracy(confusion, probe),
        spread=np.sqrt(_mean(np.bincount(labels, off_middle**2, minlength=classes), counts)),
        radius=_mean(np.bincount(labels, facts.distance[rows], minlength=classes), counts),
        nearest=nearest,
        nearest_angle=nearest_angle,
        weight_length=_weight_lengths(snapshot),
        unseen=probe.unseen,
        names=probe.class_names,
    )


def confused_rows(snapshot: Snapshot, split: int, label: int, prediction: int | None) -> NDArray[np.intp]:
    """Return the rows of a split's images of class ``label`` predicted as ``prediction``; None for any."""
    facts, probe = facts_of(snapshot), snapshot.probe
    chosen = (probe.split == split) & (probe.labels == label)
    if prediction is not None:
        chosen &= facts.prediction == prediction
    return np.flatnonzero(chosen)


def _accuracy(confusion: Counts, probe: ProbeSet) -> NDArray[np.float64]:
    accuracy = _mean(np.diagonal(confusion), confusion.sum(axis=1))
    accuracy[list(probe.unseen)] = np.nan
    return accuracy


def _weight_lengths(snapshot: Snapshot) -> NDArray[np.float64]:
    """Return the lengths (C,) of the class weights; NaN where they do not count, or a class has several."""
    weight, classes = snapshot.weight, snapshot.probe.num_classes
    if weight is None or len(weight) != classes or not head_of(snapshot).kind.weight_lengths_count:
        return np.full(classes, np.nan)
    lengths: NDArray[np.float64] = np.linalg.norm(weight.astype(np.float64), axis=1)
    return lengths


def _mean(sums: NDArray[np.generic], counts: Counts) -> NDArray[np.float64]:
    result = np.full(len(counts), np.nan)
    np.divide(sums, counts, out=result, where=counts > 0)
    return result


def _nearest_classes(reference: Reference, classes: int) -> tuple[NDArray[np.intp], Floats]:
    """Return for each class the nearest other class by the angle of any of their rows, and that angle."""
    known = np.isfinite(reference.rows).all(axis=1)
    rows, labels = reference.rows[known], reference.labels[known]
    found = neighbours(rows, labels.astype(np.int32), reference)
    nearest, angles = np.full(classes, ABSENT), np.full(classes, np.nan, dtype=np.float32)
    for row in np.argsort(-found.other, kind="stable").tolist():  # the smallest angle of a class comes last
        if found.other_class[row] != ABSENT:
            nearest[labels[row]], angles[labels[row]] = found.other_class[row], found.other[row]
    return nearest, angles
