from __future__ import annotations

import math
import statistics
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.analysis.median import median, quantile


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1001])
def test_it_is_the_middle_value_or_between_the_two(count):
    values = np.random.default_rng(count).normal(size=count)
    assert median(values) == pytest.approx(statistics.median(values.tolist()))


@pytest.mark.parametrize("values", [[], [1.0, math.nan, 3.0]])
def test_of_nothing_and_of_what_is_not_known_it_is_nan(values):
    assert math.isnan(median(np.array(values)))


def test_nothing_that_a_frame_needs_loads_masked_arrays():
    """These of NumPy load `numpy.ma` at their first call: the window would stand still for 50 ms."""
    slow = ("np.median(", "np.nanmedian(", "np.unique(", "np.percentile(", "np.quantile(")
    on_request = {"digit_pictures.py"}  # a person waits for the picture that is read
    package = Path(explorer.__file__).parent
    for path in [*package.glob("analysis/**/*.py"), *package.glob("gui/**/*.py")]:
        found = [name for name in slow if name in path.read_text(encoding="utf-8")]
        assert not found or path.name in on_request, (path, found)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.5, 2.0), (0.9, 4.0), (1.0, 4.0)])
def test_a_quantile_is_the_value_that_a_share_does_not_exceed(share, expected):
    assert quantile(np.array([3.0, 1.0, 4.0, 2.0]), share) == expected
    assert math.isnan(quantile(np.zeros(0), share))
