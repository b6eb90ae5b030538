from __future__ import annotations

import gc
import math
import weakref

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.statistics.classes import class_facts, confused_rows
from explorer.analysis.statistics.samples import fact_of, facts_of, image_text
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import LossConfig, RunConfig


def three_classes(**arrays):
    """Class weights at 0°, 90° and 180°, and features whose angles are known."""
    degrees = np.array([10.0, 80, 100, 175, 30])
    probe = ProbeSet(
        labels=np.array([0, 0, 1, 2, 1], dtype=np.uint8),
        indices=np.array([7, 8, 9, 5_000, 3], dtype=np.int32),
        split=np.array([TEST, TEST, TEST, TEST, TRAIN], dtype=np.uint8),
        num_classes=3,
        test_size=10_000,
        train_size=60_000,
    )
    turn = np.radians(degrees)
    features = 5 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return replace(
        make_snapshot(count=5, classes=3),
        probe=probe,
        config=RunConfig(loss=LossConfig("normface", {"scale": 4.0})),
        features=features.astype(np.float32),
        weight=np.array([[2, 0], [0, 1], [-3, 0]], dtype=np.float32),
        **arrays,
    )


def test_the_facts_of_an_image_are_those_of_a_calculation_by_hand():
    snapshot = three_classes(centers=np.array([[5, 0], [0, 5], [-5, 0]], dtype=np.float32))
    fact = fact_of(snapshot, 1)
    shares = [math.exp(4 * math.cos(math.radians(angle))) for angle in (80, 10, 100)]
    assert (fact.label, fact.prediction, fact.other_class) == (0, 1, 1)
    assert (fact.split, fact.index) == (TEST, 8)
    assert math.degrees(fact.own_angle) == pytest.approx(80, abs=1e-4)
    assert math.degrees(fact.other_angle) == pytest.approx(10, abs=1e-4)
    assert fact.loss == pytest.approx(-math.log(shares[0] / sum(shares)), rel=1e-5)
    assert fact.confidence == pytest.approx(shares[1] / sum(shares), rel=1e-5)
    assert fact.distance == pytest.approx(2 * 5 * math.sin(math.radians(40)), rel=1e-5)
    assert image_text(snapshot.probe, 1) == "test image 8"
    assert image_text(snapshot.probe, 4) == "training image 3"


def test_without_centres_the_distance_is_to_the_mean_over_the_same_split():
    snapshot = three_classes()
    distances = facts_of(snapshot).distance
    half = math.sin(math.radians(35)) * 5
    assert distances[:2] == pytest.approx([half, half], rel=1e-5)
    assert distances[2:] == pytest.approx(0, abs=1e-6)


def test_an_image_whose_feature_is_not_finite_has_no_facts_and_spoils_no_other():
    snapshot = three_classes()
    wanted = facts_of(snapshot)
    features = snapshot.features.copy()
    features[3] = np.nan
    found = facts_of(replace(snapshot, features=features))
    assert found.prediction[3] == -1
    assert np.isnan([found.loss[3], found.confidence[3], found.own_angle[3], found.distance[3]]).all()
    assert (found.prediction[:3] == wanted.prediction[:3]).all()
    assert found.loss[[0, 1, 2, 4]] == pytest.approx(wanted.loss[[0, 1, 2, 4]])


def test_views_of_one_snapshot_share_one_computation():
    snapshot = three_classes()
    assert facts_of(snapshot) is facts_of(snapshot)
    assert facts_of(replace(snapshot, step=2)) is not facts_of(snapshot)


def test_several_runs_shown_at_once_keep_their_facts_and_none_is_kept_alive():
    snapshots = [three_classes() for _ in range(5)]
    first = [facts_of(snapshot) for snapshot in snapshots]
    assert all(facts_of(snapshot) is facts for snapshot, facts in zip(snapshots, first, strict=True))
    gone = [weakref.ref(snapshot) for snapshot in snapshots]
    del snapshots
    gc.collect()
    assert [reference() for reference in gone] == [None] * 5


def test_the_facts_of_classes_are_those_of_a_calculation_by_hand():
    facts = class_facts(three_classes(), TEST)
    assert facts.confusion.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert facts.counts.tolist() == [2, 1, 1]
    assert facts.accuracy.tolist() == [0.5, 1, 1]
    assert np.degrees(facts.spread) == pytest.approx([35, 0, 0], abs=1e-3)
    assert facts.radius == pytest.approx([5 * math.sin(math.radians(35)), 0, 0], abs=1e-5)
    assert facts.nearest.tolist() in ([1, 0, 1], [1, 2, 1])
    assert np.degrees(facts.nearest_angle) == pytest.approx([90, 90, 90], abs=1e-4)


def test_a_class_without_an_image_has_no_facts():
    facts = class_facts(three_classes(), TRAIN)
    assert facts.counts.tolist() == [0, 1, 0]
    assert np.isnan(facts.accuracy[[0, 2]]).all()
    assert np.isnan(facts.radius[[0, 2]]).all()
    assert facts.accuracy[1] == 0


def test_of_several_weights_of_a_class_the_nearest_tells_how_near_classes_are():
    turn = np.radians([0, 50, 90, 120, 200, 260])
    weight = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    snapshot = replace(
        three_classes(),
        weight=weight,
        config=RunConfig(loss=LossConfig("subcenter-arcface", {"subcenters": 2})),
    )
    facts = class_facts(snapshot, TEST)
    assert facts.nearest.tolist() == [1, 0, 1]
    assert np.degrees(facts.nearest_angle) == pytest.approx([40, 40, 80], abs=1e-3)


def test_the_rows_behind_a_cell_are_as_many_as_it_counts():
    snapshot = make_snapshot(count=1_500, train=300, size=1.0)
    facts = class_facts(snapshot, TEST)
    assert facts.confusion.sum() == 1_500
    for label in range(10):
        assert len(confused_rows(snapshot, TEST, label, None)) == facts.counts[label]
        for prediction in range(10):
            rows = confused_rows(snapshot, TEST, label, prediction)
            assert len(rows) == facts.confusion[label, prediction]
            assert (snapshot.probe.split[rows] == TEST).all()
