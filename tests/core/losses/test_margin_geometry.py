"""A wrong curve teaches a wrong picture of the loss: values, slopes, and where each one falls or does not."""

import math

import numpy as np
import pytest
from core.losses.curves import CURVED, geometry_of, other_curve, target_curve, target_slope

from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.margin_geometry import Sample

SETTINGS = {
    "modified-softmax": {},
    "normface": {"scale": 7.0},
    "l-softmax": {"margin": 3, "annealing": 0.0},
    "a-softmax": {"margin": 4, "annealing": 5.0},
    "sphereface-r": {"scale": 10.0, "margin": 1.35},
    "cosface": {"scale": 30.0, "margin": 0.35},
    "arcface": {"scale": 64.0, "margin": 0.5, "beyond_pi": "fallback"},
    "combined": {"scale": 10.0, "m1": 1.0, "m2": 0.3, "m3": 0.2},
    "li-arcface": {"scale": 64.0, "margin": 0.45},
    "adacos": {"dynamic": False},
    "curricularface": {"scale": 10.0, "margin": 0.2, "momentum": 0.01},
    "magface": {"scale": 64.0, "l_margin": 0.45, "u_margin": 0.8, "l_a": 10.0, "u_a": 110.0, "weight": 35.0},
    "adaface": {"scale": 10.0, "margin": 0.4, "h": 0.333},
    "elasticface": {"scale": 10.0, "margin": 0.5, "std": 0.05, "kind": "arc"},
    "subcenter-arcface": {"scale": 10.0, "margin": 0.2, "subcenters": 3},
    "sphereface2": {"weight": 0.7, "scale": 40.0, "margin": 0.4, "t": 3.0},
    "circle": {"margin": 0.25, "gamma": 256.0},
}
DEGREES = np.radians(np.arange(0.5, 180.0, 1.0))


def test_every_curve_is_tested_here() -> None:
    assert SETTINGS.keys() == set(CURVED)


