"""The lengths of forces against the angle to the class of the label trained with, as plain values."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.forces.force_frame import ForceFrame, ForceWish, spread_rows
from explorer.analysis.frames.given import given_of
from explorer.analysis.frames.references import mean_reference
from explorer.analysis.frames.selection import Mask
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import weight_reference
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.median import median
from explorer.analysis.statistics.angles import own_and_other_angles
from explorer.analysis.statistics.class_angles import class_angles
from explorer.core.protocol.messages import TEST

Numbers = NDArray[np.float64]

MOST_IMAGES = 1_000
"""Images whose forces are asked for: enough for medians."""
BIN = 3.0
"""Degrees over which a median is taken."""
_LEAST_OF_A_BIN = 5
_STEPS = 721
"""Angles at which it is tried whether a feature meets the margin."""


class ForceLengths(Struct, frozen=True, eq=False):
    """Lengths of forces on k images.

    Attributes
    ----------
    degrees : (k,)
        The angle to the class of the label that is trained with, as in `given_of`: towards it a loss pulls.
    total, pull, push : (k,)
        Lengths; pull and push are None where the loss does not say.
    span : (float, float) or None
        Between which angles, in degrees, a feature misses the margin only.
    to_means : bool
        Whether the angles are to class means, because the loss has no class weights.
    wrong : int
        How many of the images are trained with a wrong label.
    step, batch : int
        As in `ForceFrame`.
    """

    degrees: Numbers
    total: Numbers
    pull: Numbers | None
    push: Numbers | None
    span: tuple[float, float] | None
    to_means: bool
    wrong: int
    step: int
    batch: int


def length_wish(snapshot: Snapshot, shown: Mask, *, detached: bool) -> ForceWish:
    """Return what to ask for: forces on some of the images that are ``shown`` (n,), of each class."""
    rows = np.flatnonzero(shown & snapshot.probe.judged)
    return ForceWish(spread_rows(snapshot.probe.labels, rows, MOST_IMAGES), detached=detached)


def force_lengths(snapshot: Snapshot, forces: ForceFrame) -> ForceLengths:
    """Return the lengths of forces on their features, with angles to the class weights of a frame."""
    reference = weight_reference(snapshot) or mean_reference(snapshot, TEST)
    labels = given_of(snapshot)[forces.rows]
    own, _other = own_and_other_angles(forces.features, labels, reference)
    known = np.isfinite(own) & np.isfinite(forces.total).all(axis=1)
    total, pull, push = (
        None if part is None else np.linalg.norm(part[known].astype(np.float64), axis=1)
        for part in (forces.total, forces.pull, forces.push)
    )
    assert total is not None
    span = margin_span(snapshot)
    return ForceLengths(
        degrees=np.degrees(own[known].astype(np.float64)),
        total=total,
        pull=pull,
        push=push,
        span=None if span is None else (float(np.degrees(span[0])), float(np.degrees(span[1]))),
        to_means=reference.kind == "means",
        wrong=int(np.count_nonzero((labels != snapshot.probe.labels[forces.rows])[known])),
        step=forces.step,
        batch=forces.batch,
    )


def medians(degrees: Numbers, lengths: Numbers) -> tuple[Numbers, Numbers]:
    """Return the middles of intervals of `BIN` degrees with a few images, and the median length in each."""
    place = np.floor(degrees / BIN).astype(np.intp)
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    parts = np.split(lengths[order], first[1:]) if len(first) else []
    many = np.array([len(part) >= _LEAST_OF_A_BIN for part in parts], np.bool_)
    middles = (ordered[first].astype(np.float64) + 0.5) * BIN
    return middles[many], np.array([median(part) for part, of in zip(parts, many, strict=True) if of])


def margin_span(snapshot: Snapshot) -> tuple[float, float] | None:
    """Return the angles in radians between which a feature is classified correctly, but not by the margin.

    They are angles to the true class weight, towards that of another class, which is as far away as the
    nearest other one of a typical class. None for a loss without margin or class weights.
    """
    margin, reference = TrainingMargin.of(snapshot), weight_reference(snapshot)
    if margin is None or reference is None:
        return None
    angles = class_angles(reference, snapshot.probe.num_classes)
    nearest = np.where(np.isnan(angles), np.inf, angles).min(axis=1)
    nearest = nearest[np.isfinite(nearest)]
    if not len(nearest):
        return None
    apart = median(nearest)
    theta = np.linspace(0.0, apart / 2, _STEPS)
    gain = np.full_like(theta, median(margin.gains) if len(margin.gains) else 1.0)
    other = gain * margin.geometry.rival(apart - theta, margin.sample).value + margin.offset
    lengths = np.linalg.norm(snapshot.features.astype(np.float64), axis=1)
    met = margin.slack_over(theta, gain, other, median(lengths[np.isfinite(lengths)])) >= 0
    return (float(theta[met].max()) if met.any() else 0.0), apart / 2
