"""Stops of sliders: a person can reach the values that matter, and numbers stay readable."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Param
from explorer.core.settings.config import find_param
from explorer.core.settings.settings import RUN, SECTIONS
from explorer.gui.controls.stops import format_number, nearest, spread, stepped, stops

EVERY = [
    param
    for params in (*SECTIONS.values(), RUN, *(spec.params for spec in LOSSES.values()))
    for param in params
    if param.kind in ("float", "int")
]


@pytest.mark.parametrize("param", EVERY, ids=lambda param: param.name)
def test_stops_are_valid_ascending_values_from_limit_to_limit(param: Param) -> None:
    values = stops(param)
    assert list(values) == sorted(set(values))
    assert all(param.check(value) == value for value in values)
    if values:
        assert (values[0], values[-1]) == (param.min, param.max)
        assert {param.default, *param.published} <= set(values)


def test_margin_has_every_hundredth_exactly() -> None:
    margin = LOSSES["arcface"].param("margin")
    assert margin is not None
    assert stops(margin) == tuple(float(f"{k // 100}.{k % 100:02}") for k in range(151))


def test_learning_rate_moves_in_nearly_equal_ratios() -> None:
    rates = stops(find_param("optimizer.rate"))
    ratios = [b / a for a, b in itertools.pairwise(rates)]
    assert 120 < len(rates) < 200
    assert max(ratios) < 1.16


def test_long_range_from_zero_reaches_zero_and_small_values() -> None:
    decay = stops(find_param("optimizer.weight_decay"))
    assert decay[0] == 0
    assert sum(value <= 1e-3 for value in decay) > 20


def test_seed_has_no_slider() -> None:
    assert stops(find_param("seed")) == ()


def test_step_from_between_two_stops_goes_to_the_next_and_stays_inside() -> None:
    margin = find_param("loss.margin", LOSSES["arcface"])
    assert stepped(margin, 0.123, 1) == 0.13
    assert stepped(margin, 0.123, -1) == 0.12
    assert stepped(margin, 0.12, 1) == 0.13
    assert stepped(margin, 1.5, 3) == 1.5
    assert stepped(find_param("seed"), 0, -1) == 0
    assert stepped(find_param("seed"), 41, 1) == 42


@given(st.floats(min_value=1e-5, max_value=10))
def test_slider_stands_at_the_closest_stop(value: float) -> None:
    rates = stops(find_param("optimizer.rate"))
    assert abs(rates[nearest(rates, value)] - value) == min(abs(rate - value) for rate in rates)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0005, "0.0005"),
        (1e-5, "0.00001"),
        (10.0, "10"),
        (0.2, "0.2"),
        (256, "256"),
        (2.0**31, "2147483648"),
    ],
)
def test_numbers_are_readable(value: float, text: str) -> None:
    assert format_number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_exactly(value: float) -> None:
    assert math.isclose(float(format_number(value)), value, rel_tol=0, abs_tol=0)


@pytest.mark.parametrize("param", EVERY, ids=lambda param: param.name)
def test_values_to_compare_are_valid_and_have_the_present_one_among_them(param: Param) -> None:
    for value in (param.default, *stops(param)[:1]):
        values = spread(param, float(value))
        assert all(param.check(number) == number for number in values)
        assert not values or value in values


def test_values_to_compare_are_half_and_twice_the_present_one() -> None:
    assert spread(LOSSES["arcface"].param("margin"), 0.314) == (0.157, 0.314, 0.628)
    assert spread(LOSSES["arcface"].param("margin"), 0) == (0, 0.2, 0.4)
    assert spread(LOSSES["l-softmax"].param("margin"), 4) == (2, 4)
