"""The numbers of the distance lab against independent values, in exact or in decimal arithmetic."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from explorer.analysis.labs.distances import compare, cosine, euclidean, in_their_plane, mean, norm, unit

getcontext().prec = 40
COMPONENT = st.floats(-1000, 1000, allow_nan=False)
PAIRS = st.integers(2, 5).flatmap(
    lambda size: st.tuples(*[st.lists(COMPONENT, min_size=size, max_size=size)] * 2)
)


def exact_cosine(a, b):
    """Return cos(a, b) to forty digits."""
    a, b = [Decimal(x) for x in a], [Decimal(x) for x in b]
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return dot / (sum(x * x for x in a).sqrt() * sum(y * y for y in b).sqrt())


def long_enough(*vectors):
    assume(all(norm(vector) > 1e-3 for vector in vectors))


def test_the_length_and_the_unit_vector_of_2_3_5():
    assert norm((2, 3, 5)) == pytest.approx(float(Decimal(38).sqrt()), abs=1e-15)
    assert [f"{x:.4f}" for x in unit((2, 3, 5))] == ["0.3244", "0.4867", "0.8111"]


def test_the_ratings_are_alike_or_opposite_by_the_choice_of_the_mean():
    found = compare((1, 2), (4, 5), 3.0)
    assert found.cosine == pytest.approx(14 / math.sqrt(5 * 41), abs=1e-15)
    assert f"{found.cosine:.4f}" == "0.9778"
    assert found.assumed_mean == pytest.approx(-0.8, abs=1e-15)
    assert found.own_means == pytest.approx(1.0, abs=1e-15)


def test_the_nearer_point_is_not_the_more_similar_one():
    near, far = compare((1, 0), (0.1, 0.1), 0), compare((1, 0), (10, 0), 0)
    assert near.euclidean == pytest.approx(math.sqrt(0.82), abs=1e-15)
    assert near.cosine == pytest.approx(math.sqrt(0.5), abs=1e-15)
    assert (far.euclidean, far.cosine) == (9.0, 1.0)
    assert near.euclidean < far.euclidean
    assert near.cosine < far.cosine


def test_cosines_reach_minus_one_and_cosine_distances_two():
    found = compare((1, 2), (-2, -4), 0)
    assert (found.cosine, found.cosine_distance, found.angle) == pytest.approx((-1, 2, math.pi), abs=1e-15)


@given(PAIRS)
def test_on_unit_vectors_the_squared_distance_is_twice_the_cosine_distance(pair):
    long_enough(*pair)
    u, v = map(unit, pair)
    assert abs(euclidean(u, v) ** 2 - 2 * (1 - cosine(*pair))) < 1e-12


@given(PAIRS)
def test_cosine_and_angle_are_exact(pair):
    long_enough(*pair)
    found, wanted = compare(*pair, 0), float(exact_cosine(*pair))
    assert found.cosine == pytest.approx(wanted, abs=1e-14)
    assert math.cos(found.angle) == pytest.approx(wanted, abs=1e-14)


@given(PAIRS, st.floats(0.01, 100))
def test_along_its_ray_a_vector_changes_its_distance_and_not_its_angle(pair, factor):
    a, b = pair
    long_enough(a, b)
    moved = [factor * x for x in b]
    assert cosine(a, moved) == pytest.approx(cosine(a, b), abs=1e-12)
    assert norm(moved) == pytest.approx(factor * norm(b), rel=1e-12)


@given(PAIRS)
def test_the_manhattan_distance_is_never_the_shorter_one(pair):
    found = compare(*pair, 0)
    assert found.manhattan >= found.euclidean * (1 - 1e-15)
    assert found.manhattan <= found.euclidean * math.sqrt(len(pair[0])) * (1 + 1e-15)


@given(PAIRS)
def test_the_plane_of_two_vectors_keeps_lengths_angle_and_distance(pair):
    long_enough(*pair)
    placed = in_their_plane(*pair)
    assert [norm(p) for p in placed] == pytest.approx([norm(p) for p in pair], rel=1e-12)
    assert cosine(*placed) == pytest.approx(cosine(*pair), abs=1e-12)
    assert euclidean(*placed) == pytest.approx(euclidean(*pair), abs=1e-9)


def test_the_share_of_a_component_depends_on_its_unit():
    in_centimetres, in_metres = compare((170, 60), (180, 61), 0), compare((1.70, 60), (1.80, 61), 0)
    assert in_centimetres.first_share == pytest.approx(100 / 101)
    assert in_metres.first_share == pytest.approx(0.01 / 1.01)


def test_what_is_not_defined_is_nan():
    found = compare((0, 0), (1, 2), 1.0)
    assert math.isnan(found.cosine)
    assert math.isnan(found.cosine_distance)
    assert math.isnan(found.angle)
    assert found.euclidean == pytest.approx(math.sqrt(5))
    assert math.isnan(compare((3, 3), (1, 2), 0).own_means)
    assert math.isnan(compare((0.1, 0.1, 0.1), (1, 2, 3), 0).own_means)
    assert math.isnan(compare((1, 1), (1, 1), 0).first_share)
    assert mean((1, 2, 6)) == 3
    assert in_their_plane((0, 0, 0), (1, 2, 2)) == ((0.0, 0.0), (3.0, 0.0))
