"""The softmax lab: what it shows, and what its controls and drags do."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from explorer.analysis.labs.distances import norm
from explorer.gui.labs.lab_plot import Move
from explorer.gui.labs.shapes import Area, Dot
from explorer.gui.labs.softmax.content import bars_of, loss_of, plane_of, readings_of
from explorer.gui.labs.softmax.examples import EXAMPLES, INITIAL
from explorer.gui.theme.theme import LIGHT

EXAMPLE = {example.id: example for example in EXAMPLES}


def values(options):
    return {row.name: row.values for row in readings_of(options).rows}


def correct(id_):
    example = EXAMPLE[id_]
    return example.correct(example.options)


def test_the_lengths_of_weights_decide_and_that_of_the_feature_does_not():
    assert correct("lengths") == (
        "‖f‖ = 1.5 and ‖f‖ = 10 both give class 1. "
        "With ‖w₃‖ = 3 instead of 1 the same feature goes to class 3."
    )
    assert values(EXAMPLE["lengths"].options)["decision: class"] == ("3",)
    assert values(INITIAL)["decision: class"] == ("1",)


def test_a_longer_feature_lowers_the_loss_at_the_same_angle():
    before, after = values(INITIAL), values(EXAMPLE["long-features"].options)
    assert before["angle θⱼ (°)"] == after["angle θⱼ (°)"] == ("45.0", "165.0", "75.0")
    assert float(after["loss −ln p₁ (nats)"][0]) < 0.02 < float(before["loss −ln p₁ (nats)"][0])


def test_any_scores_become_probabilities():
    assert correct("any-scores") == "p = (0.7054, 0.2595, 0.0351), with sum 1.0000"
    assert values(EXAMPLE["any-scores"].options)["logit"] == ("2.000", "1.000", "−1.000")


def test_at_unit_length_the_loss_has_a_floor():
    floor = math.log(1 + 2 * math.exp(-1.5))
    assert f"cannot fall below {floor:.3f}" in correct("only-angles")
    assert values(EXAMPLE["only-angles"].options)["lowest loss at this s"] == (f"{floor:.4f}",)


def test_the_regions_are_those_of_all_lengths_of_the_feature():
    def areas(options):
        return [shape.rgb for shape in plane_of(options, LIGHT).shapes if isinstance(shape, Area)]

    assert len(areas(INITIAL)) == 3
    assert areas(INITIAL) == areas(EXAMPLE["long-features"].options)


def test_the_dot_on_the_curve_is_the_loss():
    for options in (INITIAL, EXAMPLE["any-scores"].options, EXAMPLE["only-angles"].options):
        (dot,) = (shape for shape in loss_of(options, LIGHT).shapes if isinstance(shape, Dot))
        assert dot.at[1] == pytest.approx(float(values(options)["loss −ln p₁ (nats)"][0]), abs=5e-5)


def test_bars_of_probabilities_reach_from_zero_to_one():
    limits = bars_of([0.2, 0.3, 0.5], LIGHT, probable=True).limits
    assert limits.bottom == 0
    assert 1 < limits.top < 1.3
    assert bars_of([-2.0, 1.0, 0.0], LIGHT, probable=False).limits.bottom < -2


def test_a_drag_moves_feature_and_weights():
    assert INITIAL.moved(Move("w3", (2.0, -1.0))).w3 == (2.0, -1.0)
    turned = replace(INITIAL, normalise=True).moved(Move("f", (0.0, 9.0)))
    assert turned.f == pytest.approx((0.0, norm(INITIAL.f)))


def test_the_direction_of_the_feature_is_typed_in_degrees(page_of):
    page = page_of("softmax")
    page.rows["angle"].editor.valueRequested.emit("90")
    assert page.options.f == pytest.approx((0.0, 1.5))
    assert values(page.options)["angle θⱼ (°)"][0] == "0.0"


def test_a_zero_feature_has_equal_probabilities():
    options = replace(INITIAL, f=(0.0, 0.0))
    assert values(options)["probability"] == ("0.3333",) * 3
    assert plane_of(options, LIGHT).handles
    assert loss_of(options, LIGHT).shapes


def test_direct_logits_have_sliders_and_no_plane(page_of):
    page = page_of("softmax")
    page.examples["any-scores"].click()
    assert list(page.rows)[:3] == ["z1", "z2", "z3"]
    page.rows["z2"].editor.valueRequested.emit("5")
    assert values(page.options)["decision: class"] == ("2",)
    assert not page.sheet.figure.plane.isVisible()
