"""The trend: the medians of bins, and the correlation that scipy finds."""

import math

import numpy as np
import pytest
from scipy.stats import spearmanr

from explorer.analysis.quality.trend import rank_correlation, trend_of


@pytest.mark.parametrize("seed", range(5))
def test_the_correlation_is_that_of_scipy_with_ties(seed):
    rng = np.random.default_rng(seed)
    x = np.where(rng.random(300) < 0.4, 0, rng.integers(0, 20, 300)).astype(float)
    y = -(x**2) + rng.normal(0, 60, 300).round()
    assert rank_correlation(x, y) == pytest.approx(spearmanr(x, y).statistic)


def test_without_variation_there_is_no_correlation():
    for x, y in (([], []), ([1.0], [2.0]), ([1.0, 1.0], [2.0, 3.0]), ([1.0, 2.0], [3.0, 3.0])):
        assert math.isnan(rank_correlation(np.array(x), np.array(y)))


def test_medians_are_those_of_equal_bins_and_of_undamaged_images_at_zero():
    x = np.concatenate([np.zeros(7), np.linspace(0.001, 0.8, 1000)])
    y = np.concatenate([np.full(7, 50.0), 10 * x[7:]])
    found = trend_of(x, y, 0.8)
    assert found.x == pytest.approx([0, *(0.08 * (np.arange(10) + 0.5))])
    assert found.y == pytest.approx([50, *(0.8 * (np.arange(10) + 0.5))], abs=0.01)
    assert found.count == 1007
    few = trend_of(np.array([0.1, 0.5, 0.6, 0.7]), np.ones(4), 0.8)
    assert len(few.x) == 0, "a median of few points means little"
