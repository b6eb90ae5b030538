"""Distributions of angles, angles between classes and the rose, against angles that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.references import Reference, mean_reference, row_labels
from explorer.analysis.statistics.angle_distribution import distribution, image_angles
from explorer.analysis.statistics.class_angles import class_angles, closest_pair, known_classes
from explorer.analysis.statistics.rose import SECTORS, rose
from explorer.core.protocol.messages import TEST, TRAIN


def at(*degrees: float, length: float = 1.0) -> np.ndarray:
    turn = np.radians(degrees)
    return (length * np.stack([np.cos(turn), np.sin(turn)], axis=1)).astype(np.float32)


def weights(rows: np.ndarray, classes: int) -> Reference:
    return Reference("weights", rows, row_labels(len(rows), classes))


def frame(degrees: list[float], labels: list[int], weight: np.ndarray | None, train: int = 0):
    """Images at directions in the plane, the last ``train`` of them training images, and three classes."""
    loss = "triplet" if weight is None else "normface"
    snapshot = make_snapshot(count=len(degrees) - train, train=train, classes=3, loss=loss, weight=weight)
    probe = replace(snapshot.probe, labels=np.array(labels, dtype=np.uint8))
    return replace(snapshot, probe=probe, features=at(*degrees, length=7))


def test_the_overlap_is_the_sum_of_the_smaller_shares_and_the_wrong_are_counted():
    # own angles 10, 20, 70, 85; the angles to the other weight, at a right angle, are 80, 70, 20, 5
    snapshot = frame([10.5, 20.5, 69.5, 84.5], [0, 0, 0, 0], at(0, 90, 270))
    found = distribution(image_angles(snapshot, TEST, np.ones(4, dtype=bool)))
    assert found.own.count == 4
    assert math.degrees(found.own.mean) == pytest.approx(185 / 4, abs=1e-3)
    assert math.degrees(found.own.percentile_95) == pytest.approx(84.5, abs=1e-3)
    assert found.nearer_other == 2 / 4
    # of the degrees 10 20 69 84 and 79 69 20 5 two are in both, each a quarter
    assert found.overlap == pytest.approx(0.5)


def test_images_left_out_and_features_that_are_no_numbers_do_not_count():
    snapshot = frame([10, 20, 30, 40, 50], [0, 0, 1, 1, 0], at(0, 90, 180), train=2)
    features = snapshot.features.copy()
    features[1, 0] = np.nan
    snapshot = replace(snapshot, features=features)
    shown = np.array([True, True, False, True, True])
    test, train = (image_angles(snapshot, split, shown) for split in (TEST, TRAIN))
    assert test.rows.tolist() == [0]
    assert train.rows.tolist() == [3, 4]
    assert np.degrees(train.own) == pytest.approx([50, 50], abs=1e-3)
    assert np.degrees(train.other) == pytest.approx([40, 40], abs=1e-3)
    assert train.part(np.array([False, True])).rows.tolist() == [4]


def test_without_weights_each_split_is_compared_with_its_own_means():
    snapshot = frame([0, 20, 90, 100, 140, 200], [0, 0, 1, 0, 0, 1], None, train=3)
    for split, own in ((TEST, [10, 10, 0]), (TRAIN, [20, 20, 0])):
        angles = image_angles(snapshot, split, np.ones(6, dtype=bool))
        assert np.degrees(angles.own) == pytest.approx(own, abs=1e-2)


def test_nothing_is_known_of_no_images():
    empty = distribution(image_angles(make_snapshot(count=5), TEST, np.zeros(5, dtype=bool)))
    assert (empty.own.count, empty.other.count) == (0, 0)
    assert math.isnan(empty.overlap)
    assert math.isnan(empty.nearer_other)
    alone = make_snapshot(count=5, present=1, weight=None, loss="triplet")
    assert math.isnan(distribution(image_angles(alone, TEST, np.ones(5, dtype=bool))).nearer_other)


def test_angles_between_classes_are_symmetric_and_the_closest_pair_is_found():
    angles = class_angles(weights(at(0, 100, 130, 235, length=3), 4), 4)
    wanted = {(0, 1): 100, (0, 2): 130, (0, 3): 125, (1, 2): 30, (1, 3): 135, (2, 3): 105}
    for (i, j), degrees in wanted.items():
        assert math.degrees(angles[i, j]) == pytest.approx(degrees, abs=1e-4)
        assert angles[j, i] == angles[i, j]
    assert np.isnan(np.diagonal(angles)).all()
    assert closest_pair(angles) == (1, 2)
    assert known_classes(angles) == 4


def test_of_several_rows_of_a_class_the_nearest_count():
    # two rows of each class: 0° and 60°, 90° and 180°, 300° and 240°
    angles = class_angles(weights(at(0, 60, 90, 180, 300, 240), 3), 3)
    found = np.degrees(angles[[0, 0, 1], [1, 2, 2]])
    assert found == pytest.approx([30, 60, 60], abs=1e-4)


@pytest.mark.parametrize("size", [1e-30, 1e-6, 1e6, 1e30])
def test_a_class_without_a_direction_has_no_angle(size):
    rows = at(0, 40, 90, 200, 10, length=size)
    rows[1], rows[3], rows[4] = 0, np.nan, np.inf
    angles = class_angles(weights(rows, 5), 5)
    known = [tuple(cell) for cell in np.argwhere(~np.isnan(angles))]
    assert known == [(0, 2), (2, 0)]
    assert math.degrees(angles[0, 2]) == pytest.approx(90, abs=1e-4)
    assert known_classes(angles) == 2
    assert closest_pair(class_angles(weights(np.zeros((5, 2), dtype=np.float32), 5), 5)) is None


def test_equal_and_opposite_directions_are_exactly_so():
    angles = class_angles(weights(at(33, 33, 213), 3), 3)
    assert math.degrees(angles[0, 1]) == pytest.approx(0, abs=1e-5)
    assert math.degrees(angles[0, 2]) == pytest.approx(180, abs=1e-5)


def test_means_can_be_compared_of_a_loss_with_weights():
    snapshot = frame([0, 20, 90, 120], [0, 0, 1, 1], at(0, 90, 180))
    angles = class_angles(mean_reference(snapshot, TEST), 3)
    assert math.degrees(angles[0, 1]) == pytest.approx(95, abs=1e-3)
    assert np.isnan(angles[2]).all()


def test_the_rose_counts_directions_of_each_class():
    degrees = np.array([1, 2, 4, 91, 359, 181])
    features = np.concatenate([at(*degrees, length=1e6), [[0, 0]], [[np.nan, 1]]]).astype(np.float32)
    counts = rose(features, np.array([0, 0, 0, 2, 2, 0, 1, 1], dtype=np.uint8), 3)
    assert counts.shape == (3, SECTORS)
    found = {(int(i), int(k)): int(counts[i, k]) for i, k in np.argwhere(counts)}
    assert found == {(0, 0): 2, (0, 1): 1, (2, 30): 1, (2, 119): 1, (0, 60): 1}


def test_a_direction_a_hair_below_the_first_axis_is_in_the_last_sector_or_the_first():
    features = np.array([[1, -1e-30], [1, 0]], dtype=np.float32)
    counts = rose(features, np.zeros(2, dtype=np.uint8), 1)
    assert counts.sum() == 2
    assert counts[0, 0] + counts[0, -1] == 2
