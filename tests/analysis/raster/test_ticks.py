"""Ticks are round, not too many, and told apart by what is written at them."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explorer.analysis.raster.ticks import decade_texts, decade_ticks, round_ticks, tick_texts


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks", "texts"),
    [
        (0, 2.5, 6, [0, 0.5, 1, 1.5, 2, 2.5], ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0, 2000, 5, [0, 500, 1000, 1500, 2000], ["0", "500", "1,000", "1,500", "2,000"]),
        (90, 100.5, 3, [90, 95, 100], ["90", "95", "100"]),
        (-0.4, 0.4, 3, [-0.2, 0, 0.2], None),
        (0, 0.1, 3, [0, 0.05, 0.1], ["0.00", "0.05", "0.10"]),
    ],
)
def test_ticks_are_multiples_of_round_numbers(low, high, most, ticks, texts):
    found = round_ticks(low, high, most)
    if texts is None:
        assert len(found) <= most
        assert set(np.round(found / 0.2, 9)) <= {-2, -1, 0, 1, 2}
        return
    np.testing.assert_allclose(found, ticks, atol=1e-12)
    assert tick_texts(found) == texts


def test_what_is_counted_has_ticks_at_whole_numbers():
    """Steps 0.1, 0.2 … stood below the curves of a run that was about to begin."""
    assert round_ticks(0, 1, 11, 1.0).tolist() == [0, 1]
    assert round_ticks(0, 2.5, 11, 1.0).tolist() == [0, 1, 2]
    assert round_ticks(0, 60, 4, 1.0).tolist() == [0, 20, 40, 60]


@pytest.mark.parametrize(
    ("low", "high", "most", "numbers"),
    [
        (-1, 1, 10, [0.1, 0.2, 0.5, 1, 2, 5, 10]),
        (-1, 1, 5, [0.1, 0.3, 1, 3, 10]),
        (-3, 1, 5, [1e-3, 1e-2, 0.1, 1, 10]),
        (-6, 2, 3, [1e-6, 1e-3, 1]),
    ],
)
def test_logarithmic_ticks_thin_out_to_powers_of_ten(low, high, most, numbers):
    np.testing.assert_allclose(10 ** decade_ticks(low, high, most), numbers)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 12))
@example(low=879609.9999999999, span=1e-06, most=6)
def test_there_are_never_too_many_nor_any_outside(low, span, most):
    high = low + span
    ticks = round_ticks(low, high, most)
    assert len(ticks) <= most
    # A multiple of the step lies between two float64 numbers: one beside the edge may be the nearest to it.
    slack = 1e-6 * span + np.spacing(max(abs(low), abs(high)))
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert len(tick_texts(ticks)) == len(ticks)


@given(st.floats(-7, 6), st.floats(0.5, 12), st.integers(2, 12))
def test_there_are_never_too_many_logarithmic_ones(low, span, most):
    assert len(decade_ticks(low, low + span, most)) <= most


def test_briefly_written_numbers_fit_beside_an_axis():
    assert tick_texts(np.array([0, 5e-4, 1e-3, 1.5e-3]), brief=True) == ["0", "5e−4", "1e−3", "1.5e−3"]
    assert tick_texts(np.array([0, 5e5, 1e6]), brief=True) == ["0", "5e5", "1e6"]
    assert tick_texts(np.array([-2e4, 0, 2e4]), brief=True) == ["−2e4", "0", "2e4"]
    assert tick_texts(np.array([0, 2e4, 4e4]), brief=True) == ["0", "20,000", "40,000"]
    assert tick_texts(np.array([0, 5e5, 1e6])) == ["0", "500,000", "1,000,000"]
    assert decade_texts(np.log10([1e-6, 5e-4, 0.001, 20, 1e5])) == ["1e−6", "5e−4", "0.001", "20", "1e5"]
