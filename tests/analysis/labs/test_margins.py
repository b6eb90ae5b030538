"""A sample between two classes: against the formulas of the papers, written out with math."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.labs.margins import (
    angles_on_circle,
    circle_sides,
    curve_of,
    direction_on_circle,
    largest_angle,
    outcome,
    pull_at,
)
from explorer.analysis.margins.pull import pull
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import LossConfig

CURVED = [name for name, spec in LOSSES.items() if spec.curve]
ANGLE = st.floats(0, math.pi)


def arcface(margin=0.5, scale=10.0):
    return curve_of(LossConfig("arcface", {"margin": margin, "scale": scale}), 10)


def cosface(margin=0.35, scale=10.0):
    return curve_of(LossConfig("cosface", {"margin": margin, "scale": scale}), 10)


@given(st.floats(0, math.pi - 0.5), ANGLE)
def test_arcface_adds_its_margin_to_the_angle(first, second):
    found = outcome(arcface(), first, second)
    assert found.target == pytest.approx(math.cos(first + 0.5), abs=1e-12)
    assert found.slope == pytest.approx(-math.sin(first + 0.5), abs=1e-12)
    assert found.rival == pytest.approx(math.cos(second), abs=1e-12)
    gap = 10 * (math.cos(second) - math.cos(first + 0.5))
    assert found.loss == pytest.approx(math.log1p(math.exp(gap)), abs=1e-12)


@given(ANGLE, ANGLE)
def test_cosface_subtracts_its_margin_from_the_cosine(first, second):
    found = outcome(cosface(), first, second)
    assert found.target == pytest.approx(math.cos(first) - 0.35, abs=1e-12)
    assert found.slope == pytest.approx(-math.sin(first), abs=1e-12)


@pytest.mark.parametrize("curve", [arcface(), cosface(), arcface(0.0)])
def test_at_test_time_the_plain_cosine_decides_whatever_the_margin(curve):
    for first, second in ((40, 50), (50, 40), (10, 120)):
        found = outcome(curve, math.radians(first), math.radians(second))
        assert found.score == pytest.approx(math.cos(math.radians(first)), abs=1e-12)
        assert found.correct == (first < second)


def test_a_sample_may_pass_the_test_and_not_yet_the_training():
    found = outcome(arcface(), math.radians(40), math.radians(50))
    assert found.correct
    assert not found.satisfied


@pytest.mark.parametrize(
    ("curve", "second", "angle"),
    [
        (arcface(), 60, 60 - math.degrees(0.5)),
        (cosface(), 60, math.degrees(math.acos(0.85))),
        (arcface(0.0), 60, 60),
        (curve_of(LossConfig("l-softmax", {"margin": 4, "annealing": 0.0}), 10), 60, 15),
    ],
)
def test_how_near_its_weight_a_sample_must_be(curve, second, angle):
    assert math.degrees(largest_angle(curve, math.radians(second))) == pytest.approx(angle, abs=1e-6)


def test_a_margin_that_cannot_be_met_has_no_angle():
    assert math.isnan(largest_angle(arcface(), math.radians(20)))


@pytest.mark.parametrize("name", CURVED)
def test_every_loss_with_a_curve_has_an_outcome(name):
    curve = curve_of(LossConfig(name), 10)
    for first, second in ((0.2, 1.5), (1.5, 0.2), (3.0, 3.1)):
        found = outcome(curve, first, second)
        assert math.isfinite(found.target)
        assert math.isfinite(found.rival)
        assert math.isnan(found.loss) == curve.geometry.binary
    strength = pull_at(pull(curve, None), 1.0)
    assert not math.isfinite(strength) or strength >= 0


@pytest.mark.parametrize("apart", [30, 72, 180])
def test_the_circle_is_covered_once_and_agrees_with_the_outcome(apart):
    curve = arcface(0.3)
    sides = circle_sides(curve, math.radians(apart))
    assert (sides[0][1], sides[-1][2]) == (-math.pi, math.pi)
    assert [end for _, _, end in sides[:-1]] == [start for _, start, _ in sides[1:]]
    for side, start, end in sides:
        middle = (start + end) / 2
        found = outcome(curve, *angles_on_circle(middle, math.radians(apart)))
        wanted = "other" if not found.correct else "trained" if found.satisfied else "margin"
        assert side == wanted


def test_the_margin_on_the_circle_is_half_as_wide_as_m():
    """Beside the bisector, where θ₁ + m = θ₂: at θ₁ = (θ₁₂ − m)/2."""
    sides = circle_sides(arcface(0.3), math.radians(90))
    (margin,) = [
        (start, end) for side, start, end in sides if side == "margin" and start > -math.pi / 2 and end < 0
    ]
    assert margin == pytest.approx((-math.radians(45), -(math.radians(90) - 0.3) / 2), abs=math.radians(0.3))


@given(st.floats(-math.pi, math.pi), st.floats(0.1, math.pi))
def test_a_direction_has_its_angles_and_comes_back(direction, apart):
    first, second = angles_on_circle(direction, apart)
    found = direction_on_circle(first, second, apart)
    assert found is not None
    assert angles_on_circle(found, apart) == pytest.approx((first, second), abs=0.002)


def test_a_sample_outside_the_plane_has_no_direction():
    assert direction_on_circle(1.0, 1.0, 0.5) is None


def test_a_loss_without_a_curve_is_refused():
    with pytest.raises(ValueError, match="no curve"):
        curve_of(LossConfig("triplet"), 10)


def test_the_pull_is_the_slope_of_the_loss():
    """With the other nine classes at 90°: L = ln(1 + 9·exp(−s·cos(θ + m)))."""
    curve = arcface(0.3, 8.0)

    def loss(theta):
        return np.log1p(9 * np.exp(-8 * np.cos(theta + 0.3)))

    for theta in (0.2, 0.9, 1.7):
        slope = (loss(theta + 1e-5) - loss(theta - 1e-5)) / 2e-5
        assert pull_at(pull(curve, None), theta) == pytest.approx(slope, rel=1e-3)


def sphereface2(margin=0.2):
    return curve_of(LossConfig("sphereface2", {"margin": margin, "t": 1.0}), 10)


@pytest.mark.parametrize(
    ("first", "second", "decision", "satisfied"),
    [
        (40, 120, "own", True),  # 0.766 − 0.2 ≥ 0 and −0.5 + 0.2 ≤ 0
        (40, 80, "own", False),  # the other class accepts the sample as well
        (85, 120, "own", False),  # its own class hardly accepts it
        (120, 100, "neither", False),
        (100, 95, "neither", False),
        (80, 40, "other", False),
    ],
)
def test_classes_that_decide_by_themselves_go_by_the_sign_of_each_score(first, second, decision, satisfied):
    found = outcome(sphereface2(), math.radians(first), math.radians(second))
    assert (found.decision, found.correct, found.satisfied) == (decision, decision == "own", satisfied)


def test_a_class_that_decides_by_itself_wants_an_angle_that_does_not_depend_on_the_other():
    largest = [largest_angle(sphereface2(), math.radians(second)) for second in (110, 150)]
    assert np.degrees(largest) == pytest.approx(math.degrees(math.acos(0.2)), abs=1e-6)
    assert math.isnan(largest_angle(sphereface2(), math.radians(80)))


@pytest.mark.parametrize("apart", [60, 150])
def test_on_the_circle_neither_class_accepts_what_is_far_from_both(apart):
    sides = circle_sides(sphereface2(), math.radians(apart))
    assert {"own": "trained", "other": "other", "neither": "neither"}.items() <= {
        outcome(sphereface2(), *angles_on_circle((start + end) / 2, math.radians(apart))).decision: side
        for side, start, end in sides
        if side != "margin"
    }.items()
    degrees = sum(math.degrees(end - start) for side, start, end in sides if side == "neither")
    assert degrees == pytest.approx(360 - 180 - apart, abs=1)
