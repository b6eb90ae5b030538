from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from explorer.core.geometry import (
    FULL_TURN,
    Rectangle,
    Region,
    Wedge,
    angular_wedges,
    clip,
    linear_cells,
    nearest_mean_cells,
    wedge_polygons,
)
from explorer.core.margin_bands import margin_bands

VIEW = Rectangle(-3.0, -2.0, 5.0, 4.0)


def scattered(count: int = 10_000) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.column_stack([rng.uniform(-3, 5, count), rng.uniform(-2, 4, count)])


def weights(classes: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(classes, 2)).astype(np.float32)


def inside(polygon: list[tuple[float, float]], points: np.ndarray) -> np.ndarray:
    corners = np.array(polygon)
    edges = np.roll(corners, -1, axis=0) - corners
    to_points = points[:, None, :] - corners
    cross = edges[:, 0] * to_points[..., 1] - edges[:, 1] * to_points[..., 0]
    return (cross >= -1e-9).all(axis=1)


def owners(regions: list[Region], points: np.ndarray, classes: int) -> np.ndarray:
    claimed = np.zeros((len(points), classes), dtype=bool)
    for region in regions:
        claimed[:, region.label] |= inside(region.polygon, points)
    return claimed


def assert_partition(regions: list[Region], points: np.ndarray, scores: np.ndarray) -> None:
    ranked = np.sort(scores, axis=1)
    clear = ranked[:, -1] - ranked[:, -2] > 1e-6
    assert clear.mean() > 0.99
    expected = scores.argmax(axis=1)[:, None] == np.arange(scores.shape[1])
    np.testing.assert_array_equal(owners(regions, points, scores.shape[1])[clear], expected[clear])


@pytest.mark.parametrize("classes", [2, 3, 10, 100])
@pytest.mark.parametrize("biased", [False, True])
def test_every_point_lies_in_the_cell_of_the_class_with_the_largest_score(classes, biased):
    weight, points = weights(classes), scattered()
    bias = np.random.default_rng(5).normal(size=classes).astype(np.float32) if biased else None
    scores = points @ weight.T.astype(float) + (0 if bias is None else bias)
    assert_partition(linear_cells(weight, bias, VIEW), points, scores)


@pytest.mark.parametrize("classes", [2, 10, 100])
def test_every_point_lies_in_the_cell_of_its_nearest_mean(classes):
    means, points = 2 * weights(classes), scattered()
    distance = np.linalg.norm(points[:, None] - means.astype(float), axis=-1)
    assert_partition(nearest_mean_cells(means, VIEW), points, -distance)


@pytest.mark.parametrize("classes", [2, 3, 10, 100])
def test_every_point_lies_in_the_wedge_of_its_largest_cosine(classes):
    weight, points = weights(classes), scattered()
    unit = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    cosines = points @ unit.T / np.linalg.norm(points, axis=1, keepdims=True)
    assert_partition(wedge_polygons(angular_wedges(weight), VIEW), points, cosines)


@pytest.mark.parametrize("view", [VIEW, Rectangle(1, 1, 2, 3), Rectangle(1e-7, 1e-7, 3e-7, 2e-7)])
def test_wedges_are_cut_to_the_view_wherever_it_is(view):
    wedges = angular_wedges(weights(10))
    total = 0.0
    for region in wedge_polygons(wedges, view):
        x, y = np.array(region.polygon).T
        assert view.left - 1e-9 <= x.min()
        assert x.max() <= view.right + 1e-9
        total += 0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum()
    assert total == pytest.approx((view.right - view.left) * (view.top - view.bottom))


