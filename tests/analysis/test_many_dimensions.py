"""In 128 dimensions, numbers are those of the full space: computed again for one image after the other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot

from explorer.analysis.events.observation import Observed, observe
from explorer.analysis.frames.scatter import probe_scatter
from explorer.analysis.heads.classifier import scores
from explorer.analysis.margins.spread import is_exact, separation, spread
from explorer.analysis.statistics.classes import class_facts
from explorer.analysis.statistics.samples import facts_of
from explorer.analysis.verification.distances import distance, prepared
from explorer.core.protocol.messages import TEST, TRAIN

DIM = 128


def angle(one, other):
    one, other = one.astype(np.float64), other.astype(np.float64)
    return math.acos(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


@pytest.mark.parametrize("loss", ["arcface", "softmax", "center", "triplet", "l-gm"])
def test_angles_distances_and_scores_of_images_are_those_of_all_dimensions(loss):
    random = np.random.default_rng(1)
    arrays = {}
    if loss == "l-gm":
        arrays["centers"] = random.normal(size=(10, DIM)).astype(np.float32)
        arrays["log_variance"] = random.normal(0, 0.3, (10, DIM)).astype(np.float32)
    snapshot = make_snapshot(count=120, train=80, dim=DIM, loss=loss, **arrays)
    facts, values, labels = facts_of(snapshot), scores(snapshot), snapshot.probe.labels
    features = snapshot.features.astype(np.float64)
    of_split = {
        (split, label): features[(snapshot.probe.split == split) & (labels == label)].mean(axis=0)
        for split in (TEST, TRAIN)
        for label in range(10)
    }
    for row in range(0, 200, 7):
        label, split, x = int(labels[row]), int(snapshot.probe.split[row]), features[row]
        rows = snapshot.weight
        if loss in ("triplet", "l-gm"):
            rows = np.stack([of_split[split, each] for each in range(10)])
        angles = [angle(x, each) for each in rows]
        assert facts.own_angle[row] == pytest.approx(angles[label], abs=1e-5)
        others = np.delete(angles, label)
        assert facts.other_angle[row] == pytest.approx(others.min(), abs=1e-5)
        center = of_split[split, label] if snapshot.centers is None else snapshot.centers[label]
        assert facts.distance[row] == pytest.approx(np.linalg.norm(x - center), rel=1e-4)
        if loss == "triplet":
            expected = [-(np.linalg.norm(x - of_split[TRAIN, each]) ** 2) for each in range(10)]
        elif loss == "l-gm":
            expected = [
                -sum((x - c) ** 2 / np.exp(v)) / 2 - v.sum() / 2
                for c, v in zip(snapshot.centers, snapshot.log_variance.astype(np.float64), strict=True)
            ]
        else:
            lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(x) if loss != "arcface" else np.ones(10)
            expected = np.cos(angles) * lengths
        assert values[row] == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_tables_of_classes_and_scatter_are_those_of_all_dimensions():
    snapshot = make_snapshot(count=150, train=60, dim=DIM, loss="arcface")
    facts, labels = class_facts(snapshot, TEST), snapshot.probe.labels[:150]
    features = snapshot.features[:150].astype(np.float64)
    means = np.stack([features[labels == label].mean(axis=0) for label in range(10)])
    for label in range(10):
        own = features[labels == label]
        gaps = [np.linalg.norm(x - means[label]) for x in own]
        assert facts.radius[label] == pytest.approx(np.mean(gaps), rel=1e-4)
        apart = [angle(snapshot.weight[label], each) for each in np.delete(snapshot.weight, label, axis=0)]
        assert facts.nearest_angle[label] == pytest.approx(min(apart), abs=1e-5)
    found = probe_scatter(snapshot.features, snapshot.probe)
    assert found.within == pytest.approx(
        np.sqrt(np.mean(((features - means[labels]) ** 2).sum(axis=1))), rel=1e-5
    )
    pairs = [(a, b) for a in range(10) for b in range(a)]
    assert found.closest == pytest.approx(
        min(np.linalg.norm(means[a] - means[b]) for a, b in pairs), rel=1e-5
    )
    assert found.closest_angle == pytest.approx(
        math.degrees(min(angle(means[a], means[b]) for a, b in pairs)), rel=1e-5
    )


@pytest.mark.parametrize("measure", ["euclidean", "manhattan", "cosine", "adjusted-cosine"])
def test_distances_of_verification_are_those_of_all_dimensions(measure):
    vectors = np.random.default_rng(2).normal(size=(30, DIM)).astype(np.float32)
    found = distance(*(prepared(vectors, measure)[rows] for rows in (np.s_[:15], np.s_[15:])), measure)
    exact = vectors.astype(np.float64)
    if measure == "adjusted-cosine":
        exact -= exact.mean(axis=0)
    for row in range(15):
        one, other = exact[row], exact[row + 15]
        expected = {
            "euclidean": np.linalg.norm(one - other),
            "manhattan": np.abs(one - other).sum(),
        }.get(measure, 1 - math.cos(angle(one, other)))
        assert found[row] == pytest.approx(expected, rel=1e-6)


def test_how_far_classes_are_apart_is_measured_along_the_line_through_their_means():
    snapshot = make_snapshot(count=400, dim=DIM, loss="softmax", bias=np.ones(10, np.float32))
    features = snapshot.features.copy()
    features[7] = np.nan
    observed = Observed.of(snapshot.probe)
    seen = observe(snapshot, observed)
    points, labels = snapshot.features.astype(np.float64), snapshot.probe.labels
    for first, second in ((0, 1), (9, 4), (2, 7)):
        one, other = points[labels == first], points[labels == second]
        line = one.mean(axis=0) - other.mean(axis=0)
        within = ((one @ line).var() + (other @ line).var()) / 2
        assert seen.separations[first, second] == pytest.approx(line @ line / math.sqrt(within), rel=1e-4)
        assert seen.separations[second, first] == seen.separations[first, second]
    assert np.isnan(np.diagonal(seen.separations)).all()


@pytest.mark.parametrize(
    ("classes", "dim", "degrees"),
    [
        (2, 128, 180.0),
        (10, 128, math.degrees(math.acos(-1 / 9))),
        (129, 128, math.degrees(math.acos(-1 / 128))),
        (10, 8, 90.0),
        (16, 8, 90.0),
        (130, 128, 90.0),
    ],
)
def test_the_largest_angle_between_directions_is_attained(classes, dim, degrees):
    assert is_exact(classes, dim)
    assert math.degrees(separation(classes, dim)) == pytest.approx(degrees)
    points = spread(classes, dim)
    assert points.shape == (classes, dim)
    cosines = points @ points.T - 2 * np.eye(classes)
    assert math.degrees(math.acos(cosines.max())) == pytest.approx(degrees, abs=1e-4)


@pytest.mark.parametrize(("classes", "dim", "known"), [(24, 4, 60.0), (120, 4, 36.0), (240, 8, 60.0)])
def test_no_known_arrangement_is_wider_than_the_bound(classes, dim, known):
    """The 24-cell, the 600-cell and the roots of E8."""
    assert not is_exact(classes, dim)
    assert known <= math.degrees(separation(classes, dim)) < 90
    assert separation(classes + 1, dim) <= separation(classes, dim)
