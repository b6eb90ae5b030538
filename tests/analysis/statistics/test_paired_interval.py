"""The paired interval equals that of the textbooks, and covers as often as it says."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from explorer.analysis.statistics.paired_interval import (
    paired_interval,
    probability_within,
    two_sided_quantile,
)

TABLE = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 19: 2.093, 29: 2.045, 30: 2.042}
"""Quantiles of 0.975 by degrees of freedom, as printed in every table."""


def density(t: np.ndarray, freedom: int) -> np.ndarray:
    """Return Student's density by its definition."""
    log = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(freedom * math.pi)
    return np.exp(log - (freedom + 1) / 2 * np.log1p(t**2 / freedom))


@pytest.mark.parametrize(("freedom", "quantile"), TABLE.items())
def test_the_quantiles_are_those_of_the_tables(freedom, quantile):
    assert two_sided_quantile(0.95, freedom) == pytest.approx(quantile, abs=6e-4)


@pytest.mark.parametrize("freedom", range(1, 13))
def test_the_probability_is_the_area_under_the_density(freedom):
    for t in (0.1, 1.0, 2.5, 6.0):
        places = np.linspace(-t, t, 20_001)
        values = density(places, freedom)
        area = float(((values[1:] + values[:-1]) / 2 * np.diff(places)).sum())
        assert probability_within(t, freedom) == pytest.approx(area, abs=1e-7)


def test_the_interval_is_the_mean_difference_and_t_standard_errors():
    first, second = [97.1, 97.4, 96.9, 97.0], [97.9, 97.8, 97.7, 97.2]
    differences = [b - a for a, b in zip(first, second, strict=True)]
    found = paired_interval(first, second)
    assert found.count == 4
    assert found.mean == pytest.approx(statistics.mean(differences))
    assert found.half_width == pytest.approx(3.18245 * statistics.stdev(differences) / 2, rel=1e-5)


def test_what_all_seeds_have_in_common_does_not_widen_it():
    """That is why seeds are paired: a hard seed is hard for every loss."""
    hard = np.array([0.0, 5.0, -3.0, 9.0, 1.0])
    assert paired_interval(hard, hard + 0.5).half_width == pytest.approx(0.0, abs=1e-12)


def test_pairs_with_a_run_that_diverged_do_not_count():
    found = paired_interval([1.0, math.nan, 3.0], [2.0, 5.0, 5.0])
    assert (found.mean, found.count) == (1.5, 2)
    alone = paired_interval([1.0, math.nan], [3.0, 5.0])
    assert (alone.mean, alone.count) == (2.0, 1)
    assert math.isnan(alone.half_width)
    assert math.isnan(paired_interval([math.nan], [1.0]).mean)


def test_it_covers_the_true_difference_as_often_as_it_says():
    random = np.random.default_rng(5)
    samples = random.normal(0.3, 1.0, (4_000, 5))
    intervals = [paired_interval(np.zeros(5), row) for row in samples]
    covered = np.mean([abs(found.mean - 0.3) <= found.half_width for found in intervals])
    assert covered == pytest.approx(0.95, abs=0.012)
