"""What can be said of each image in a snapshot: its prediction, and how near it lies to what it should be."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import class_means
from explorer.analysis.frames.snapshot import Floats, ProbeSet, Snapshot
from explorer.analysis.heads.classifier import log_softmax, logits, reference_rows
from explorer.analysis.statistics.angles import ABSENT, neighbours
from explorer.core.protocol.messages import TEST, TRAIN


class SampleFacts(Struct, frozen=True, eq=False):
    """One entry for each of the n images of a probe set, NaN (or `ABSENT`) where the feature is not finite.

    ``prediction`` is the class with the largest score; ``loss`` the cross-entropy of the test-time `logits`
    with the label, in nats, whatever the loss that is trained; ``confidence`` the probability of the
    prediction by the same softmax. ``own_angle`` θ_y and ``other_angle`` in radians to the class weights, or
    to the means of the image's split for a loss without any; ``other_class`` the nearest class but the own.
    ``distance`` from the learned centre of the own class, or its mean over the image's split.
    """

    prediction: NDArray[np.intp]
    loss: NDArray[np.float64]
    confidence: NDArray[np.float64]
    own_angle: Floats
    other_angle: Floats
    other_class: NDArray[np.intp]
    distance: Floats


class SampleFact(Struct, frozen=True):
    """The facts of one image, as in `SampleFacts`, with its ``label``, ``split`` and ``index`` in it."""

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


@lru_cache(maxsize=2)
@np.errstate(invalid="ignore")
def facts_of(snapshot: Snapshot) -> SampleFacts:
    """Return the facts of all images; views of the same snapshot share one computation."""
    probe, count = snapshot.probe, len(snapshot.features)
    values = logits(snapshot)
    finite = np.isfinite(snapshot.features).all(axis=1) & ~np.isnan(values).any(axis=1)
    values[~finite] = np.nan
    log_shares = log_softmax(values)
    prediction = np.where(finite, values.argmax(axis=1), ABSENT)
    every = np.arange(count)
    result = SampleFacts(
        prediction=prediction,
        loss=-log_shares[every, probe.labels],
        confidence=np.exp(log_shares[every, prediction]),
        own_angle=np.full(count, np.nan, dtype=np.float32),
        other_angle=np.full(count, np.nan, dtype=np.float32),
        other_class=np.full(count, ABSENT),
        distance=np.full(count, np.nan, dtype=np.float32),
    )
    for split in (TEST, TRAIN):
        rows = np.flatnonzero(finite & (probe.split == split))
        if len(rows):
            _compare(snapshot, rows, split, result)
    return result


def fact_of(snapshot: Snapshot, row: int) -> SampleFact:
    """Return the facts of the image in a row of the snapshot."""
    facts, probe = facts_of(snapshot), snapshot.probe
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
    )


def image_text(probe: ProbeSet, row: int) -> str:
    """Return what a person calls the image in a row."""
    return f"{'test' if probe.split[row] == TEST else 'training'} image {probe.indices[row]:,}"


def _compare(snapshot: Snapshot, rows: NDArray[np.intp], split: int, result: SampleFacts) -> None:
    """Fill in angles and distances of ``rows``, all of one split."""
    probe, features = snapshot.probe, snapshot.features[rows]
    labels = probe.labels[rows]
    found = neighbours(features, labels, reference_rows(snapshot, split))
    result.own_angle[rows], result.other_angle[rows] = found.own, found.other
    result.other_class[rows] = found.other_class
    places = snapshot.centers
    if places is None:
        places = class_means(features, labels, probe.num_classes)
    offsets = features - places[labels]
    result.distance[rows] = np.sqrt(np.einsum("nd,nd->n", offsets, offsets))
