from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.plane.geometry import Rectangle, Region, clip, linear_cells, nearest_mean_cells

VIEW = Rectangle(-3.0, -2.0, 5.0, 4.0)


def scattered(count: int = 10_000) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.column_stack([rng.uniform(-3, 5, count), rng.uniform(-2, 4, count)])


def weights(classes: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(classes, 2)).astype(np.float32)


def inside(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    edges = np.roll(polygon, -1, axis=0) - polygon
    to_points = points[:, None, :] - polygon
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


def test_classes_with_equal_weights_are_drawn_once():
    rows = np.array([[1, 0], [1, 0], [-1, 0]], dtype=np.float32)
    assert [region.label for region in linear_cells(rows, None, VIEW)] == [0, 2]


def test_clipping_keeps_what_is_on_the_edge_and_drops_what_is_beyond():
    square = Rectangle(0, 0, 1, 1).corners
    assert clip(square, 1, 0, 0) == square
    assert clip(square, -1, 0, 0) == []
    assert sorted(clip(square, 1, 0, -0.25)) == [(0.25, 0), (0.25, 1), (1, 0), (1, 1)]
    assert clip([], 1, 0, 0) == []


def test_absent_classes_have_no_cell():
    rows = np.array([[np.nan, 1], [0, 0], [1, 1]], dtype=np.float32)
    assert {region.label for region in linear_cells(rows, None, VIEW)} == {1, 2}
    assert linear_cells(np.full((3, 2), np.nan), None, VIEW) == []
