"""An arrangement counts up to rotation, reflection, scale and which class is where, and nothing else."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from explorer.analysis.predictions.arrangement import assignment, laid_on, match

RNG = np.random.default_rng(3)


def ring(count: int) -> np.ndarray:
    turn = 2 * np.pi * np.arange(count) / count
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


def off_by_search(blobs: np.ndarray, means: np.ndarray) -> float:
    """Return the smallest RMS distance over all assignments and reflections, by orthogonal Procrustes."""
    best = np.inf
    for order in permutations(range(len(blobs))):
        for sign in (1, -1):  # numpy's SVD finds the rotation; the sign fixes its determinant
            points = blobs[list(order)] * (1, sign)
            left, values, right = np.linalg.svd(points.T @ means)
            values[1] *= np.sign(np.linalg.det(left @ right))
            scale = values.sum() / (points**2).sum()
            turn = left @ np.diag([1, np.sign(np.linalg.det(left @ right))]) @ right
            best = min(best, float(((points @ turn * scale - means) ** 2).sum()))
    return float(np.sqrt(best / (means**2).sum()))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_best_match_is_that_of_an_exhaustive_search(count):
    for _ in range(6):
        blobs, means = RNG.normal(size=(2, count, 2))
        assert match(blobs, means).off == pytest.approx(off_by_search(blobs, means), abs=1e-9)


def test_the_same_arrangement_turned_mirrored_scaled_and_relabelled_is_not_off():
    means = ring(10) * RNG.uniform(0.5, 2, (10, 1))
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    blobs = (means[RNG.permutation(10)] * (1, -1)) @ turn * 0.03
    found = match(blobs, means)
    assert found.off < 1e-6
    assert found.mirrored
    assert laid_on(found, blobs, means) == pytest.approx(means, abs=1e-9)


def test_a_shift_from_the_origin_counts_since_scores_are_measured_from_there():
    assert match(ring(10) + np.array([1.0, 0.0]), ring(10)).off == pytest.approx(np.sqrt(1 / 2))


def test_blobs_in_one_place_are_as_far_off_as_can_be():
    assert match(np.ones((10, 2)), ring(10)).off == pytest.approx(1)
    assert match(np.zeros((10, 2)), ring(10)).off == 1


def test_a_class_without_images_does_not_count_where_blobs_are_laid():
    means = ring(10)
    found = match(means, means)
    means[3] = np.nan
    assert laid_on(found, ring(10), means)[found.order != 3] == pytest.approx(ring(10)[found.order != 3])


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_the_cheapest_assignment_is_found(count):
    for _ in range(10):
        costs = RNG.normal(size=(count, count))
        found = assignment(costs)
        cheapest = min(sum(costs[range(count), order]) for order in permutations(range(count)))
        assert sorted(found) == list(range(count))
        assert costs[range(count), found].sum() == pytest.approx(cheapest)
