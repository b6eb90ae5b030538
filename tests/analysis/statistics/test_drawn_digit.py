"""What is said of a drawn digit must be true of the classifier and of the images that are shown."""

import math

import numpy as np
import pytest
from analysis.snapshots import class_directions, make_snapshot

from explorer.analysis.heads.classifier import scores
from explorer.analysis.statistics.drawn_digit import DrawnDigit, digit_facts, digit_text, nearest_images
from explorer.core.protocol.messages import TEST, TRAIN


def digit_at(snapshot, *point):
    return DrawnDigit(np.array([point], dtype=np.float32), snapshot.step, snapshot)


def angle(first, second):
    cosine = np.dot(first, second) / np.linalg.norm(first) / np.linalg.norm(second)
    return math.acos(min(1, max(-1, cosine)))


@pytest.mark.parametrize("loss", ["softmax", "arcface", "center"])
def test_angles_are_those_to_the_class_weights(loss):
    snapshot = make_snapshot(loss=loss, dim=3)
    facts = digit_facts(digit_at(snapshot, 3.0, -4.0, 1.0))
    expected = [angle((3, -4, 1), row) for row in snapshot.weight.astype(float)]
    assert facts.kind == "weights"
    assert facts.angles == pytest.approx(expected, abs=1e-5)
    assert facts.nearest == int(np.argmin(expected))
    assert facts.prediction == scores(snapshot, np.array([[3, -4, 1]], np.float32)).argmax()


def test_of_several_centres_of_a_class_the_nearest_counts():
    rows = np.concatenate([class_directions(10, 2), -class_directions(10, 2)], axis=1).reshape(20, 2)
    snapshot = make_snapshot(
        loss="subcenter-arcface", params={"subcenters": 2}, weight=rows.astype(np.float32)
    )
    facts = digit_facts(digit_at(snapshot, *(-class_directions(10, 2)[4])))
    assert facts.angles[4] == pytest.approx(0, abs=1e-3)
    assert (facts.angles <= math.pi / 2 + 1e-5).all()


def test_a_loss_on_pairs_is_compared_with_means_of_the_training_images():
    snapshot = make_snapshot(count=300, train=300, loss="triplet")
    facts = digit_facts(digit_at(snapshot, 5.0, 2.0))
    rows = snapshot.probe.split == TRAIN
    means = [snapshot.features[rows & (snapshot.probe.labels == c)].mean(axis=0) for c in range(10)]
    assert facts.kind == "means"
    assert facts.angles == pytest.approx([angle((5, 2), mean) for mean in means], abs=1e-4)
    assert facts.prediction == np.argmin([math.dist((5, 2), mean) for mean in means])


def test_the_nearest_are_training_images_by_distance():
    snapshot = make_snapshot(count=300, train=500)
    near = nearest_images(digit_at(snapshot, 8.0, 3.0), 8)
    rows = np.flatnonzero(snapshot.probe.split == TRAIN)
    gaps = {row: math.dist((8, 3), snapshot.features[row].tolist()) for row in rows.tolist()}
    assert near.rows.tolist() == sorted(gaps, key=gaps.__getitem__)[:8]
    assert near.gaps == pytest.approx(sorted(gaps.values())[:8], rel=1e-4)
    assert (near.by_angle, near.split, near.count) == (False, TRAIN, 500)


def test_the_nearest_are_test_images_by_angle_where_angles_decide_and_there_are_no_others():
    snapshot = make_snapshot(count=300, loss="arcface")
    near = nearest_images(digit_at(snapshot, 0.02, -0.01), 5)
    gaps = [angle((0.02, -0.01), feature) for feature in snapshot.features.astype(float)]
    assert near.gaps == pytest.approx(sorted(gaps)[:5], abs=1e-3)
    assert (near.by_angle, near.split, near.count) == (True, TEST, 300)


def test_an_image_of_the_probe_is_nearest_to_itself():
    snapshot = make_snapshot(count=100, train=200)
    near = nearest_images(digit_at(snapshot, *snapshot.features[150].tolist()))
    assert near.rows[0] == 150
    assert near.gaps[0] == 0
    assert len(near.rows) == 8


def test_a_network_that_diverged_says_nothing():
    snapshot = make_snapshot(count=100)
    lost = digit_at(snapshot, math.nan, 1.0)
    assert len(nearest_images(lost).rows) == 0
    assert digit_facts(lost).nearest == -1
    assert digit_text(lost) == "drawn"
    assert digit_text(digit_at(snapshot, *(20 * snapshot.weight[7]).tolist())) == "drawn → 7"
