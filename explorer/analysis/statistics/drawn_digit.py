"""A drawn digit: its feature, its classification, and the images nearest to it."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.references import ReferenceKind, unit
from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.frames.weak_cache import weakly_cached
from explorer.analysis.heads.classifier import log_softmax, logits, reference_rows
from explorer.analysis.heads.registry import head_of
from explorer.analysis.statistics.angles import ABSENT, Angles, neighbours
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import _

NEAREST = 8
"""Images of the probe set that are shown beside a drawn digit."""


class DrawnDigit(Struct, frozen=True, eq=False, weakref=True):
    """The feature ``point`` (1, d) of a drawn digit at ``step``, and the frame to compare it with.

    During training the step is that of the frame, or a later one close to it.
    """

    point: Floats
    step: int
    snapshot: Snapshot


class DigitFacts(Struct, frozen=True, eq=False):
    """The ``prediction``, its softmax probability (``confidence``), and the ``angles`` (C,) to all classes.

    Angles are in radians, to the nearest weight of each class, or to its mean, as ``kind`` tells; NaN for a
    class without one. A feature that is not finite has the prediction `ABSENT`.
    """

    prediction: int
    confidence: float
    angles: Angles
    kind: ReferenceKind

    @property
    def nearest(self) -> int:
        """The class with the smallest angle, `ABSENT` where there is none."""
        known = np.isfinite(self.angles)
        return int(np.nanargmin(self.angles)) if known.any() else ABSENT


class Nearest(Struct, frozen=True, eq=False):
    """The images nearest to a drawn digit: their ``rows`` (k,) in the snapshot, the nearest first.

    ``gaps`` (k,) are angles in radians where ``by_angle``, else Euclidean distances. They are the nearest of
    the ``count`` images of ``split`` in the probe set.
    """

    rows: Rows
    gaps: Angles
    by_angle: bool
    split: int
    count: int


@weakly_cached
@np.errstate(invalid="ignore", over="ignore")
def digit_facts(digit: DrawnDigit) -> DigitFacts:
    """Return the prediction for a drawn digit, and its angles to class weights or means.

    Views that show the same digit share one computation.
    """
    snapshot, point = digit.snapshot, digit.point
    classes = np.arange(snapshot.probe.num_classes)
    reference = reference_rows(snapshot, _split(snapshot))
    values = logits(snapshot, point)
    if not np.isfinite(point).all() or np.isnan(values).any():
        nowhere = np.full(len(classes), np.nan, dtype=np.float32)
        return DigitFacts(ABSENT, float("nan"), nowhere, reference.kind)
    prediction = int(values[0].argmax())
    # One copy of the point for each class, as if it were an image of it.
    copies = np.repeat(point.astype(np.float32), len(classes), axis=0)
    angles = neighbours(copies, classes.astype(np.int32), reference).own
    return DigitFacts(prediction, float(np.exp(log_softmax(values)[0, prediction])), angles, reference.kind)


def digit_text(digit: DrawnDigit) -> str:
    """Return the label of a drawn digit in the feature plot."""
    prediction = digit_facts(digit).prediction
    return (
        _("drawn")
        if prediction == ABSENT
        else _("drawn → {digit}").format(digit=digit.snapshot.probe.name(prediction))
    )


@np.errstate(invalid="ignore", over="ignore")
def nearest_images(digit: DrawnDigit, count: int = NEAREST) -> Nearest:
    """Return the images of the probe set nearest to a drawn digit: training images where there are any.

    Nearest by angle for a classifier that compares angles, else by Euclidean distance.
    """
    snapshot = digit.snapshot
    split = _split(snapshot)
    by_angle = head_of(snapshot).compares_angles
    rows = np.flatnonzero(snapshot.probe.split == split)
    rows = rows[np.isfinite(snapshot.features[rows]).all(axis=1)]
    if not np.isfinite(digit.point).all():
        rows = rows[:0]
    features, point = snapshot.features[rows], digit.point.astype(np.float32)
    if by_angle:
        features, point = unit(features), unit(point)
    gaps = np.linalg.norm(features - point, axis=1)
    near = np.argsort(gaps, kind="stable")[:count]
    shown = gaps[near]
    if by_angle:  # a chord of the unit circle subtends twice the arc sine of its half
        shown = 2 * np.arcsin(np.clip(shown / 2, 0, 1))
    total = int(np.count_nonzero(snapshot.probe.split == split))
    return Nearest(rows[near], shown.astype(np.float32), by_angle, split, total)


def _split(snapshot: Snapshot) -> int:
    return TRAIN if (snapshot.probe.split == TRAIN).any() else TEST
