"""The distance lab: what it shows of the vectors, and what its controls do to them."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from explorer.analysis.labs.distances import norm
from explorer.core.params import ParamError
from explorer.gui.labs.distance.content import nearest, picture_of, readings_of
from explorer.gui.labs.distance.examples import EXAMPLES, INITIAL
from explorer.gui.labs.distance.options import parse
from explorer.gui.labs.lab_plot import Move
from explorer.gui.labs.shapes import Label, Line
from explorer.gui.theme.theme import LIGHT

EXAMPLE = {example.id: example for example in EXAMPLES}


def values(options):
    return {row.name: row.values for row in readings_of(options).rows}


def marked(options):
    return {row.name: row.marked for row in readings_of(options).rows}


def correct(id_):
    example = EXAMPLE[id_]
    return example.correct(example.options)


def test_distance_and_cosine_give_different_answers_to_the_question():
    found = marked(INITIAL)
    assert found["Euclidean distance d"] == (1,)
    assert found["cosine similarity"] == (0,)


def test_at_unit_length_they_agree_and_the_identity_is_shown():
    options = replace(INITIAL, normalise=True)
    found, shown = marked(options), values(options)
    assert found["Euclidean distance d"] == found["cosine similarity"] == (0,)
    assert shown["d²"] == shown["2(1 − cos)"]
    assert [norm(vector) for vector in options.vectors] == pytest.approx([1, 1, 1])


def test_the_ratings_show_both_means():
    assert "cos = 0.9778" in correct("ratings")
    assert "mean 3: −0.8000" in correct("ratings")
    assert "own mean: 1.0000" in correct("ratings")


def test_the_wrong_rule_is_shown_wrong():
    assert "distance 0.906 with cosine 0.707" in correct("nearer")
    assert "distance 9.000 with cosine 1.000" in correct("nearer")
    found = marked(EXAMPLE["nearer"].options)
    assert found["Euclidean distance d"] == (0,)
    assert found["cosine similarity"] == (1,)


def test_a_vector_of_three_numbers_is_measured_exactly():
    assert correct("length") == "√38 = 6.1644; unit vector (0.3244, 0.4867, 0.8111)"
    picture = picture_of(EXAMPLE["length"].options, LIGHT)
    assert picture.handles == []
    assert values(EXAMPLE["length"].options)["length of B"] == ("1.0000",)


def test_cosines_below_zero_are_shown():
    assert correct("range").startswith("Cosine −1.0000, cosine distance 2.0000")


def test_the_unit_decides_who_is_nearer():
    options = EXAMPLE["units"].options
    assert marked(options)["Euclidean distance d"] == (0,)
    assert marked(replace(options, unit="mm"))["Euclidean distance d"] == (1,)
    assert values(options)["first component's share of d² (%)"][0] == "99.01"
    assert "10.05 to 15.13" in correct("units")
    assert "25.00 to 100.00" in correct("units")


def test_a_drag_along_the_ray_keeps_the_direction():
    moved = INITIAL.moved(Move("b", (5.0, 9.0), along=True)).b
    assert moved[0] * INITIAL.b[1] == pytest.approx(moved[1] * INITIAL.b[0])
    assert norm(moved) > norm(INITIAL.b)


def test_at_unit_length_a_drag_turns_a_vector_and_keeps_its_length():
    options = replace(INITIAL, normalise=True)
    moved = options.moved(Move("b", (0.0, 3.0))).b
    assert moved == pytest.approx((0.0, norm(INITIAL.b)))
    assert options.moved(Move("b", (0.0, 0.0))).b == INITIAL.b


def test_a_drag_in_another_unit_is_converted_back():
    options = EXAMPLE["units"].options
    assert replace(options, unit="m").moved(Move("b", (1.9, 70.0))).b == pytest.approx((190.0, 70.0))


def test_what_is_drawn_can_be_drawn_for_zero_vectors():
    for options in (replace(INITIAL, a=(0.0, 0.0)), replace(INITIAL, b=INITIAL.a, c=(0.0, 0.0))):
        for normalise in (False, True):
            picture = picture_of(replace(options, normalise=normalise), LIGHT)
            assert all(label.text for label in picture.shapes if isinstance(label, Label))
    assert values(replace(INITIAL, a=(0.0, 0.0)))["cosine similarity"] == ("not defined",) * 2


@pytest.mark.parametrize(
    ("written", "vector"),
    [("2, 3", (2, 3)), ("−1 2.5 3e2", (-1, 2.5, 300)), ("", ()), ("1,2,3", (1, 2, 3))],
)
def test_vectors_are_typed_with_commas_or_spaces(written, vector):
    assert parse(written, "A") == vector


@pytest.mark.parametrize("written", ["2", "1, 2, 3, 4, 5", "1, x", "1, 1e7", "nan, 1", "inf 1"])
def test_what_is_no_vector_is_refused(written):
    with pytest.raises(ParamError, match=r"^A: write two to four numbers"):
        parse(written, "A")


def test_nothing_is_nearer_where_two_are_equal_or_one_is_not_defined():
    assert nearest([1.0, 1.0]) == nearest([1.0]) == nearest([float("nan"), 1.0]) == ()


def test_a_vector_of_another_size_takes_the_others_along(page_of):
    page = page_of("distance")
    page.rows["a"].editor.valueRequested.emit("1, 2, 3")
    assert (len(page.options.b), len(page.options.c)) == (3, 3)
    page.rows["b"].editor.valueRequested.emit("1, 2")
    assert page.rows["b"].error == "B needs 3 numbers, as many as A has."
    page.rows["c"].editor.valueRequested.emit("")
    assert page.options.c == ()
    page.rows["length"].editor.valueRequested.emit("2")
    assert norm(page.options.b) == pytest.approx(2)


@pytest.mark.parametrize("normalise", [False, True])
@pytest.mark.parametrize("place", [(0.0, 0.0), (1.0, 2.0), (1e-300, 0.0)])
def test_points_that_coincide_or_lie_on_the_origin_are_drawn(place, normalise, page_of):
    options = replace(INITIAL, a=place, b=place, normalise=normalise)
    drawn = picture_of(options, LIGHT)
    for shape in drawn.shapes:
        points = shape.points if isinstance(shape, Line) else [shape.at]
        assert np.isfinite(points).all()
    limits = drawn.limits
    assert np.isfinite([limits.left, limits.bottom, limits.right, limits.top]).all()
    page = page_of("distance")
    page.sheet.figure.optionsRequested.emit(options)
    page.grab()