# The published formulas again, one angle at a time, below the angle where a curve is continued otherwise.
PUBLISHED = {
    "modified-softmax": math.cos,
    "normface": math.cos,
    "l-softmax": lambda a: {0: math.cos(3 * a), 1: -math.cos(3 * a) - 2, 2: math.cos(3 * a) - 4}[
        int(a // (math.pi / 3))
    ],
    "a-softmax": lambda a: (
        (5 * math.cos(a) + (-1) ** (k := int(4 * a / math.pi)) * math.cos(4 * a) - 2 * k) / 6
    ),
    "sphereface-r": lambda a: math.cos(1.35 * a) if a < math.pi / 1.35 else -math.cos(1.35 * a) - 2,
    "cosface": lambda a: math.cos(a) - 0.35,
    "arcface": lambda a: math.cos(a + 0.5) if a + 0.5 <= math.pi else math.cos(a) - 0.5 * math.sin(0.5),
    "combined": lambda a: math.cos(a + 0.3) - 0.2,
    "li-arcface": lambda a: 1 - 2 * (a + 0.45) / math.pi,
    "adacos": math.cos,
    "curricularface": lambda a: (
        math.cos(a + 0.2) if a + 0.2 <= math.pi else math.cos(a) - 0.2 * math.sin(0.2)
    ),
    "magface": lambda a: math.cos(a + 0.45) if a + 0.45 <= math.pi else math.cos(a) - 0.45 * math.sin(0.45),
    "adaface": lambda a: math.cos(a) - 0.4,
    "elasticface": lambda a: math.cos(a + 0.5) if a + 0.5 <= math.pi else math.cos(a) - 0.5 * math.sin(0.5),
    "subcenter-arcface": lambda a: (
        math.cos(a + 0.2) if a + 0.2 <= math.pi else math.cos(a) - 0.2 * math.sin(0.2)
    ),
    "sphereface2": lambda a: 2 * ((math.cos(a) + 1) / 2) ** 3 - 1 - 0.4,
    "circle": lambda a: (1 + 0.25 - math.cos(a)) * (math.cos(a) - (1 - 0.25)),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_curve_is_the_published_formula(name: str) -> None:
    expected = [PUBLISHED[name](angle) for angle in DEGREES]
    np.testing.assert_allclose(target_curve(name, DEGREES, SETTINGS[name]), expected, rtol=0, atol=1e-13)


VARIANTS = [(name, params, 1.0) for name, params in SETTINGS.items()]
VARIANTS += [("arcface", SETTINGS["arcface"] | {"beyond_pi": way}, 1.0) for way in ("none", "easy", "clip")]
VARIANTS += [
    ("combined", SETTINGS["combined"] | {"m1": 1.7, "beyond_pi": way}, 1.0) for way in ("none", "piecewise")
]
VARIANTS += [("elasticface", SETTINGS["elasticface"] | {"kind": "cos"}, 1.0)]
VARIANTS += [("magface", SETTINGS["magface"], norm) for norm in (50.0, 200.0)]
VARIANTS += [("adaface", SETTINGS["adaface"], norm) for norm in (0.0, 2.0, 90.0)]


@pytest.mark.parametrize(("name", "params", "norm"), VARIANTS)
def test_slope_is_the_finite_difference(name: str, params: dict, norm: float) -> None:
    step = 1e-6
    left, right = (target_curve(name, DEGREES + h, params, norm) for h in (-step, step))
    numeric = (right - left) / (2 * step)
    smooth = np.abs(numeric) < 100  # a jump between the two points shows as a huge quotient
    assert (~smooth).sum() <= 1
    np.testing.assert_allclose(
        target_slope(name, DEGREES, params, norm)[smooth], numeric[smooth], rtol=1e-6, atol=1e-8
    )


@pytest.mark.parametrize("margin", [1, 2, 3, 4, 1.35, 1.7, 2.5])
def test_psi_falls_all_the_way_without_a_jump(margin: float) -> None:
    theta = np.linspace(0, np.pi, 20_001)
    curve = target_curve("sphereface-r", theta, {"scale": 1.0, "margin": margin})
    steps = np.diff(curve)
    assert steps.max() < 1e-12
    assert steps.min() > -1.01 * margin * (theta[1] - theta[0])


def test_psi_is_flat_at_a_right_angle_for_even_margins() -> None:
    slopes = [
        float(target_slope("l-softmax", np.pi / 2, {"margin": margin, "annealing": 0.0}))
        for margin in (2, 3, 4)
    ]
    assert slopes[0] == pytest.approx(0, abs=1e-9)
    assert slopes[1] == pytest.approx(-3, abs=1e-9)
    assert slopes[2] == pytest.approx(0, abs=1e-9)


def test_plain_multiple_angle_turns_upward_past_133_degrees_and_psi_does_not() -> None:
    theta = np.radians([130.0, 133.0, 134.0, 150.0, 180.0])
    assert (np.diff(np.cos(1.35 * theta)) > 0).tolist() == [False, True, True, True]
    params = {"scale": 1.0, "margin": 1.35}
    assert (np.diff(target_curve("sphereface-r", theta, params)) < 0).all()


@pytest.mark.parametrize("margin", [0.1, 0.5, 1.0, 1.5])
def test_arcface_falls_with_fallback_and_turns_upward_with_none(margin: float) -> None:
    theta = np.linspace(0, np.pi, 10_001)
    fallback, none, clip = (
        target_curve("arcface", theta, {"scale": 1.0, "margin": margin, "beyond_pi": way})
        for way in ("fallback", "none", "clip")
    )
    assert np.diff(fallback).max() < 0
    beyond = theta > np.pi - margin + 1e-3
    assert np.diff(none[beyond]).min() > 0
    assert np.ptp(clip[beyond]) == 0


@pytest.mark.parametrize("margin", [0.2, 0.5])
def test_easy_margin_jumps_up_at_a_right_angle_by_sin_m(margin: float) -> None:
    theta = np.pi / 2 + np.array([-1e-9, 1e-9])
    before, after = target_curve("arcface", theta, {"scale": 1.0, "margin": margin, "beyond_pi": "easy"})
    assert after - before == pytest.approx(math.sin(margin), abs=1e-8)


def test_annealing_goes_from_psi_to_plain_cosine() -> None:
    psi, plain = (
        target_curve("a-softmax", DEGREES, {"margin": 4, "annealing": annealing}) for annealing in (0.0, 1e9)
    )
    np.testing.assert_allclose(plain, np.cos(DEGREES), atol=1e-8)
    np.testing.assert_allclose(
        target_curve("a-softmax", DEGREES, {"margin": 4, "annealing": 1.0}), (psi + np.cos(DEGREES)) / 2
    )


@pytest.mark.parametrize(
    ("norm", "margin"), [(1.0, 0.45), (10.0, 0.45), (60.0, 0.625), (110.0, 0.8), (500.0, 0.8)]
)
def test_magface_margin_grows_with_the_length_within_its_limits(norm: float, margin: float) -> None:
    theta = np.array([0.3, 1.0, 2.0])
    np.testing.assert_allclose(
        target_curve("magface", theta, SETTINGS["magface"], norm), np.cos(theta + margin)
    )


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        (20.0, lambda a: math.cos(a - 0.4) - 0.8),
        (10.0, lambda a: math.cos(a) - 0.4),
        (0.0, lambda a: math.cos(a + 0.4)),
        (11.5, lambda a: math.cos(a - 0.4 * 0.24975) - 0.4 * 1.24975),
    ],
)
def test_adaface_margin_follows_the_length_among_the_lengths(norm: float, expected) -> None:
    theta = np.array([0.5, 1.0, 2.0])
    curve = target_curve("adaface", theta, SETTINGS["adaface"], norm, norm_mean=10.0, norm_std=2.0)
    np.testing.assert_allclose(curve, [expected(angle) for angle in theta])


