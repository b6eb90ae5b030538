"""Spread within and between classes: against sums written out point by point, and in cases known by hand."""

import math

import numpy as np
import pytest
from msgspec.structs import asdict

from explorer.analysis.frames.scatter import Scatter, probe_scatter, scatter
from explorer.analysis.frames.snapshot import ProbeSet


def angle(a, b):
    """Degrees between two vectors, as Kahan has it."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    return math.degrees(2 * math.atan2(float(np.linalg.norm(a - b)), float(np.linalg.norm(a + b))))


def written_out(features, labels):
    """The definitions, point by point and pair by pair."""
    points = [np.asarray(point, dtype=np.longdouble) for point in features]
    classes = sorted(set(labels.tolist()))
    members = {c: [p for p, y in zip(points, labels, strict=True) if y == c] for c in classes}
    means = {c: sum(found) / len(found) for c, found in members.items()}
    middle = sum(points) / len(points)
    own = [means[y] for y in labels.tolist()]
    within = sum(((p - m) ** 2).sum() for p, m in zip(points, own, strict=True)) / len(points)
    between = sum(((m - middle) ** 2).sum() for m in own) / len(points)
    pairs = [(means[a], means[b]) for a in classes for b in classes if a < b]
    return Scatter(
        within=math.sqrt(within),
        between=math.sqrt(between),
        ratio=float(within / between),
        closest=min(float(np.linalg.norm(a - b)) for a, b in pairs),
        own_angle=float(np.mean([angle(p, m) for p, m in zip(points, own, strict=True)])),
        closest_angle=min(angle(a, b) for a, b in pairs),
    )


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("dim", [2, 3])
def test_the_scatter_is_that_of_the_definitions(dim, size):
    random = np.random.default_rng(dim)
    labels = random.integers(0, 7, 200).astype(np.uint8)
    labels[labels == 4] = 5  # a class without an image
    features = (size * (random.normal(0, 4, (8, dim))[labels] + random.normal(size=(200, dim)))).astype("f4")
    assert asdict(scatter(features, labels, 8)) == pytest.approx(asdict(written_out(features, labels)))


def test_two_classes_on_the_axes():
    features = np.array([[3, 1], [3, -1], [-1, 4], [1, 4]], dtype=np.float32)
    found = scatter(features, np.array([0, 0, 1, 1], dtype=np.uint8), 2)
    assert found.within == pytest.approx(1)
    assert found.between == pytest.approx(2.5)
    assert found.ratio == pytest.approx(1 / 6.25)
    assert found.closest == pytest.approx(5)
    assert found.closest_angle == pytest.approx(90)
    assert found.own_angle == pytest.approx(math.degrees(math.atan(1 / 3) + math.atan(1 / 4)) / 2)


def test_the_images_of_the_training_set_count_only_where_there_are_no_others():
    features = np.array([[1, 0], [0, 1], [9, 9], [5, 5]], dtype=np.float32)
    labels, order = np.array([0, 1, 0, 1], dtype=np.uint8), np.arange(4, dtype=np.int32)

    def closest(split):
        return probe_scatter(features, ProbeSet(labels, order, np.array(split, np.uint8), 2, 4, 4)).closest

    assert closest([0, 0, 1, 1]) == pytest.approx(math.sqrt(2))
    assert closest([1, 1, 0, 0]) == pytest.approx(math.sqrt(32))
    assert closest([1, 1, 1, 1]) == closest([0, 0, 0, 0]) == pytest.approx(math.dist((5, 4.5), (2.5, 3)))


@pytest.mark.parametrize(
    ("features", "labels"),
    [
        (np.zeros((0, 2)), []),
        (np.ones((1, 3)), [3]),
        (np.zeros((4, 2)), [0, 1, 2, 3]),
        (np.array([[1, math.nan], [2, 3]]), [0, 1]),
        (np.array([[math.inf, 1], [-math.inf, 3]]), [0, 1]),
        (np.full((5, 2), 7.0), [1, 1, 1, 1, 1]),
    ],
)
def test_what_has_no_scatter_has_none_without_a_warning(features, labels):
    found = scatter(features.astype(np.float32), np.array(labels, dtype=np.uint8), 10)
    assert math.isnan(found.ratio)
    assert found.within in (0, pytest.approx(math.nan, nan_ok=True))
