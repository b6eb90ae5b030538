"""Against scikit-learn, and the textbook."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from sklearn import metrics

from explorer.analysis.verification.roc import equal_errors, outcomes, roc_curve, tar_at, wilson

CASES = ("apart", "overlapping", "ties", "all tied", "one of each", "reversed")


def distances(case: str):
    rng = np.random.default_rng(CASES.index(case))
    same, different = {
        "apart": (rng.uniform(0, 1, 300), rng.uniform(2, 3, 500)),
        "overlapping": (rng.gamma(2, 1, 900), rng.gamma(5, 1, 1_100)),
        "ties": (rng.integers(0, 6, 300), rng.integers(2, 9, 400)),
        "all tied": (np.ones(20), np.ones(30)),
        "one of each": (np.array([1.0]), np.array([2.0])),
        "reversed": (rng.uniform(2, 3, 50), rng.uniform(0, 1, 50)),
    }[case]
    return np.sort(same.astype(np.float64)), np.sort(different.astype(np.float64))


def by_sklearn(same, different):
    labels = np.repeat([1, 0], [len(same), len(different)])
    return labels, -np.concatenate([same, different])


@pytest.mark.parametrize("case", CASES)
def test_the_curve_is_that_of_scikit_learn(case):
    same, different = distances(case)
    roc = roc_curve(same, different)
    labels, scores = by_sklearn(same, different)
    far, tar, thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)
    assert roc.far == pytest.approx(far, abs=1e-12)
    assert roc.tar == pytest.approx(tar, abs=1e-12)
    assert roc.thresholds == pytest.approx(-thresholds)
    assert roc.area == pytest.approx(metrics.roc_auc_score(labels, scores), abs=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_errors_are_equal_where_scikit_learns_curve_says(case):
    same, different = distances(case)
    found = equal_errors(roc_curve(same, different))
    far, tar, _thresholds = metrics.roc_curve(*by_sklearn(same, different), drop_intermediate=False)
    wanted = brentq(lambda x: 1 - x - np.interp(x, far, tar), 0, 1)
    assert found.rate == pytest.approx(wanted, abs=1e-9)


def test_at_the_threshold_of_equal_errors_both_are_as_frequent():
    same, different = distances("overlapping")
    found = equal_errors(roc_curve(same, different))
    counts = outcomes(same, different, found.threshold)
    assert counts.false_rejects / len(same) == pytest.approx(found.rate, abs=0.002)
    assert counts.false_accepts / len(different) == pytest.approx(found.rate, abs=0.002)


@pytest.mark.parametrize("far", [0.1, 0.01, 0.001])
@pytest.mark.parametrize("case", ["overlapping", "ties", "reversed"])
def test_the_true_accept_rate_is_the_best_of_scikit_learns_points_within_the_false_accept_rate(case, far):
    same, different = distances(case)
    found = tar_at(roc_curve(same, different), far, len(different), len(same))
    fars, tars, _thresholds = metrics.roc_curve(*by_sklearn(same, different), drop_intermediate=False)
    if far < 1 / len(different):
        assert math.isnan(found.value)
    else:
        assert found.value == pytest.approx(tars[fars <= far].max(), abs=1e-12)
        assert found.low <= found.value <= found.high


def test_outcomes_are_counted_one_by_one():
    same, different = distances("ties")
    for threshold in (-1.0, 2.0, 3.5, 5.0, 99.0):
        counts = outcomes(same, different, threshold)
        assert counts.true_accepts == sum(d <= threshold for d in same)
        assert counts.false_rejects == sum(d > threshold for d in same)
        assert counts.false_accepts == sum(d <= threshold for d in different)
        assert counts.true_rejects == sum(d > threshold for d in different)


def test_a_kind_without_pairs_has_no_curve():
    assert roc_curve(np.zeros(0), np.ones(3)) is None
    assert roc_curve(np.ones(3), np.zeros(0)) is None


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(successes, trials, low, high):
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3."""
    found = wilson(successes / trials, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    other = wilson(1 - successes / trials, trials)
    assert (1 - other.high, 1 - other.low) == pytest.approx((found.low, found.high))
