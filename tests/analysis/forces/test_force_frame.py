"""Forces are asked for on points of every class, and drawn as what they do to what is shown."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.forces.force_frame import (
    ForceFrame,
    ForceWish,
    round_number,
    spread_rows,
    typical_length,
    unit_vectors,
)


def test_rows_are_the_first_of_each_class_evenly_and_all_of_a_small_one():
    labels = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2])
    found = spread_rows(labels, np.arange(13), 7)
    assert found.tolist() == [0, 1, 2, 6, 7, 8, 12]
    assert spread_rows(labels, np.array([9, 3]), 7).tolist() == [3, 9]
    assert spread_rows(labels, np.arange(13), 2).tolist() == [0, 6]


def test_at_unit_length_an_arrow_is_where_the_unit_vector_goes():
    rng = np.random.default_rng(1)
    features, forces = rng.normal(size=(2, 6, 3))
    step = 1e-6
    moved = features + step * forces
    before, after = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (features, moved))
    found = unit_vectors(forces, features)
    assert found == pytest.approx((after - before) / step, abs=1e-4)
    assert not unit_vectors(forces, 0 * features).any()


def test_one_force_far_larger_than_the_others_decides_no_length():
    forces = np.ones((100, 2))
    forces[3] = 1e6
    forces[4] = np.nan
    assert typical_length(forces) == pytest.approx(np.sqrt(2))
    assert typical_length(np.zeros((0, 2))) == 0


@pytest.mark.parametrize(("value", "rounded"), [(0.9, 0.5), (1.0, 1.0), (4.99, 2.0), (0.02, 0.02), (73, 50)])
def test_a_key_is_a_round_number(value, rounded):
    assert round_number(value) == pytest.approx(rounded)


def test_what_is_no_push_pulls():
    total, push = np.array([[3.0, 1.0]]), np.array([[1.0, -1.0]])
    frame = ForceFrame(ForceWish(np.array([4])), 7, np.array([4]), total, total, push)
    assert frame.pull.tolist() == [[2.0, 2.0]]
