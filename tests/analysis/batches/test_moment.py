"""A batch is a frame of its own images; forces are minus the gradients of the images, and have two parts."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.batches.moment import BatchMoment, displacement, force_parts
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.statistics.sample_loss import sample_loss
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.messages import TRAIN, BatchExamined


def examined(features: np.ndarray, gradient: np.ndarray, **kwargs) -> BatchExamined:
    count = len(features)
    fields = {
        "run": 1,
        "request": 1,
        "step": 1_200,
        "indices": Array.of(np.arange(40, 40 + count, dtype=np.int32)),
        "images": Array.of(np.zeros((count, 4, 4), np.uint8)),
        "labels": Array.of((np.arange(count) % 10).astype(np.uint8)),
        "features": Array.of(features.astype(np.float32)),
        "gradient": Array.of(gradient.astype(np.float32)),
        "scalars": {"loss": 2.5},
    }
    return BatchExamined(**{**fields, **kwargs})


@pytest.fixture
def frame():
    return make_snapshot(60, train=50, loss="arcface")


def test_what_holds_for_a_frame_holds_for_the_batch(frame):
    features = np.array([[3.0, 4.0], [1.0, 0.0]])
    moment = BatchMoment.of(examined(features, np.zeros((2, 2))), frame)
    assert moment.snapshot.probe.split.tolist() == [TRAIN, TRAIN]
    assert moment.snapshot.scalars["loss"] == 2.5
    found = sample_loss(moment.snapshot, 0)
    assert (found.label, found.norm) == (0, 5.0)
    as_probe = replace(frame, features=np.tile(features[:1], (110, 1)).astype(np.float32))
    assert found.total == pytest.approx(sample_loss(as_probe, 0).total)


def test_the_loss_of_an_image_is_that_of_its_label_in_training_and_a_batch_has_such_labels(frame):
    frame = replace(frame, config=frame.config.replace({"data.wrong_labels": 0.5}))
    wrong = int(np.flatnonzero(stress_of(frame).wrong)[0])
    assert sample_loss(frame, wrong).label == stress_of(frame).given[wrong] != frame.probe.labels[wrong]
    moment = BatchMoment.of(examined(np.ones((30, 2)), np.zeros((30, 2))), frame)
    assert [sample_loss(moment.snapshot, row).label for row in range(10)] == list(range(10))


def test_forces_are_minus_the_gradient_of_an_image_of_a_mean(frame):
    gradient = np.array([[0.5, 0.0], [0.0, -0.25], [0.0, 0.0]])
    moment = BatchMoment.of(examined(np.ones((3, 2)), gradient), frame)
    assert moment.forces == pytest.approx(-3 * gradient)
    assert (moment.count, moment.most_pulled) == (3, 0)


def test_scores_are_those_of_the_classifier_without_the_margin(frame):
    moment = BatchMoment.of(examined(np.array([[2.0, 0.0]]), np.zeros((1, 2))), frame)
    logits, shares = moment.scores(0)
    weight = frame.weight / np.linalg.norm(frame.weight, axis=1, keepdims=True)
    assert logits == pytest.approx(10 * weight[:, 0], rel=1e-5)
    assert shares == pytest.approx(np.exp(logits) / np.exp(logits).sum(), rel=1e-6)


def test_an_image_that_is_plotted_too_is_found_in_the_frame(frame):
    indices = Array.of(np.array([70, 7], dtype=np.int32))  # training images 60 to 109 are plotted
    moment = BatchMoment.of(examined(np.ones((2, 2)), np.zeros((2, 2)), indices=indices), frame)
    assert moment.probe_row(0) == 70
    assert moment.probe_row(1) == -1


@pytest.mark.parametrize(("scale", "elsewhere"), [(1.0, False), (3.0, True), (0.2, True)])
def test_a_batch_of_other_lengths_than_the_plotted_images_lies_elsewhere(frame, scale, elsewhere):
    features = scale * frame.features[frame.probe.split == TRAIN]
    moment = BatchMoment.of(examined(features, np.zeros_like(features)), frame)
    assert moment.lies_elsewhere is elsewhere


@pytest.mark.parametrize(
    ("force", "weight", "expected"),
    [
        ((1.0, 2.0), (0.0, 1.0), (1.0, 2.0, True)),
        ((-1.0, 2.0), (0.0, -1.0), (-1.0, 2.0, False)),
        ((0.0, 2.0), None, (0.0, 2.0, None)),
        ((3.0, 0.0), (0.0, 1.0), (3.0, 0.0, None)),
    ],
)
def test_a_force_has_a_part_along_the_ray_and_one_across(force, weight, expected):
    weight = None if weight is None else np.array(weight, np.float32)
    parts = force_parts(np.array([2.0, 0.0], np.float32), np.array(force), weight)
    assert (parts.along, parts.across, parts.towards) == expected
    assert parts.length == pytest.approx(np.hypot(*force))


def test_a_feature_at_the_origin_has_no_ray():
    parts = force_parts(np.zeros(2, np.float32), np.array([3.0, 4.0]), None)
    assert (parts.along, parts.across) == (0.0, 5.0)


def test_moves_are_drawn_at_unit_length_where_features_are():
    before, after = np.array([[3.0, 4.0]], np.float32), np.array([[0.0, 2.0]], np.float32)
    assert displacement(before, after, normalized=False) == (before, after)
    start, end = displacement(before, after, normalized=True)
    assert start == pytest.approx(np.array([[0.6, 0.8]]))
    assert end == pytest.approx(np.array([[0.0, 1.0]]))
