"""Pairs of classes: which two to compare, and the coordinates of their samples."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.in_force import sample_in_force
from explorer.analysis.frames.references import Reference, ReferenceKind, unit
from explorer.analysis.frames.snapshot import Floats, Labels, ProbeSet, Snapshot
from explorer.analysis.heads.classifier import logits, reference_rows, scores
from explorer.analysis.heads.registry import head_of
from explorer.analysis.margins.two_class import Plane, RivalScores
from explorer.analysis.statistics.angles import own_and_other_angles
from explorer.analysis.statistics.class_angles import class_angles
from explorer.core.protocol.messages import ANNEALING

Choice = Literal["closest", "confused", "chosen"]
"""The pair nearest in angle, the pair most often confused, or the pair chosen in the options."""

_ANGLE_SLACK = math.radians(1)
_COUNT_SLACK = 1.2


class PairSamples(Struct, frozen=True, eq=False):
    """The samples of classes i and j: ``rows`` (m,) of the snapshot, ``labels`` (m,), ``points`` (m, 2).

    ``apart`` is the angle in radians between the two class weights or means, as ``kind`` tells; NaN where a
    class has several or none.
    """

    rows: NDArray[np.intp]
    labels: Labels
    points: Floats
    apart: float
    kind: ReferenceKind
    rivals: RivalScores


def find_pair(
    snapshot: Snapshot, split: int, choice: Choice, present: tuple[int, int] | None
) -> tuple[int, int]:
    """Return the two classes to compare, in ascending order; both are trained on.

    The ``present`` pair is kept while it is nearly as good (within 1°, or a sixth of the misclassifications),
    so that the plot does not switch back and forth between similar pairs.
    """
    reference = reference_rows(snapshot, split)
    if choice == "confused":
        counts = _mistakes(snapshot, split)
        best = np.unravel_index(int(counts.argmax()), counts.shape)
        if counts[best]:
            stays = present is not None and counts[present] * _COUNT_SLACK >= counts[best]
            return present if stays and present is not None else _ordered(best)
    angles = _angles_between(reference, snapshot.probe.num_classes, snapshot.probe.trained)
    best = np.unravel_index(int(angles.argmin()), angles.shape)
    if present is not None and angles[present] <= angles[best] + _ANGLE_SLACK:
        return present
    return _ordered(best)


def pair_samples(
    snapshot: Snapshot,
    split: int,
    pair: tuple[int, int],
    plane: Plane,
    left_out: frozenset[int] = frozenset(),
) -> PairSamples:
    """Return the samples of two classes of one split in a plane, without features that are not finite.

    Classes in ``left_out`` have no samples; the boundaries do not depend on them.
    """
    probe, features = snapshot.probe, snapshot.features
    rows = np.flatnonzero((probe.split == split) & ((probe.labels == pair[0]) | (probe.labels == pair[1])))
    rows = rows[np.isfinite(features[rows]).all(axis=1)]
    labels, mine = probe.labels[rows], features[rows]
    whole = reference_rows(snapshot, split)
    chosen = np.isin(whole.labels, pair)
    reference = Reference(whole.kind, whole.rows[chosen], whole.labels[chosen])
    if plane == "logits":
        points = logits(snapshot, mine)[:, list(pair)].astype(np.float32)
    else:
        own, other = own_and_other_angles(mine, labels, reference)
        first = labels == pair[0]
        points = np.stack([np.where(first, own, other), np.where(first, other, own)], axis=1)
        points = np.degrees(points) if plane == "angles" else np.cos(points)
    lengths = np.sqrt(np.einsum("nd,nd->n", mine, mine))
    apart = math.nan
    if len(reference.rows) == 2 and np.isfinite(reference.rows).all():
        directions = unit(reference.rows).astype(np.float64)
        apart = math.acos(min(1.0, max(-1.0, float(directions[0] @ directions[1]))))
    reach = 20 * max(1e-6, float(np.abs(points[np.isfinite(points)]).max(initial=0)))
    norms = tuple(float(lengths[labels == label].mean()) if label in labels else 1.0 for label in pair)
    shown = ~np.isin(labels, list(left_out))
    return PairSamples(
        rows[shown],
        labels[shown],
        points[shown],
        apart,
        whole.kind,
        _rivals(snapshot, pair, plane, norms, reach),
    )


def _rivals(
    snapshot: Snapshot,
    pair: tuple[int, int],
    plane: Plane,
    norms: tuple[float, ...],
    reach: float,
) -> RivalScores:
    loss = snapshot.config.loss
    spec, head, sample = loss.spec, head_of(snapshot), sample_in_force(snapshot)
    terms = head.pair_terms(pair)
    measured = spec.geometry is not None and spec.geometry.by_length
    return RivalScores(
        head=head.kind.name,
        geometry=spec.geometry,
        params=sample.params,
        plane=plane,
        final_annealing=float(loss.params[ANNEALING]) if ANNEALING in loss.params else None,
        gains=terms.gains,
        offsets=terms.offsets,
        norms=(norms[0], norms[1]) if measured else (1.0, 1.0),
        norm_mean=sample.norm_mean,
        norm_std=sample.norm_std,
        by_length=terms.by_length,
        reach=reach if plane == "logits" else 1.0,
    )


def _angles_between(reference: Reference, num_classes: int, trained: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the smallest angle (C, C) between rows of two classes, π on the diagonal and where unknown."""
    angles = class_angles(reference, num_classes)
    result: NDArray[np.float64] = np.where(np.isnan(angles), np.pi, angles)
    if num_classes > 1 and (result == np.pi).all():
        first, second = trained[:2]
        result[first, second] = result[second, first] = 0.0  # no angle is known: any pair will do
    return result


def _mistakes(snapshot: Snapshot, split: int) -> NDArray[np.intp]:
    """Return how many images (C, C) of either of two classes are classified as the other."""
    classes = snapshot.probe.num_classes
    probe = snapshot.probe
    shown = (probe.split == split) & probe.judged & np.isfinite(snapshot.features).all(axis=1)
    answers = scores(snapshot, snapshot.features[shown]).argmax(axis=1)
    labels = snapshot.probe.labels[shown].astype(np.intp)
    table = np.bincount(labels * classes + answers, minlength=classes * classes).reshape(classes, classes)
    table = table + table.T
    np.fill_diagonal(table, 0)
    return table


def _ordered(pair: tuple[np.intp, ...]) -> tuple[int, int]:
    first, second = sorted(int(label) for label in pair)
    return first, second


def chosen_pair(first: int, second: int, probe: ProbeSet) -> tuple[int, int]:
    """Return two different classes that are trained on: those chosen, or others where they are not.

    Where only one class is trained on, it is returned twice.
    """
    trained = probe.trained.tolist()
    one, other = (trained[_place(label, trained)] for label in (first, second))
    return one, other if other != one else trained[(trained.index(one) + 1) % len(trained)]


def _place(label: int, trained: list[int]) -> int:
    return trained.index(label) if label in trained else label % len(trained)
