"""Facts of each image of a snapshot: prediction, loss, and angles and distance to classes."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.given import given_of
from explorer.analysis.frames.references import class_means
from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Floats, ProbeSet, Snapshot
from explorer.analysis.frames.weak_cache import weakly_cached
from explorer.analysis.heads.classifier import log_softmax, logits, reference_rows
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.statistics.angles import ABSENT, neighbours
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import _


class SampleFacts(Struct, frozen=True, eq=False):
    """One entry for each of the n images of a probe set, NaN (or `ABSENT`) where the feature is not finite.

    ``prediction`` is the class with the largest score; ``loss`` the cross-entropy of the test-time `logits`
    with the label that is trained with, as in `given_of`, in nats, whatever the loss that is trained;
    ``confidence`` the probability of the prediction by the same softmax. ``own_angle`` θ_y is the angle in
    radians to the weight of the true class, ``other_angle`` that to ``other_class``, the nearest other class;
    for a loss without class weights, to the class means of the image's split. ``distance`` is that from the
    learned centre of the true class, or from its mean over the image's split. An image of a class left out of
    training has no loss and no own angle.
    """

    prediction: NDArray[np.intp]
    loss: NDArray[np.float64]
    confidence: NDArray[np.float64]
    own_angle: Floats
    other_angle: Floats
    other_class: NDArray[np.intp]
    distance: Floats


class SampleFact(Struct, frozen=True):
    """The facts of one image, as in `SampleFacts`, with its ``label``, ``split`` and ``index`` in it.

    ``unseen`` tells whether its class is left out of training. ``given`` is the wrong label that it is
    trained with, `ABSENT` where it is trained with its own, and ``damage`` says in words what was done to the
    picture.
    """

    label: int
    split: int
    index: int
    prediction: int
    loss: float
    confidence: float
    own_angle: float
    other_angle: float
    other_class: int
    distance: float
    unseen: bool = False
    given: int = ABSENT
    damage: str = ""


class _Surroundings(Struct, frozen=True, eq=False):
    """Angles and distances of all n images, as in `SampleFacts`; NaN (or `ABSENT`) where there are none."""

    own_angle: Floats
    other_angle: Floats
    other_class: NDArray[np.intp]
    distance: Floats


@weakly_cached
@np.errstate(invalid="ignore")
def facts_of(snapshot: Snapshot) -> SampleFacts:
    """Return the facts of all images; views of the same snapshot share one computation."""
    values = logits(snapshot)  # (n, C)
    finite: NDArray[np.bool_] = np.logical_and(
        np.isfinite(snapshot.features).all(axis=1), ~np.isnan(values).any(axis=1)
    )
    values[~finite] = np.nan
    log_shares = log_softmax(values)
    prediction = np.where(finite, values.argmax(axis=1), ABSENT)
    each = np.arange(len(values))
    around = _surroundings(snapshot, finite)
    loss = -log_shares[each, given_of(snapshot)]
    loss[~snapshot.probe.judged] = np.nan
    return SampleFacts(
        prediction=prediction,
        loss=loss,
        confidence=np.exp(log_shares[each, prediction]),  # NaN in the rows that are `ABSENT`
        own_angle=around.own_angle,
        other_angle=around.other_angle,
        other_class=around.other_class,
        distance=around.distance,
    )


def fact_of(snapshot: Snapshot, row: int) -> SampleFact:
    """Return the facts of the image in a row of the snapshot."""
    facts, probe, stress = facts_of(snapshot), snapshot.probe, stress_of(snapshot)
    return SampleFact(
        label=int(probe.labels[row]),
        split=int(probe.split[row]),
        index=int(probe.indices[row]),
        prediction=int(facts.prediction[row]),
        loss=float(facts.loss[row]),
        confidence=float(facts.confidence[row]),
        own_angle=float(facts.own_angle[row]),
        other_angle=float(facts.other_angle[row]),
        other_class=int(facts.other_class[row]),
        distance=float(facts.distance[row]),
        unseen=int(probe.labels[row]) in probe.unseen,
        given=ABSENT if stress is None or not stress.wrong[row] else int(stress.given[row]),
        damage="" if stress is None else stress.damage_text(row),
    )


def image_text(probe: ProbeSet, row: int) -> str:
    """Return the name of the image in a row, such as "test image 8"."""
    name = _("test image {index:,}") if probe.split[row] == TEST else _("training image {index:,}")
    return name.format(index=probe.indices[row])


def _surroundings(snapshot: Snapshot, known: NDArray[np.bool_]) -> _Surroundings:
    """Return the angles and distances of the ``known`` (n,) images, each compared within its own split."""
    count = len(known)
    own_angle, other_angle, distance = (np.full(count, np.nan, dtype=np.float32) for _ in range(3))
    other_class = np.full(count, ABSENT)
    for split in (TEST, TRAIN):
        rows = np.flatnonzero(known & (snapshot.probe.split == split))
        if len(rows):
            found = neighbours(
                snapshot.features[rows], snapshot.probe.labels[rows], reference_rows(snapshot, split)
            )
            own_angle[rows], other_angle[rows], other_class[rows] = found.own, found.other, found.other_class
            distance[rows] = _distances(snapshot, rows)
    return _Surroundings(own_angle, other_angle, other_class, distance)


def _distances(snapshot: Snapshot, rows: NDArray[np.intp]) -> Floats:
    """Return the distance (m,) of images in ``rows`` (m,) to their learned class centre, or class mean.

    In the mean are the images that are trained with the label of the class, as for the angles.
    """
    features, labels = snapshot.features[rows], snapshot.probe.labels[rows]
    centers = snapshot.centers
    if centers is None or snapshot.probe.unseen:
        means = class_means(features, given_of(snapshot)[rows], snapshot.probe.num_classes)
        centers = means if centers is None else np.where(np.isnan(centers), means, centers)
    offsets = features - centers[labels]
    lengths: Floats = np.sqrt(np.einsum("nd,nd->n", offsets, offsets))
    return lengths


Measure = Literal["loss", "angle", "distance"]


def measured(snapshot: Snapshot, measure: Measure) -> NDArray[np.floating]:
    """Return one measure (n,) of all images: loss in nats, θ_y in radians, or distance to class centre."""
    facts = facts_of(snapshot)
    numbers: dict[Measure, NDArray[np.floating]] = {
        "loss": facts.loss,
        "angle": facts.own_angle,
        "distance": facts.distance,
    }
    return numbers[measure]


def hardest(snapshot: Snapshot, measure: Measure, split: int, left_out: frozenset[int], most: int) -> Rows:
    """Return the ``most`` rows of a split with the largest ``measure``, the largest first.

    Without classes in ``left_out``, and without images whose measure is not finite.
    """
    probe, values = snapshot.probe, measured(snapshot, measure)
    shown = (probe.split == split) & np.isfinite(values) & ~np.isin(probe.labels, list(left_out))
    rows = np.flatnonzero(shown)
    found: Rows = rows[np.argsort(-values[rows], kind="stable")[:most]]
    return found
