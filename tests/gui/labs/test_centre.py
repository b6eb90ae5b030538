"""The centre lab: what it shows of an outlier, of both formulas and of the worked example."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from explorer.gui.labs.centre.content import formulas_of, plane_of, readings_of, shares_of, worked_example
from explorer.gui.labs.centre.examples import EXAMPLES, INITIAL
from explorer.gui.labs.lab_plot import Move
from explorer.gui.labs.shapes import Area, Dot, Line
from explorer.gui.theme.theme import LIGHT

EXAMPLE = {example.id: example for example in EXAMPLES}


def values(options):
    return {row.name: row.values[0] for row in readings_of(options).rows}


def correct(id_):
    example = EXAMPLE[id_]
    return example.correct(example.options)


def test_an_outlier_has_a_larger_share_of_squares_than_of_distances():
    options = EXAMPLE["outlier"].options
    points = options.points
    away = np.hypot(*(points - points.mean(axis=0)).T)
    squared, plain = (100 * away[-1] ** k / (away**k).sum() for k in (2, 1))
    assert f"is {squared:.1f}%; with plain distances, {plain:.1f}%" in correct("outlier")
    assert squared > plain > 100 / 12


def test_the_farther_the_outlier_the_more_it_pulls():
    def of(outlier):
        found = values(replace(EXAMPLE["outlier"].options, outlier=outlier))
        return float(found["share of the outlier (%)"]), float(found["the outlier moves the mean by"])

    near, far = of((2.0, 2.0)), of((6.0, 6.0))
    assert far > near
    inner = INITIAL.points[:-1].mean(axis=0)
    assert far[1] == pytest.approx(math.dist((6, 6), inner) / 12, abs=5e-5)


def test_the_wrong_formula_is_shown_wrong():
    assert correct("formula") == (
        "½‖x − c‖² = (1 + ‖c‖²)/2 − x·c. With ‖c‖ = 0.9 it is 0.0050 at 0° and 0.9050 at 90°; "
        "½(x·c)² is 0.4050 and 0.0000."
    )
    lines = [
        shape.points
        for shape in formulas_of(INITIAL, LIGHT).shapes
        if isinstance(shape, Line) and len(shape.points) > 2
    ]
    wrong, right = lines
    assert right[0, 1] == right[:, 1].min()
    assert wrong[0, 1] == wrong[:, 1].max()
    assert wrong[180, 1] == pytest.approx(0, abs=1e-12)


def test_the_worked_example_is_complete():
    assert correct("worked").startswith(
        "c₁ = (0.5, 0.575, 0.725), c₂ = (0.7, 0.275, 0.45), c₃ = (0.175, 0.8, 0.35)."
    )
    assert "0.860 to 1.100" in correct("worked")
    rows = worked_example().rows
    assert [row.values[-1] for row in rows[:3]] == ["1.0488", "1.0247", "1.1000"]
    assert len(rows) == 12
    assert values(EXAMPLE["worked"].options)["c₁"] == "0.500"


def test_the_paper_moves_the_centre_after_each_batch(page_of):
    page = page_of("centre")
    page.examples["updates"].click()
    options = page.options
    moved = math.dist(options.path[-1], options.points.mean(axis=0))
    waiting = math.dist(options.start, options.points.mean(axis=0))
    assert f"it is {moved:.3f} from the mean; set once per epoch, {waiting:.3f}" in correct("updates")
    page.rows["rule"].editor.valueRequested.emit("epoch")
    assert values(page.options)["from c to the mean"] == f"{waiting:.4f}"
    page.rows["steps"].editor.valueRequested.emit("3")
    assert values(page.options)["from c to the mean"] == "0.0000"


def test_the_path_of_the_centre_has_a_dot_for_each_batch():
    few, many = (
        sum(isinstance(shape, Dot) for shape in plane_of(replace(INITIAL, steps=steps), LIGHT).shapes)
        for steps in (2, 9)
    )
    assert many - few == 7


def test_the_bars_are_the_shares_of_all_features():
    bars = [shape for shape in shares_of(INITIAL, LIGHT).shapes if isinstance(shape, Area)]
    assert len(bars) == 12
    assert sum(bar.points[2, 1] for bar in bars) == pytest.approx(100)


def test_at_unit_length_a_drag_turns_the_outlier():
    options = replace(INITIAL, normalise=True)
    assert np.hypot(*options.points.T) == pytest.approx(np.ones(12))
    moved = options.moved(Move("outlier", (0.0, 5.0)))
    assert moved.points[-1] == pytest.approx((0, 1))
    assert options.moved(Move("start", (0.5, 0.5))).start == (0.5, 0.5)


def test_the_table_takes_the_place_of_the_features(page_of):
    page = page_of("centre")
    figure = page.sheet.figure
    assert figure.plane.isVisible()
    page.examples["worked"].click()
    assert not figure.plane.isVisible()
    assert figure.table.isVisible()
