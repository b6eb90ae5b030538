"""The choice of two classes, and where their samples lie."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.lengths import length_statistics
from explorer.analysis.margins.class_pairs import find_pair, pair_samples
from explorer.core.protocol.messages import TEST, TRAIN


def test_the_closest_pair_is_that_of_the_smallest_angle_and_stays_while_it_nearly_is():
    def snapshot(*degrees: float):
        turn = np.radians(degrees)
        return make_snapshot(
            loss="arcface", weight=np.stack([np.cos(turn), np.sin(turn)], axis=1, dtype=np.float32)
        )

    before = snapshot(0, 40, 90, 118, 170, 200, 240, 275, 310, 340)
    assert find_pair(before, TEST, "closest", None) == (0, 9)
    assert find_pair(before, TEST, "closest", (2, 3)) == (0, 9)
    after = snapshot(0, 40, 90, 109.5, 170, 200, 240, 275, 310, 340)
    assert find_pair(after, TEST, "closest", None) == (2, 3)
    assert find_pair(after, TEST, "closest", (0, 9)) == (0, 9)


def test_the_most_confused_pair_is_counted_over_both_ways():
    snapshot = make_snapshot(count=1_000, loss="normface", seed=4)
    features = snapshot.features.copy()
    labels = snapshot.probe.labels
    features[np.flatnonzero(labels == 2)[:30]] = 20 * snapshot.weight[7]
    features[np.flatnonzero(labels == 7)[:30]] = 20 * snapshot.weight[2]
    features[np.flatnonzero(labels == 1)[:50]] = 20 * snapshot.weight[4]
    moved = replace(snapshot, features=features)
    assert find_pair(moved, TEST, "confused", None) == (2, 7)
    assert find_pair(moved, TEST, "confused", (1, 4)) == (1, 4)  # 50 mistakes are nearly 60
    assert find_pair(moved, TEST, "confused", (0, 3)) == (2, 7)


def test_samples_are_those_of_the_two_classes_with_their_angles():
    snapshot = make_snapshot(count=500, train=300, dim=3, loss="arcface")
    samples = pair_samples(snapshot, TEST, (3, 8), "angles")
    wanted = [row for row in range(500) if snapshot.probe.labels[row] in (3, 8)]
    assert samples.rows.tolist() == wanted
    features = snapshot.features[wanted].astype(np.float64)
    weight = snapshot.weight[[3, 8]].astype(np.float64)
    cosines = (
        (features @ weight.T) / np.linalg.norm(features, axis=1)[:, None] / np.linalg.norm(weight, axis=1)
    )
    assert samples.points == pytest.approx(np.degrees(np.arccos(cosines)), abs=1e-2)
    assert pair_samples(snapshot, TEST, (3, 8), "cosines").points == pytest.approx(cosines, abs=1e-5)
    assert pair_samples(snapshot, TEST, (3, 8), "logits").points == pytest.approx(10 * cosines, abs=1e-4)
    between = weight[0] @ weight[1] / np.linalg.norm(weight[0]) / np.linalg.norm(weight[1])
    assert samples.apart == pytest.approx(np.arccos(between), abs=1e-5)


def test_of_several_weights_of_a_class_the_nearest_counts():
    weight = np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32)
    snapshot = make_snapshot(
        count=200, dim=3, loss="subcenter-arcface", params={"subcenters": 3}, weight=weight
    )
    samples = pair_samples(snapshot, TEST, (0, 9), "cosines")
    unit = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    features = snapshot.features[samples.rows]
    cosines = features @ unit.T / np.linalg.norm(features, axis=1)[:, None]
    nearest = np.stack([cosines[:, :3].max(axis=1), cosines[:, 27:].max(axis=1)], axis=1)
    assert samples.points == pytest.approx(nearest, abs=1e-4)
    assert np.isnan(samples.apart)


def test_the_boundary_of_adaface_is_at_the_lengths_that_it_trains_with():
    snapshot = make_snapshot(loss="adaface", train=500)
    trained = replace(snapshot, scalars={"length_mean": 7.0, "length_deviation": 2.0})
    pair = pair_samples(trained, TEST, (3, 8), "angles").rivals
    assert (pair.norm_mean, pair.norm_std) == (7.0, 2.0)
    # Those of the training images stand in for them where a frame has none.
    lengths = np.linalg.norm(snapshot.features[snapshot.probe.split == TRAIN].astype(np.float64), axis=1)
    pair = pair_samples(snapshot, TEST, (3, 8), "angles").rivals
    assert (pair.norm_mean, pair.norm_std) == pytest.approx((lengths.mean(), lengths.std()), rel=1e-5)


def test_length_statistics_leave_out_what_is_not_finite():
    features = np.array([[3, 4], [np.nan, 1], [0, 1]], dtype=np.float32)
    assert length_statistics(features) == pytest.approx((3.0, 2.0))
    assert length_statistics(features[:0]) == (1.0, 1.0)
