"""The distribution of the angles of many images to their true class and to the nearest other class."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import ReferenceKind
from explorer.analysis.frames.selection import Mask, Rows
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import reference_rows
from explorer.analysis.statistics.angles import Angles, AngleSummary, angle_histogram, neighbours, summarize


class ImageAngles(Struct, frozen=True, eq=False):
    """Angles (m,) in radians of images in ``rows``: ``own`` to the true class, ``other`` to the nearest."""

    kind: ReferenceKind
    rows: Rows
    own: Angles
    other: Angles

    def part(self, chosen: Mask) -> ImageAngles:
        """Return the angles of the images that ``chosen`` (m,) masks."""
        return ImageAngles(self.kind, self.rows[chosen], self.own[chosen], self.other[chosen])


class AngleDistribution(Struct, frozen=True, eq=False):
    """Statistics of the angles of many images.

    ``own_shares`` and ``other_shares`` are their histograms (BINS,), as fractions. ``overlap`` is the overlap
    coefficient of the two: the sum over bins of the smaller fraction, from 0 (separate) to 1 (identical).
    ``nearer_other`` is the fraction of images whose angle to the true class exceeds that to the nearest other
    class, which the angle alone would misclassify. Both are NaN if no image has both angles.
    """

    own: AngleSummary
    other: AngleSummary
    own_shares: NDArray[np.float64]
    other_shares: NDArray[np.float64]
    overlap: float
    nearer_other: float


def image_angles(snapshot: Snapshot, split: int, shown: Mask) -> ImageAngles:
    """Return the angles of the images of a split that ``shown`` (n,) masks and whose feature is finite.

    Classes left out of training have no class weight to compare with, and are not among them. Without class
    weights they are angles to the class means of the split.
    """
    rows = np.flatnonzero((snapshot.probe.split == split) & snapshot.probe.judged & shown)
    features = snapshot.features[rows]
    finite = np.isfinite(features).all(axis=1)
    if not finite.all():
        rows, features = rows[finite], features[finite]
    reference = reference_rows(snapshot, split)
    found = neighbours(features, snapshot.probe.labels[rows], reference)
    return ImageAngles(reference.kind, rows, found.own, found.other)


def distribution(angles: ImageAngles) -> AngleDistribution:
    """Return the statistics of angles."""
    own, other = angle_histogram(angles.own), angle_histogram(angles.other)
    both = int(np.count_nonzero(np.isfinite(angles.own) & np.isfinite(angles.other)))
    past = int(np.count_nonzero(angles.own > angles.other))
    return AngleDistribution(
        own=summarize(angles.own),
        other=summarize(angles.other),
        own_shares=own,
        other_shares=other,
        overlap=float(np.minimum(own, other).sum()) if both else math.nan,
        nearer_other=past / both if both else math.nan,
    )
