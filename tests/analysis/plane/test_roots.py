from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.plane.roots import crossings

ENDS = np.array([0.3, 1.0, 2.0])


@pytest.mark.parametrize(
    ("function", "zeros"),
    [
        (lambda x: x - ENDS, ENDS),
        (lambda x: x**3 - ENDS, np.cbrt(ENDS)),
        (lambda x: np.cos(x) - ENDS / 3, np.arccos(ENDS / 3)),
        (lambda x: np.where(x < ENDS, 1.0, -2.0), ENDS),
        (lambda x: 1e-9 * (ENDS**9 - x**9), ENDS),
    ],
)
def test_each_zero_or_jump_is_found(function, zeros):
    low, high = np.zeros(3), np.full(3, 2.5)
    found = crossings(function, low, high, function(low), function(high))
    np.testing.assert_allclose(found, zeros, rtol=0, atol=1e-11)


def test_smooth_functions_need_few_steps_and_none_is_asked_of_nothing():
    asked = []

    def function(x):
        asked.append(len(x))
        return np.cos(x) - ENDS / 3

    low, high = np.zeros(3), np.full(3, 2.5)
    crossings(function, low, high, function(low), function(high))
    assert len(asked) < 15
    none = np.zeros(0)
    assert len(crossings(function, none, none, none, none)) == 0
