"""References: the class weights, or class means, that features are compared with."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.given import given_of
from explorer.analysis.frames.snapshot import Floats, Labels, Snapshot

Real = TypeVar("Real", bound=np.floating[Any])
ReferenceKind = Literal["weights", "means"]


class Reference(Struct, frozen=True, eq=False):
    """Class weights or class means: ``rows`` (K, d), NaN for an absent class, and their ``labels`` (K,)."""

    kind: ReferenceKind
    rows: Floats
    labels: NDArray[np.intp]


def mean_reference(snapshot: Snapshot, split: int) -> Reference:
    """Return the class means of the features of a split, of training images by the labels trained with."""
    classes, shown = snapshot.probe.num_classes, snapshot.probe.split == split
    means = class_means(snapshot.features[shown], given_of(snapshot)[shown], classes)
    return Reference("means", means, row_labels(classes, classes))


def row_labels(rows: int, num_classes: int) -> NDArray[np.intp]:
    """Return the class (rows,) of each row of class weights; the rows of a class are adjacent."""
    return np.arange(rows) // max(1, rows // num_classes)


def unit(vectors: NDArray[Real]) -> NDArray[Real]:
    """Return ``vectors`` (n, d) scaled to unit length; zero vectors stay zero."""
    length = np.sqrt(np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64))[
        :, None
    ]  # squares of float32 fit
    result: NDArray[Real] = np.zeros_like(vectors)
    np.divide(vectors, length, out=result, where=length > 0, casting="same_kind")
    return result


def class_means(features: Floats, labels: Labels, num_classes: int) -> Floats:
    """Return the mean feature (C, d) of each class, NaN for one without a feature."""
    counts = np.bincount(labels, minlength=num_classes)[:num_classes, None]
    sums = np.stack(
        [np.bincount(labels, column, minlength=num_classes)[:num_classes] for column in features.T], axis=1
    )
    means = np.full(sums.shape, np.nan, dtype=np.float32)
    np.divide(sums, counts, out=means, where=counts > 0, casting="same_kind")
    return means
