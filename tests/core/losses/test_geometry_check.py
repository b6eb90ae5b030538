"""A description from another package is drawn or refused in a sentence: it never breaks a view."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.geometry_check import geometry_fault
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.losses.margin_geometry import LogitScale, MarginGeometry, Sample, plain_cosine


def spec_with(**changes: Any) -> LossSpec:
    """Return CosFace with another geometry."""
    geometry = MarginGeometry(**{"target": plain_cosine, "margins": ("margin",), **changes})
    return replace(LOSSES["cosface"], geometry=geometry)


def line(value: Any, slope: Any) -> Any:
    """Return a shape that gives functions of θ, whatever the sample."""
    return lambda theta, _: Line(value(theta), slope(theta))


def wrong_slope(theta: Floats, _sample: Sample) -> Line:
    return Line(np.cos(theta), np.sin(theta))


def fails(_theta: Floats, _sample: Sample) -> Line:
    raise KeyError("m")


def wrong_at_its_largest_margin(theta: Floats, sample: Sample) -> Line:
    return Line(np.cos(theta) / (1 - sample.number("margin")), -np.sin(theta) / (1 - sample.number("margin")))


@pytest.mark.parametrize("name", LOSSES)
def test_all_of_ours_can_be_drawn(name: str) -> None:
    assert geometry_fault(LOSSES[name]) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"margins": ("m",)}, "geometry.margins names 'm', which is not a numeric parameter"),
        ({"true_class_weight": "w"}, "geometry.true_class_weight names 'w'"),
        ({"follows_lengths": True}, "depends on lengths, but geometry.lengths is None"),
        ({"target": lambda theta, _: np.cos(theta)}, "geometry.target returns a ndarray instead of a Line"),
        ({"target": fails}, "fails with KeyError: 'm'"),
        ({"target": wrong_slope}, "the slope returned by geometry.target does not match"),
        ({"other": wrong_slope}, "the slope returned by geometry.other does not match"),
        ({"target": line(np.log, lambda a: 1 / a)}, "geometry.target returns values that are not finite"),
        (
            {"target": line(lambda _: np.zeros(3), lambda _: np.zeros(3))},
            r"an array of shape \(3,\) instead of \(181,\)",
        ),
        ({"target": wrong_at_its_largest_margin}, "geometry.target returns values that are not finite"),
        ({"score": line(np.zeros_like, np.zeros_like)}, "geometry.score does not decrease"),
        ({"lengths": lambda _: (3.0, 2.0)}, r"geometry.lengths returns \(3, 2\), which is not an interval"),
        ({"beyond_pi": lambda _: float("nan")}, "geometry.beyond_pi does not return a finite number"),
        ({"gradient": lambda theta, _: theta[:4]}, "an array of shape"),
    ],
)
def test_what_cannot_be_drawn_is_named(changes: dict[str, Any], said: str) -> None:
    assert re.search(said, str(geometry_fault(spec_with(**changes))))


def test_a_scale_that_is_none_is_named() -> None:
    spec = LOSSES["cosface"]
    assert "scale.param names 's'" in str(geometry_fault(replace(spec, scale=LogitScale("s"))))
    assert "its scale for 10 classes is 0" in str(
        geometry_fault(replace(spec, scale=LogitScale(constant=0.0)))
    )
