"""A root finder that misses by an ulp, or never ends, would show a wrong bound or hang the window."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.margins.falling_root import falling_root


@pytest.mark.parametrize("margin", [0.1, 0.35, 0.62])
def test_smooth_roots_are_found_to_the_last_digit_in_few_looks(margin: float) -> None:
    looks: list[float] = []

    def slack(theta: float) -> float:
        looks.append(theta)
        return math.cos(theta + margin) - math.cos(math.pi / 5 - theta)

    root = falling_root(slack, 0.0, math.pi / 5)
    assert root == pytest.approx((math.pi / 5 - margin) / 2, rel=0, abs=2e-16)
    assert len(looks) <= 14


@given(st.floats(1e-6, 1e6), st.integers(1, 7), st.booleans())
def test_any_falling_function_crosses_zero_where_it_is_told(at: float, power: int, jumps: bool) -> None:
    looks: list[float] = []

    def falling(x: float) -> float:
        looks.append(x)
        value = (at - x) ** power if power % 2 else math.copysign(abs(at - x) ** power, at - x)
        return value + math.copysign(1.0, value) if jumps else value

    root = falling_root(falling, 0.0, 2e6)
    assert abs(root - at) <= 2 * math.ulp(at) or (not jumps and abs(falling(root)) < 1e-300)
    assert len(looks) < 200


def test_without_a_crossing_the_nearer_end_is_the_answer() -> None:
    assert falling_root(lambda x: -1.0 - x, 2.0, 3.0) == 2.0
    assert falling_root(lambda x: 9.0 - x, 2.0, 3.0) == 3.0
