from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.optimize import brentq
from sklearn import metrics
from sklearn.metrics.pairwise import paired_distances

from explorer.analysis.verification.distances import distance, prepared
from explorer.analysis.verification.result import MOST_EXTREMES, equal_error_rate, verification

TEN = frozenset(range(10))


@pytest.mark.parametrize("measure", ["euclidean", "manhattan", "cosine", "adjusted-cosine"])
def test_pairs_are_sorted_by_their_distance_under_the_measure(measure):
    snapshot = make_snapshot(300, dim=3, train=80)
    found = verification(snapshot, measure, TEN)
    vectors = prepared(snapshot.features[snapshot.probe.split == 0], measure)  # the mean is of test images
    for part in (found.same, found.different):
        wanted = distance(vectors[part.pairs[:, 0]], vectors[part.pairs[:, 1]], measure)
        assert part.distances == pytest.approx(wanted)
        assert (np.diff(part.distances) >= 0).all()
    assert len(found.same.pairs) == len(found.different.pairs) == len(found.plan.same)


def test_the_worst_pairs_are_the_nearest_different_and_the_farthest_same_without_an_image_twice():
    snapshot = make_snapshot(400)
    features = snapshot.features.copy()
    labels = snapshot.probe.labels
    features[7] = 100 * features[labels == 3].mean(axis=0)  # an outlier, in several pairs
    found = verification(replace(snapshot, features=features), "euclidean", TEN)
    assert found.nearest_different[0] == 0
    assert found.farthest_same[0] == len(found.same.pairs) - 1
    assert 7 in found.same.pairs[found.farthest_same[0]]
    for part, places in ((found.different, found.nearest_different), (found.same, found.farthest_same)):
        images = part.pairs[list(places)].ravel()
        assert len(set(images.tolist())) == len(images) == 2 * MOST_EXTREMES


def test_an_earlier_plan_is_used_where_it_fits():
    snapshot = make_snapshot(200)
    first = verification(snapshot, "cosine", TEN)
    assert verification(replace(snapshot, step=9), "euclidean", TEN, first.plan).plan is first.plan
    assert verification(snapshot, "cosine", TEN - {3}, first.plan).plan is not first.plan
    assert verification(make_snapshot(200), "cosine", TEN, first.plan).plan is not first.plan


def test_pairs_without_a_distance_are_left_out():
    snapshot = make_snapshot(200)
    features = snapshot.features.copy()
    features[::4] = 0
    found = verification(replace(snapshot, features=features), "cosine", TEN)
    assert 0 < len(found.same.pairs) < len(found.plan.same)
    assert np.isfinite(found.same.distances).all()
    assert not np.isin(found.same.pairs, np.arange(0, 200, 4)).any()


@given(classes=st.sets(st.integers(0, 9), min_size=2), measure=st.sampled_from(["euclidean", "cosine"]))
@settings(max_examples=15, deadline=None)
def test_any_classes_have_the_error_rate_that_scikit_learn_finds_in_their_pairs(classes, measure):
    """Such as those left out of training, and the others."""
    snapshot = make_snapshot(600, dim=3)
    found = verification(snapshot, measure, frozenset(classes))
    labels = snapshot.probe.labels
    assert set(labels[found.plan.images].tolist()) == classes
    pairs = np.concatenate([found.plan.same, found.plan.different])
    first, second = (snapshot.features[side].astype(np.float64) for side in pairs.T)
    apart = paired_distances(first, second, metric=measure)
    same = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    far, tar, _thresholds = metrics.roc_curve(same, -apart, drop_intermediate=False)
    wanted = brentq(lambda x: 1 - x - np.interp(x, far, tar), 0, 1)
    assert found.equal.rate == pytest.approx(wanted, abs=1e-6)
    assert found.roc.area == pytest.approx(metrics.roc_auc_score(same, -apart), abs=1e-6)
    assert equal_error_rate(snapshot, measure, frozenset(classes)).equal == found.equal


@pytest.mark.parametrize("classes", [frozenset(), frozenset({4})])
def test_without_two_classes_there_is_nothing_to_verify(classes):
    found = verification(make_snapshot(100), "cosine", classes)
    assert found.roc is None
    assert found.equal is None
    assert found.accepts == ()


def test_well_separated_classes_are_verified_and_mixed_ones_are_not():
    snapshot = make_snapshot(2_000, dim=3)
    good = verification(snapshot, "cosine", TEN)
    assert good.equal.rate < 0.05
    assert good.roc.area > 0.98
    features = np.random.default_rng(0).normal(size=snapshot.features.shape).astype(np.float32)
    bad = verification(replace(snapshot, features=features), "cosine", TEN)
    assert bad.equal.rate == pytest.approx(0.5, abs=0.02)
    assert bad.roc.area == pytest.approx(0.5, abs=0.02)
    assert bad.identification.rank_1.value == pytest.approx(0.1, abs=0.03)
