"""What detectors see of a frame: compared with plain loops, whatever the frame is like."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from analysis.snapshots import make_snapshot, probe_set
from msgspec.structs import replace

from explorer.analysis.events.observation import Observed, observe, separations
from explorer.analysis.heads.classifier import scores
from explorer.analysis.heads.registry import head_of
from explorer.analysis.statistics.angles import ABSENT
from explorer.core.protocol.messages import TEST


def separation(points, labels, first, second):
    """Return d′ of two classes along the best of many directions, of projections one by one."""
    best = 0.0
    for turn in np.linspace(0, math.pi, 3600, endpoint=False):
        along = points @ (math.cos(turn), math.sin(turn))
        one, other = along[labels == first], along[labels == second]
        best = max(best, abs(one.mean() - other.mean()) / math.sqrt((one.var() + other.var()) / 2))
    return best


@pytest.mark.parametrize("loss", ["softmax", "arcface", "center", "triplet", "l-gm", "sphereface2"])
def test_a_frame_is_seen_as_a_loop_over_its_images_sees_it(loss):
    snapshot = make_snapshot(count=200, train=100, loss=loss, classes=4)
    seen = observe(snapshot, Observed.of(snapshot.probe))
    tested = snapshot.probe.split == TEST
    labels, values = snapshot.probe.labels[tested], scores(snapshot)[tested]
    predictions = values.argmax(axis=1)
    for label in range(4):
        of_class = labels == label
        assert seen.counts[label] == of_class.sum()
        assert seen.right[label] == (predictions[of_class] == label).sum()
        assert seen.predicted[label] == (predictions == label).sum()
        lengths = np.linalg.norm(snapshot.features[tested][of_class], axis=1)
        assert seen.lengths[label] == pytest.approx(lengths.mean(), rel=1e-5)
    assert seen.accuracy == pytest.approx((predictions == labels).mean())
    assert sorted(seen.predictions.tolist()) == sorted(predictions.tolist())
    points = snapshot.features[tested].astype(np.float64)
    if head_of(snapshot).ignores_length:  # only directions count
        points /= np.linalg.norm(points, axis=1, keepdims=True)
    for first, second in ((0, 1), (3, 1), (2, 3)):
        expected = separation(points, labels, first, second)
        assert seen.separations[first, second] == pytest.approx(expected, rel=1e-3)
        assert seen.separations[second, first] == seen.separations[first, second]


@pytest.mark.parametrize("dim", [2, 3])
def test_the_separation_of_two_normal_distributions_is_the_distance_of_their_means(dim):
    observed = Observed.of(probe_set(30_000, classes=2))
    random = np.random.default_rng(0)
    noise, stretched = random.normal(0, 1, (len(observed.labels), dim)), random.normal(0, 1, (dim, dim))
    for distance in (0.0, 1.0, 3.0):
        points = noise.copy()
        points[observed.labels == 0, 0] += distance
        for seen in (points, points @ stretched + 7.0):
            assert separations(seen, observed)[0, 1] == pytest.approx(distance, abs=0.06)


def test_classes_whose_points_coincide_have_a_separation():
    observed = Observed.of(probe_set(40, classes=2))
    spots = np.array([[1.0, 0.0], [1.0, 2.0]])[observed.labels]
    assert separations(spots, observed)[0, 1] > 100
    assert separations(np.ones((40, 2)), observed)[0, 1] == 0


def test_features_that_are_not_finite_have_no_prediction_and_count_as_wrong():
    snapshot = make_snapshot(count=100, classes=5)
    features = snapshot.features.copy()
    features[::2] = np.nan
    observed = Observed.of(snapshot.probe)
    seen = observe(replace(snapshot, features=features), observed)
    assert ((seen.predictions == ABSENT) == (observed.rows % 2 == 0)).all()
    assert seen.counts.sum() == 100
    assert seen.right.sum() <= 50
    assert np.isnan(seen.separations).all()
    gone = observe(replace(snapshot, features=np.full_like(features, np.nan)), observed)
    assert gone.accuracy == 0


@pytest.mark.parametrize(("count", "classes", "least"), [(10_000, 10, 200), (10_000, 100, 10), (300, 100, 3)])
def test_many_images_are_thinned_alike_in_all_classes(count, classes, least):
    observed = Observed.of(probe_set(count, classes=classes, train=count // 2))
    assert len(observed.rows) <= 3000
    assert least <= observed.counts.min()
    assert observed.counts.max() <= observed.counts.min() + 1
    assert len(set(observed.rows.tolist())) == len(observed.rows)


def test_a_class_without_images_has_no_length_and_no_separation():
    snapshot = make_snapshot(count=90, classes=4, present=3)
    seen = observe(snapshot, Observed.of(snapshot.probe))
    assert math.isnan(seen.lengths[3])
    assert np.isnan(seen.separations[3]).all()
    assert np.isfinite(seen.separations[:3, :3][~np.eye(3, dtype=bool)]).all()
    assert seen.accuracies[3] == 0


def test_without_test_images_the_training_images_are_observed():
    probe = probe_set(0, classes=3, train=30)
    assert Observed.of(probe).counts.tolist() == [10, 10, 10]


def test_features_in_one_point_are_observed_where_small_numbers_count_as_zero():
    """As in a process that trains."""
    torch.set_flush_denormal(True)
    snapshot = make_snapshot(200)
    snapshot = replace(snapshot, features=np.zeros_like(snapshot.features))
    seen = observe(snapshot, Observed.of(snapshot.probe))
    assert seen.spread == 0
    assert np.nanmax(seen.separations) == 0
