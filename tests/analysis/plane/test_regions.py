"""Every region on screen must be where the classifier gives that answer, by brute force."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from analysis.plane.plane_checks import VIEWS, assert_regions, covered, pixel_of, scattered
from analysis.snapshots import make_snapshot

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import scores
from explorer.analysis.plane.geometry import UNDECIDED, Rectangle
from explorer.analysis.plane.regions import division
from explorer.core.losses.catalog import LOSSES

ONE_OF_EACH = {
    "linear": "softmax",
    "linear without bias": "l-softmax",
    "angular": "cosface",
    "unit-linear": "l2-softmax",
    "one-vs-all": "sphereface2",
    "gaussian": "l-gm",
    "nearest mean": "contrastive",
    "nearest mean of directions": "supcon",
}
HOME = VIEWS["around the origin"]


def random_arrays(loss: str, classes: int = 10, seed: int = 1, per_class: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    head = LOSSES[loss].head
    if head == "gaussian":
        return {
            "weight": None,
            "centers": rng.normal(0, 15, (classes, 2)).astype(np.float32),
            "log_variance": rng.normal(3, 0.8, (classes, 2)).astype(np.float32),
        }
    if head == "nearest-mean":
        return {}
    arrays: dict[str, Any] = {"weight": rng.normal(size=(classes * per_class, 2)).astype(np.float32)}
    if head == "unit-linear" or loss == "softmax":
        arrays["bias"] = (3 * rng.normal(size=classes)).astype(np.float32)
    if head == "one-vs-all":
        arrays["bias"] = np.full(classes, -4.3, dtype=np.float32)
    return arrays


def snapshot_of(loss: str, classes: int = 10, seed: int = 1, **arrays: Any) -> Snapshot:
    chosen = arrays or random_arrays(loss, classes, seed)
    return make_snapshot(loss=loss, classes=classes, seed=seed, count=500, train=300, **chosen)


def answer_of(snapshot: Snapshot):
    def answer(points: np.ndarray) -> np.ndarray:
        values = scores(snapshot, points)
        best = values.argmax(axis=1)
        if snapshot.config.loss.spec.head == "one-vs-all":
            best[values.max(axis=1) <= 0] = UNDECIDED
        return best

    return answer


def check(snapshot: Snapshot, view: Rectangle) -> None:
    shown = division(snapshot, view, pixel_of(view), bands=False)
    assert shown.bands == []
    assert_regions(shown.regions, answer_of(snapshot), view, snapshot.probe.num_classes)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("head", ONE_OF_EACH)
def test_every_point_lies_in_the_region_of_the_class_that_the_scores_give(head, view):
    check(snapshot_of(ONE_OF_EACH[head]), VIEWS[view])


@pytest.mark.parametrize("classes", [2, 3, 40])
@pytest.mark.parametrize("head", ONE_OF_EACH)
def test_few_and_many_classes(head, classes):
    check(snapshot_of(ONE_OF_EACH[head], classes, seed=classes), HOME)


@pytest.mark.parametrize("seed", range(2, 7))
@pytest.mark.parametrize("head", ["unit-linear", "one-vs-all", "gaussian", "nearest mean of directions"])
def test_other_weights(head, seed):
    check(snapshot_of(ONE_OF_EACH[head], seed=seed), HOME)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss(name):
    check(make_snapshot(loss=name, count=300, train=300), HOME)


@pytest.mark.parametrize("head", ["linear", "angular", "unit-linear", "one-vs-all"])
def test_class_weights_along_one_line_and_without_length(head):
    loss = ONE_OF_EACH[head]
    weight = np.array([[1, 2], [2, 4], [-1, -2], [0, 0], [0.5, 1]], dtype=np.float32)
    bias = None if head == "angular" else np.array([0.1, -1, 0.3, 0.2, 1], dtype=np.float32)
    if head == "one-vs-all":
        bias = np.full(5, -2.0, dtype=np.float32)
    if head in ("angular", "one-vs-all"):  # along one direction cosines are equal: rounding would choose
        weight = weight[[0, 2, 3]]
        bias = None if bias is None else bias[:3]
    check(snapshot_of(loss, len(weight), weight=weight, bias=bias), HOME)


@pytest.mark.parametrize("loss", ["subcenter-arcface"])
def test_each_of_several_weights_of_a_class_counts(loss):
    check(snapshot_of(loss, **random_arrays(loss, 10, 4, per_class=3)), HOME)


@pytest.mark.parametrize("loss", ["contrastive", "supcon"])
def test_a_class_without_images_has_no_region(loss):
    snapshot = make_snapshot(loss=loss, count=300, train=300, present=6)
    check(snapshot, HOME)
    labels = {region.label for region in division(snapshot, HOME, pixel_of(HOME)).regions}
    assert labels == set(range(6))


def test_unit_linear_regions_follow_the_bias_all_the_way():
    weight = np.array([[1, 0], [0, 1], [-1, -1]], dtype=np.float32)
    for bias in ([0, 0, 30], [0, 4, 0], [7, 7, -2]):
        check(snapshot_of("l2-softmax", 3, weight=weight, bias=np.array(bias, dtype=np.float32)), HOME)


@pytest.mark.parametrize(("offset", "open_share"), [(-12.0, 1.0), (-9.5, 0.6), (-6.0, 0.3), (12.0, 0.0)])
def test_where_no_score_is_above_zero_the_answer_is_left_open(offset, open_share):
    turns = 2 * np.pi * np.arange(10) / 10 * 0.8  # a fifth of the circle has no class near
    weight = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    snapshot = snapshot_of("sphereface2", weight=weight, bias=np.full(10, offset, np.float32))
    check(snapshot, HOME)
    disc = scattered(HOME)[np.hypot(*scattered(HOME).T) < 40]
    regions = division(snapshot, HOME, 0.1).regions
    found = covered(regions, disc, 10)[:, UNDECIDED].mean()
    # r·(2((cos θ + 1)/2)³ − 1) + b > 0 within this angle of a weight, at r = 10; 28.8° lie between two
    share = 1.0 if offset < -10 else 0.0
    if -10 < offset < 10:
        widest = np.degrees(np.arccos(2 * ((1 - offset / 10) / 2) ** (1 / 3) - 1))
        share = (9 * max(0, 28.8 - 2 * widest) + max(0, 100.8 - 2 * widest)) / 360
    assert found == pytest.approx(share, abs=0.02)
    assert share == pytest.approx(open_share, abs=0.25)


def test_equal_gaussians_have_straight_borders_and_one_of_two_alike_has_none():
    centers = np.array([[-10, 0], [10, 0], [10, 0], [0, 15]], dtype=np.float32)
    arrays = {"weight": None, "centers": centers, "log_variance": np.full((4, 2), 3, dtype=np.float32)}
    check(snapshot_of("l-gm", 4, **arrays), HOME)


def test_parts_of_many_gaussians_go_on_where_other_classes_begin():
    """Or there were ten thousand, and the window stood still while they were put together."""
    snapshot = snapshot_of("l-gm", 40)
    check(snapshot, HOME)
    found = division(snapshot, HOME, pixel_of(HOME))
    assert sum(len(region.polygon) > 0 for region in found.regions) < 200
    assert len(found.bands) < 400


def test_a_wide_class_is_seen_all_around_a_narrow_one():
    arrays = {
        "weight": None,
        "centers": np.array([[0, 0], [3, -2]], dtype=np.float32),
        "log_variance": np.array([[5, 4.5], [1, 2]], dtype=np.float32),
    }
    snapshot = snapshot_of("l-gm", 2, **arrays)
    check(snapshot, HOME)
    borders = [
        border for region in division(snapshot, HOME, pixel_of(HOME)).regions for border in region.borders
    ]
    points = np.concatenate(borders)
    values = scores(snapshot, points)
    steep = np.abs(scores(snapshot, points + 1e-4) - values).max()
    assert np.abs(values[:, 0] - values[:, 1]).max() < steep / 1e-4 * pixel_of(HOME)
    ends = points.max(axis=0) - points.min(axis=0)
    assert (ends < 40).all()  # closed around the narrow one


@pytest.mark.parametrize("head", ["linear", "angular", "unit-linear", "one-vs-all"])
def test_borders_run_between_different_answers(head):
    snapshot = snapshot_of(ONE_OF_EACH[head])
    answer, count = answer_of(snapshot), 0
    for region in division(snapshot, HOME, pixel_of(HOME)).regions:
        for border in region.borders:
            for start, end in pairwise(border):
                middle, along = (start + end) / 2, (end - start) / np.linalg.norm(end - start)
                if np.abs(middle).max() > 39.9:
                    continue  # the edge of the view
                across = 1e-3 * np.array([along[1], -along[0]])
                first, second = answer(np.stack([middle + across, middle - across]))
                assert first != second
                count += 1
    assert count >= 3


def test_arrays_that_are_not_numbers_leave_the_plane_empty():
    gone = np.full((10, 2), np.nan, dtype=np.float32)
    for loss in ("softmax", "cosface", "l2-softmax", "sphereface2"):
        assert division(make_snapshot(loss=loss, weight=gone), HOME, 0.1).regions == []
    snapshot = make_snapshot(loss="l-gm", weight=None, centers=gone, log_variance=gone)
    assert division(snapshot, HOME, 0.1).regions == []
