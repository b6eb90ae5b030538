"""Against loops over probes and galleries."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.analysis.verification.distances import distance, prepared
from explorer.analysis.verification.identification import OPEN_SET_FAR, identification

MEASURES = ("euclidean", "manhattan", "cosine", "adjusted-cosine")


def made(classes: int, probes: int = 300, spread: float = 0.8, seed: int = 0):
    rng = np.random.default_rng(seed)
    middles = rng.normal(0, 2, (classes, 3))
    gallery_labels = np.repeat(np.arange(classes), 3).astype(np.uint8)
    probe_labels = np.sort(rng.integers(0, classes, probes)).astype(np.uint8)
    parts = [
        (middles[labels] + rng.normal(0, spread, (len(labels), 3)))
        for labels in (gallery_labels, probe_labels)
    ]
    return parts[0].astype(np.float32), gallery_labels, parts[1].astype(np.float32), probe_labels


def ready(case, measure):
    gallery, gallery_labels, probes, probe_labels = case
    vectors = prepared(np.concatenate([gallery, probes]), measure)
    return vectors[: len(gallery)], gallery_labels, vectors[len(gallery) :], probe_labels


def nearest(one, gallery, labels, measure, absent=None):
    """Return distance and label of the nearest image of the gallery, without a class."""
    found = [
        (float(distance(one[None], other[None], measure)[0]), int(label))
        for other, label in zip(gallery, labels, strict=True)
        if label != absent
    ]
    return min(found)


@pytest.mark.parametrize("measure", MEASURES)
def test_rank_1_by_brute_force(measure):
    gallery, gallery_labels, probes, probe_labels = ready(made(5), measure)
    right = [
        nearest(one, gallery, gallery_labels, measure)[1] == label
        for one, label in zip(probes, probe_labels, strict=True)
    ]
    found = identification(gallery, gallery_labels, probes, probe_labels, measure).rank_1
    assert found.value == pytest.approx(np.mean(right))
    assert 0.3 < found.value < 1
    assert found.low < found.value < found.high


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_the_open_set_by_brute_force(classes):
    """Each class in turn leaves the gallery; one threshold is for all turns."""
    gallery, gallery_labels, probes, probe_labels = ready(made(classes, spread=0.5), "cosine")
    strangers, known = [], []
    for absent in range(classes):
        for one, label in zip(probes, probe_labels, strict=True):
            apart, who = nearest(one, gallery, gallery_labels, "cosine", absent)
            if label == absent:
                strangers.append(apart)
            else:
                known.append((apart, who == label))
    fitting = [t for t in strangers if np.mean(np.array(strangers) <= t) <= OPEN_SET_FAR]
    wanted = np.mean([right and apart <= max(fitting) for apart, right in known])
    found = identification(gallery, gallery_labels, probes, probe_labels, "cosine").open_set
    assert found.value == pytest.approx(wanted)
    assert 0 < found.value < 1


def test_with_too_few_probes_for_the_false_accept_rate_the_open_set_is_not_known():
    found = identification(*ready(made(4, probes=90), "cosine"), "cosine")
    assert math.isnan(found.open_set.value)
    assert found.rank_1.value > 0


def test_a_probe_without_a_distance_is_not_identified():
    gallery, gallery_labels, probes, probe_labels = ready(made(4, spread=0.01), "cosine")
    assert identification(gallery, gallery_labels, probes, probe_labels, "cosine").rank_1.value == 1
    probes[:30] = np.nan
    assert identification(gallery, gallery_labels, probes, probe_labels, "cosine").rank_1.value == 0.9


def test_features_that_are_all_equal_identify_nobody():
    gallery, gallery_labels, probes, probe_labels = made(4)
    found = identification(
        np.ones_like(gallery), gallery_labels, np.ones_like(probes), probe_labels, "euclidean"
    )
    assert found.rank_1.value == found.open_set.value == 0


@pytest.mark.parametrize("rows", [0, 3])
def test_without_probes_or_with_one_class_only_nothing_fails(rows):
    gallery, gallery_labels, probes, probe_labels = ready(made(1), "euclidean")
    found = identification(gallery[:rows], gallery_labels[:rows], probes, probe_labels, "euclidean")
    assert math.isnan(found.open_set.value)
    assert math.isnan(found.rank_1.value) == (rows == 0)