def test_sub_centres_of_a_class_share_its_wedges():
    weight, points = weights(12), scattered()
    labels = [row // 3 for row in range(12)]
    unit = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    cosines = points @ unit.T / np.linalg.norm(points, axis=1, keepdims=True)
    best = cosines.reshape(-1, 4, 3).max(axis=2)
    wedges = angular_wedges(weight, labels)
    assert_partition(wedge_polygons(wedges, VIEW), points, best)
    assert all(left.label != right.label for left, right in pairwise(wedges))


def test_a_lone_class_has_the_whole_plane_and_absent_ones_nothing():
    rows = np.array([[np.nan, 1], [0, 0], [1, 1]], dtype=np.float32)
    (wedge,) = angular_wedges(rows)
    assert (wedge.label, wedge.end - wedge.start) == (2, pytest.approx(FULL_TURN))
    points = scattered()
    assert owners(wedge_polygons([wedge], VIEW), points, 3)[:, 2].all()
    assert {region.label for region in linear_cells(rows, None, VIEW)} == {1, 2}
    assert angular_wedges(np.full((3, 2), np.nan)) == []
    assert linear_cells(np.full((3, 2), np.nan), None, VIEW) == []


def test_classes_with_equal_weights_are_drawn_once():
    rows = np.array([[1, 0], [1, 0], [-1, 0]], dtype=np.float32)
    assert [region.label for region in linear_cells(rows, None, VIEW)] == [0, 2]


def test_clipping_keeps_what_is_on_the_edge_and_drops_what_is_beyond():
    square = Rectangle(0, 0, 1, 1).corners
    assert clip(square, 1, 0, 0) == square
    assert clip(square, -1, 0, 0) == []
    assert sorted(clip(square, 1, 0, -0.25)) == [(0.25, 0), (0.25, 1), (1, 0), (1, 1)]
    assert clip([], 1, 0, 0) == []


def cosine_margin(margin):
    return lambda theta: np.cos(theta) - margin


def angular_margin(margin):
    return lambda theta: np.where(theta + margin < math.pi, np.cos(theta + margin), -1 - theta)


def band_sides(bands: list[Wedge], angles: np.ndarray, classes: int) -> np.ndarray:
    claimed = np.zeros((len(angles), classes), dtype=bool)
    for band in bands:
        claimed[:, band.label] |= (angles - band.start) % FULL_TURN <= band.end - band.start
    return claimed


@pytest.mark.parametrize("subcentres", [1, 3])
@pytest.mark.parametrize("margin", [0.02, 0.1, 0.35, 1.2])
@pytest.mark.parametrize("kind", ["cosface", "arcface"])
def test_a_band_holds_what_is_right_at_test_time_but_fails_the_margin(kind, margin, subcentres):
    rows = weights(6 * subcentres, seed=11)
    labels = [row // subcentres for row in range(len(rows))]
    angles = np.random.default_rng(2).uniform(-math.pi, math.pi, 10_000)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ unit.T.astype(float)
    best = np.sort(cosines.reshape(len(angles), 6, subcentres).max(axis=2), axis=1).clip(-1, 1)
    winner = cosines.reshape(len(angles), 6, subcentres).max(axis=2).argmax(axis=1)
    own, other = best[:, -1], best[:, -2]
    if kind == "cosface":
        slack, transform = own - margin - other, cosine_margin(margin)
    else:
        slack, transform = np.arccos(other) - np.arccos(own) - margin, angular_margin(margin)
    clear = (np.abs(slack) > 1e-5) & (own - other > 1e-5)
    expected = (winner[:, None] == np.arange(6)) & (slack < 0)[:, None]
    got = band_sides(margin_bands(rows, transform, labels), angles, 6)
    np.testing.assert_array_equal(got[clear], expected[clear])


def test_the_edges_of_arcface_bands_are_where_the_formula_says():
    rows = np.array([[1, 0], [0, 1]])
    bands = {
        (band.label, round(band.start, 4), round(band.end, 4))
        for band in margin_bands(rows, angular_margin(0.3))
    }
    quarter = math.pi / 4
    assert (0, round(quarter - 0.15, 4), round(quarter, 4)) in bands
    assert (1, round(quarter, 4), round(quarter + 0.15, 4)) in bands


def test_there_is_no_band_without_a_margin_or_without_another_class():
    assert margin_bands(weights(10), cosine_margin(0.0)) == []
    assert margin_bands(weights(1), cosine_margin(0.4)) == []
    assert margin_bands(np.zeros((4, 2)), cosine_margin(0.4)) == []