def test_other_classes_follow_the_plain_cosine_but_for_three_losses() -> None:
    special = {
        "li-arcface": 1 - 2 * DEGREES / np.pi,
        "sphereface2": 2 * ((np.cos(DEGREES) + 1) / 2) ** 3 - 1 + 0.4,
        "circle": np.maximum(np.cos(DEGREES) + 0.25, 0) * (np.cos(DEGREES) - 0.25),
    }
    for name, params in SETTINGS.items():
        expected = special.get(name, np.cos(DEGREES))
        np.testing.assert_allclose(other_curve(name, DEGREES, params), expected, atol=1e-13, err_msg=name)


def test_circle_boundary_is_the_published_circle() -> None:
    own, other = np.radians(30), np.radians(70)
    params = {"margin": math.sqrt(((1 - math.cos(own)) ** 2 + math.cos(other) ** 2) / 2), "gamma": 1.0}
    assert target_curve("circle", own, params) == pytest.approx(other_curve("circle", other, params))


@pytest.mark.parametrize("name", CURVED)
def test_the_score_at_test_time_falls_with_the_angle(name: str) -> None:
    values = geometry_of(name).score(DEGREES, Sample(SETTINGS[name])).value
    assert (np.diff(values) < 0).all()


@pytest.mark.parametrize("name", CURVED)
def test_parameters_that_a_geometry_names_are_those_of_the_loss(name: str) -> None:
    geometry = geometry_of(name)
    named = {*geometry.margins, geometry.true_class_weight, LOSSES[name].scale.param} - {""}
    assert named <= {param.name for param in LOSSES[name].params}


def test_training_holds_the_weight_of_circle_loss_constant() -> None:
    theta, margin = np.radians(50.0), 0.25
    held = 1 + margin - math.cos(theta)
    slope = geometry_of("circle").training_slope(np.array(theta), Sample({"margin": margin, "gamma": 1.0}))
    assert float(slope) == pytest.approx(-held * math.sin(theta))
