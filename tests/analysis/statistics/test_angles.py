from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.frames.references import Reference, class_means, row_labels, unit
from explorer.analysis.raster.thinning import thin
from explorer.analysis.statistics.angles import (
    angle_histogram,
    class_spreads,
    own_and_other_angles,
    summarize,
)


def sample(count: int = 500, dim: int = 3, classes: int = 6):
    rng = np.random.default_rng(4)
    features = rng.normal(size=(count, dim)).astype(np.float32)
    return features, rng.integers(0, classes, count).astype(np.uint8), rng.normal(size=(classes, dim))


def test_means_and_spreads_are_those_of_each_class():
    features, labels, _ = sample()
    means = class_means(features, labels, 8)
    spreads = class_spreads(features, labels, means)
    for label in range(6):
        own = features[labels == label].astype(float)
        np.testing.assert_allclose(means[label], own.mean(axis=0), rtol=1e-5)
        assert spreads[label] == pytest.approx(math.sqrt(own.var(axis=0).sum()), rel=1e-5)
    assert np.isnan(means[6:]).all()
    assert np.isnan(spreads[6:]).all()


@pytest.mark.parametrize("subcentres", [1, 2])
@pytest.mark.parametrize("dim", [2, 3])
def test_angles_are_those_of_the_nearest_own_and_other_row(dim, subcentres):
    features, labels, _ = sample(dim=dim, classes=4)
    rows = np.random.default_rng(9).normal(size=(4 * subcentres, dim)).astype(np.float32)
    owners = row_labels(4 * subcentres, 4)
    own, other = own_and_other_angles(features, labels, Reference("weights", rows, owners))
    for i in range(0, 500, 7):
        x = features[i].astype(float)
        angles = [math.acos(x @ row / np.linalg.norm(x) / np.linalg.norm(row)) for row in rows.astype(float)]
        mine = [angle for angle, owner in zip(angles, owners, strict=True) if owner == labels[i]]
        others = [angle for angle, owner in zip(angles, owners, strict=True) if owner != labels[i]]
        assert own[i] == pytest.approx(min(mine), abs=1e-5)
        assert other[i] == pytest.approx(min(others), abs=1e-5)


@pytest.mark.parametrize("angle", [0.0, 1e-5, 1e-3, math.pi - 1e-3, math.pi])
def test_small_and_flat_angles_keep_their_digits_in_single_precision(angle):
    features = 40 * np.array([[math.cos(angle), math.sin(angle)]], dtype=np.float32)
    reference = Reference("weights", np.array([[3, 0]], dtype=np.float32), row_labels(1, 1))
    own, other = own_and_other_angles(features, np.zeros(1, dtype=np.uint8), reference)
    assert own[0] == pytest.approx(angle, abs=3e-7)
    assert np.isnan(other[0])


def test_absent_classes_and_features_without_length_are_handled():
    rows = np.array([[1, 0], [np.nan, np.nan], [0, 2]], dtype=np.float32)
    features = np.array([[0, 0], [3, 0], [1e-30, 0], [1e30, 0]], dtype=np.float32)
    labels = np.array([0, 1, 0, 2], dtype=np.uint8)
    own, other = own_and_other_angles(features, labels, Reference("means", rows, row_labels(3, 3)))
    right = math.pi / 2
    np.testing.assert_allclose(own, [right, np.nan, 0, right], atol=1e-6)
    np.testing.assert_allclose(other, [right, 0, right, 0], atol=1e-6)
    nothing = Reference("means", np.full((3, 2), np.nan, dtype=np.float32), row_labels(3, 3))
    assert np.isnan(own_and_other_angles(features, labels, nothing)).all()


def test_unit_vectors_have_length_one_at_any_scale():
    vectors = np.array([[3, 4], [3e30, 4e30], [3e-30, 4e-30], [0, 0]], dtype=np.float32)
    np.testing.assert_allclose(unit(vectors), [[0.6, 0.8]] * 3 + [[0, 0]], rtol=1e-6)


def test_the_summary_leaves_out_what_is_not_known():
    angles = np.append(np.linspace(0.01, 1, 100), np.nan).astype(np.float32)
    summary = summarize(angles)
    assert summary.count == 100
    assert summary.mean == pytest.approx(0.505)
    assert summary.deviation == pytest.approx(math.sqrt((100**2 - 1) / 12) / 100, rel=1e-5)
    assert summary.percentile_95 == pytest.approx(0.95)
    assert summarize(np.full(3, np.nan, dtype=np.float32)).count == 0


def test_the_histogram_counts_each_degree():
    angles = np.radians([0, 0.5, 1.5, 90.5, 179.5, 180, np.nan]).astype(np.float32)
    shares = angle_histogram(angles)
    found = {int(i): round(float(shares[i]) * 6) for i in np.flatnonzero(shares)}
    assert found == {0: 2, 1: 1, 90: 1, 179: 2}
    assert not angle_histogram(np.zeros(0, dtype=np.float32)).any()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300), st.integers(4, 60))
def test_thinning_keeps_the_ends_and_the_extremes(values, most):
    values = np.array(values)
    chosen = thin(values, most)
    assert len(chosen) <= most
    assert (np.diff(chosen) > 0).all()
    assert chosen[0] == 0
    assert chosen[-1] == len(values) - 1
    assert values[chosen].min() == values.min()
    assert values[chosen].max() == values.max()
