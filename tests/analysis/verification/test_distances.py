from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.analysis.labs.distances import compare, cosine
from explorer.analysis.verification.distances import distance, prepared

MEASURES = ("euclidean", "manhattan", "cosine", "adjusted-cosine")


@pytest.fixture
def features():
    return np.random.default_rng(0).normal(1.0, 2.0, (40, 3)).astype(np.float32)


def by_definition(measure, a, b, mean):
    """As the distance lab has it, of two vectors."""
    found = compare(a, b, 0.0)
    if measure == "adjusted-cosine":
        return 1 - cosine(
            [x - m for x, m in zip(a, mean, strict=True)], [y - m for y, m in zip(b, mean, strict=True)]
        )
    return {"euclidean": found.euclidean, "manhattan": found.manhattan, "cosine": found.cosine_distance}[
        measure
    ]


@pytest.mark.parametrize("measure", MEASURES)
def test_distances_are_those_of_the_distance_lab(features, measure):
    vectors = prepared(features, measure)
    table = distance(vectors[:, None], vectors[None], measure)
    exact = features.astype(np.float64)
    mean = [math.fsum(column) / len(exact) for column in exact.T.tolist()]
    for i, j in [(0, 1), (3, 7), (39, 2), (5, 5)]:
        wanted = by_definition(measure, exact[i].tolist(), exact[j].tolist(), mean)
        assert table[i, j] == pytest.approx(wanted, abs=1e-12)
        assert distance(vectors[[i]], vectors[[j]], measure)[0] == table[i, j]


def test_at_unit_length_the_squared_distance_is_twice_the_cosine_distance(features):
    units = features / np.linalg.norm(features.astype(np.float64), axis=1, keepdims=True)
    first, second = (
        distance(prepared(units, m)[:20], prepared(units, m)[20:], m) for m in ("euclidean", "cosine")
    )
    assert first**2 == pytest.approx(2 * second, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
def test_what_has_no_direction_or_is_not_finite_has_no_distance(measure):
    features = np.array([[1, 2], [0, 0], [np.nan, 1], [np.inf, 1], [-1, -2]], np.float32)
    vectors = prepared(features, measure)
    found = distance(vectors[[0]], vectors[1:], measure)
    assert np.isnan(found[1:3]).all()
    assert np.isnan(found[0]) == (measure in ("cosine", "adjusted-cosine"))  # the mean is zero as well
    assert np.isfinite(found[3])


def test_rounding_errors_are_no_direction():
    features = np.full((3, 2), 0.1, np.float32)
    assert np.isnan(prepared(features, "adjusted-cosine")).all()
