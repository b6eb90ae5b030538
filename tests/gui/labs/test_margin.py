"""The margin lab: what it shows of two losses and a sample, and what its controls and drags do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import LossConfig
from explorer.gui.labs.lab_plot import Move
from explorer.gui.labs.margin import computed
from explorer.gui.labs.margin.content import (
    circle_of,
    curves_of,
    direction_of,
    notes_of,
    plane_of,
    pulls_of,
    readings_of,
)
from explorer.gui.labs.margin.examples import EXAMPLES, INITIAL
from explorer.gui.labs.margin.options import CURVED, controls
from explorer.gui.labs.readings_table import NUMBERS_WIDTH, ReadingsTable
from explorer.gui.labs.shapes import Area, Label, Line
from explorer.gui.theme.theme import LIGHT

EXAMPLE = {example.id: example for example in EXAMPLES}


def values(options):
    return {row.name: row.values for row in readings_of(options).rows}


def correct(id_):
    example = EXAMPLE[id_]
    return example.correct(example.options)


def test_at_test_time_the_plain_cosine_decides():
    assert correct("test-time") == (
        "θ₁ = 40°, θ₂ = 50°. Test: 0.766 > 0.643, so class 1: right. Training: 0.364 < 0.643: not yet enough."
    )
    found = values(EXAMPLE["test-time"].options)
    assert found["test decides for"] == ("class 1",)
    assert found["beyond the margin"] == ("no",)
    assert values(replace(EXAMPLE["test-time"].options, theta1=60.0))["test decides for"] == ("class 2",)


def test_near_zero_the_cosine_is_flat_and_the_sum_of_angles_is_not():
    flat, steep = -math.sin(math.radians(5)), -math.sin(math.radians(5) + 0.5)
    assert f"is −{-flat:.3f} with" in correct("why-angle")
    assert f"and −{-steep:.3f} with" in correct("why-angle")
    pulls = [
        -10 * slope / (1 + math.exp(10 * target) / 9999)
        for slope, target in (
            (flat, math.cos(math.radians(5)) - 0.35),
            (steep, math.cos(math.radians(5) + 0.5)),
        )
    ]
    assert "pulls are {:.2f} and {:.2f}".format(*pulls) in correct("why-angle")
    assert pulls[1] > 3 * pulls[0]


@pytest.mark.parametrize(
    ("id_", "angle"),
    [("multiply", 15), ("subtract", math.degrees(math.acos(0.85))), ("add", 60 - math.degrees(0.5))],
)
def test_each_place_of_the_margin_asks_for_another_angle(id_, angle):
    assert f"below {angle:.2f}°" in correct(id_)
    assert values(EXAMPLE[id_].options)["needs θ₁ below (°)"] == (f"{angle:.2f}",)


def test_the_boundary_in_the_plane_is_that_of_the_formula():
    options = replace(INITIAL, second=None)
    lines = [shape.points for shape in plane_of(options, LIGHT).shapes if isinstance(shape, Line)]
    training = np.concatenate(lines[1:])
    beside = np.abs(training[:, 0] - training[:, 1])
    low = training.max(axis=1) < 150  # beyond θ + m = π the fallback holds
    assert beside[low] == pytest.approx(math.degrees(0.5), abs=0.02)


@pytest.mark.parametrize("name", CURVED)
@pytest.mark.parametrize("second", [None, "cosface"])
def test_every_loss_with_a_curve_is_drawn_and_measured(name, second):
    options = replace(INITIAL, first=LossConfig(name), second=None if second is None else LossConfig(second))
    for draw in (curves_of, pulls_of, plane_of, circle_of):
        assert draw(options, LIGHT).shapes
    assert len(readings_of(options).rows) == 10
    assert all(notes_of(options))
    shown = [control.param.name for control in controls(options)]
    assert len(shown) == len(set(shown))


def test_all_losses_are_drawn_behind_only_where_asked():
    few, many = (
        sum(isinstance(shape, Line) for shape in curves_of(replace(INITIAL, every=every), LIGHT).shapes)
        for every in (False, True)
    )
    assert many - few == len(CURVED) == sum(spec.curve for spec in LOSSES.values())


def test_the_circle_has_the_margin_between_both_weights():
    hatched = [shape for shape in circle_of(INITIAL, LIGHT).shapes if isinstance(shape, Area) and shape.hatch]
    assert len(hatched) == 4  # beside the bisector and opposite of it, for either class
    plain = replace(INITIAL, first=LossConfig("arcface", {"margin": 0.0}))
    assert not any(isinstance(shape, Area) and shape.hatch for shape in circle_of(plain, LIGHT).shapes)


def test_a_sample_is_on_the_circle_only_where_the_plane_of_the_weights_holds_it():
    assert circle_of(INITIAL, LIGHT).handles  # 40° + 50° = 90°
    outside = replace(INITIAL, theta2=80.0)
    assert not circle_of(outside, LIGHT).handles
    assert "not in the plane" in notes_of(outside)[0]


def test_drags_set_both_angles():
    moved = INITIAL.moved(Move("sample", (10.0, 200.0)))
    assert (moved.theta1, moved.theta2) == (10.0, 180.0)
    handle = circle_of(INITIAL, LIGHT).handles[0]
    back = INITIAL.turned(direction_of(handle.at, INITIAL))
    assert (back.theta1, back.theta2) == (INITIAL.theta1, INITIAL.theta2)


def test_the_parameters_follow_the_losses(page_of):
    page = page_of("margin")
    page.rows["first"].editor.valueRequested.emit("magface")
    assert page.options.first.name == "magface"
    names = {param.name for param in LOSSES["magface"].params}
    assert names <= set(page.rows)
    page.rows["second"].editor.valueRequested.emit("arcface")
    page.rows["second.margin"].editor.valueRequested.emit("0.1")
    assert page.options.second.params["margin"] == 0.1
    page.rows["second"].editor.valueRequested.emit("")
    assert page.options.second is None
    assert "second.margin" not in page.rows


@pytest.mark.parametrize("name", CURVED)
@pytest.mark.usefixtures("themed")
def test_the_name_of_every_loss_fits_above_its_numbers(qtbot, name):
    table = ReadingsTable()
    qtbot.addWidget(table)
    table.show_readings(readings_of(replace(INITIAL, second=LossConfig(name))))
    table.resize(NUMBERS_WIDTH, 400)
    table.show()
    titles = table.readings.columns
    heads = [head for head in table.findChildren(QLabel) if head.text().replace("‑", "-") in titles]
    assert len(heads) == 2
    for head in heads:
        words = head.text().split()  # a hyphen breaks no name: "CosFace (AM-" stood over "Softmax)"
        assert "-" not in head.text()
        assert max(map(head.fontMetrics().horizontalAdvance, words)) <= head.width()
    assert table.minimumSizeHint().width() <= NUMBERS_WIDTH


def test_a_sample_that_no_class_accepts_is_of_neither():
    binary = next(name for name in CURVED if LOSSES[name].geometry.binary)
    options = replace(INITIAL, first=LossConfig(binary), second=None, theta1=130.0, theta2=140.0)
    assert values(options)["test decides for"] == ("neither",)
    assert values(options)["beyond the margin"] == ("no",)
    assert [shape.text for shape in pulls_of(options, LIGHT).shapes if isinstance(shape, Label)]
    assert any("b = 0" in note for note in notes_of(options))
    assert not any("b = 0" in note for note in notes_of(INITIAL))


def test_moving_the_sample_computes_nothing_of_the_losses_again(monkeypatch):
    def draw(options):
        for picture in (curves_of, pulls_of, plane_of, circle_of):
            picture(options, LIGHT)
        readings_of(options)
        notes_of(options)

    draw(replace(INITIAL, every=True))
    for name in ("pull", "boundaries", "circle_sides", "curve_of"):
        monkeypatch.setattr(computed, name, pytest.fail)
    draw(replace(INITIAL, every=True, theta1=33.0))
