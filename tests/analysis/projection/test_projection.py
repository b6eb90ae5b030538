"""A projection is orthogonal, follows what it should, and says how much it shows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot

from explorer.analysis.heads.classifier import scores
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.projection.class_pair import pair_projection, side_regions
from explorer.analysis.projection.principal import pca, principal_axes
from explorer.analysis.projection.projection import aligned, orthonormal, total_variance
from explorer.analysis.projection.tour import Tour, dragged, path_between

DIM = 40


def frame(count, seed=0, dim=DIM):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(dim, count)))[0]


def assert_orthonormal(axes):
    np.testing.assert_allclose(axes.T @ axes, np.eye(axes.shape[1]), atol=1e-6)


def in_few_directions(count, dim, seed=3):
    """Points that vary in nine directions, and hardly in the others."""
    random = np.random.default_rng(seed)
    wide = random.normal(size=(count, 9)) * np.arange(9, 0, -1)
    return (wide @ frame(9, seed, dim).T + 0.05 * random.normal(size=(count, dim)) + 5).astype(np.float32)


@pytest.mark.parametrize("dim", [20, 300])
@pytest.mark.parametrize("count", [2, 3])
def test_principal_components_show_as_much_of_the_spread_as_any_directions_can(dim, count):
    points = in_few_directions(800, dim)
    points[5] = np.nan
    known = np.delete(points, 5, axis=0).astype(np.float64)
    largest = np.linalg.eigvalsh(np.cov(known.T, bias=True))[::-1]
    projection = pca(points, count)
    assert_orthonormal(projection.axes)
    shown = projection.of_points(projection.apply(known), total_variance(known))
    assert shown.share == pytest.approx(largest[:count].sum() / largest.sum(), rel=1e-3)
    perpendicular = principal_axes(points, 2, projection.axes.astype(np.float64))
    assert_orthonormal(np.concatenate([projection.axes, perpendicular], axis=1))


def test_axes_of_the_next_frame_do_not_flip():
    points = in_few_directions(500, DIM)
    before = pca(points, 2).axes
    flipped = -before[:, ::-1]
    np.testing.assert_allclose(aligned(flipped.astype(np.float64), before), before, atol=1e-5)
    assert aligned(flipped, None) is flipped
    later = pca(points + 0.01, 2, before).axes
    np.testing.assert_allclose(later, before, atol=0.01)


def test_directions_that_coincide_are_completed():
    one = np.ones(DIM)
    axes = orthonormal(np.stack([one, 2 * one, np.full(DIM, np.nan)], axis=1), np.zeros((DIM, 1)))
    assert_orthonormal(axes)
    np.testing.assert_allclose(axes[:, 0], one / math.sqrt(DIM))


@pytest.mark.parametrize("count", [2, 3])
def test_a_path_leads_from_plane_to_plane_and_turns_nothing_within(count):
    first, second = frame(count, 1), frame(count, 2)
    path = path_between(first, second)
    np.testing.assert_allclose(path.at(0.0), first, atol=1e-12)
    end = path.at(1.0)
    np.testing.assert_allclose(end @ end.T, second @ second.T, atol=1e-9)
    for share in (0.2, 0.7):
        assert_orthonormal(path.at(share))
        slope = (path.at(share + 1e-6) - path.at(share)) / 1e-6
        np.testing.assert_allclose(path.at(share).T @ slope, 0, atol=1e-4)
    assert path_between(first, first).length == pytest.approx(0, abs=1e-6)


def test_a_tour_moves_smoothly_and_stays_among_the_class_weights():
    weights = np.random.default_rng(4).normal(size=(10, DIM))
    inside = np.linalg.qr(weights.T)[0]
    tour, other = Tour(frame(2, 5), seed=1), Tour(frame(2, 5), seed=1)
    seen, reached = tour.frame, []
    for _ in range(3000):
        tour.advance(0.01, weights)
        assert np.linalg.norm(tour.frame - seen, 2) <= 0.0101
        seen = tour.frame
        reached.append(float(np.linalg.norm(inside.T @ seen) ** 2 / 2))
    assert_orthonormal(tour.frame)
    assert min(reached[500:]) > 0.999, "once it has arrived, it shows only what lies along class weights"
    for _ in range(3000):
        other.advance(0.01, weights)
    np.testing.assert_array_equal(other.frame, tour.frame)
    tour.advance(0.3, np.full((1, DIM), np.nan))
    assert_orthonormal(tour.frame)


@pytest.mark.parametrize("count", [2, 3])
def test_the_projection_follows_an_axis_that_is_dragged(count):
    axes, direction = frame(count, 6), np.random.default_rng(7).normal(size=DIM)
    unit = direction / np.linalg.norm(direction)
    moved = dragged(axes, direction, (0.4, -0.5))
    assert_orthonormal(moved)
    assert unit @ moved[:, :2] == pytest.approx((0.4, -0.5))
    beyond = dragged(axes, direction, (3.0, 4.0))
    assert unit @ beyond[:, :2] == pytest.approx((0.6 * 0.999, 0.8 * 0.999))
    aside = orthonormal(np.column_stack([axes, unit, frame(1, 8)]), axes)[:, -1]
    np.testing.assert_allclose(aside @ moved, 0, atol=1e-9)
    np.testing.assert_allclose(dragged(axes, np.zeros(DIM), (0.1, 0.1)), axes)
    assert axes[:, 0] @ dragged(axes, axes[:, 0], (0.5, 0.5))[:, :2] == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize("loss", ["softmax", "arcface", "normface", "triplet", "center"])
@pytest.mark.parametrize("on_unit", [False, True])
def test_the_border_of_two_classes_is_exact_for_every_feature(loss, on_unit):
    bias = {"bias": np.linspace(-2, 2, 10).astype(np.float32)} if loss in ("softmax", "center") else {}
    snapshot = make_snapshot(count=600, train=300, dim=24, loss=loss, **bias)
    points = snapshot.features
    if on_unit:
        points = points / np.linalg.norm(points, axis=1, keepdims=True)
    projection = pair_projection(snapshot, (3, 8), points, snapshot.probe.labels, 2, on_unit=on_unit)
    assert_orthonormal(projection.axes)
    if on_unit and (bias or loss == "triplet"):
        assert projection.sides is None, "the border depends on the length"
        return
    assert projection.sides is not None
    values = scores(snapshot)
    ahead = projection.apply(points)[:, 0] - projection.sides.border
    clear = np.abs(ahead) > 1e-4 * np.abs(points).max()
    assert clear.mean() > 0.9
    np.testing.assert_array_equal((ahead > 0)[clear], (values[:, 3] > values[:, 8])[clear])
    found = side_regions(projection.sides, Rectangle(-50, -50, 50, 50)).regions
    assert [(region.label, np.ptp(region.polygon[:, 1])) for region in found] == [(8, 100), (3, 100)]
    assert found[0].polygon[:, 0].max() == found[1].polygon[:, 0].min() == projection.sides.border
    aside = side_regions(projection.sides, Rectangle(1e3, -1, 2e3, 1)).regions
    assert [region.label for region in aside] == [3]


@pytest.mark.parametrize("loss", ["subcenter-arcface", "l-gm"])
def test_a_border_that_is_not_straight_is_left_out(loss):
    arrays = {"weight": np.random.default_rng(0).normal(size=(30, 24)).astype(np.float32)}
    if loss == "l-gm":
        arrays = {"centers": arrays["weight"][:10], "log_variance": 0.1 * arrays["weight"][:10]}
    snapshot = make_snapshot(count=200, dim=24, loss=loss, **arrays)
    labels = snapshot.probe.labels
    projection = pair_projection(snapshot, (3, 8), snapshot.features, labels, 3, on_unit=False)
    assert projection.sides is None
    assert_orthonormal(projection.axes)
    middles = [projection.apply(snapshot.features[labels == label])[:, 0].mean() for label in (3, 8)]
    assert middles[0] > middles[1]
