from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.frames.selection import Selection, inside


def of(*rows):
    return np.array(rows, dtype=np.intp)


def test_gestures_replace_add_and_remove_and_leave_the_old_selection_alone():
    empty = Selection.none_of(6)
    two = empty.changed(of(4, 1), "replace")
    three = two.changed(of(1, 5), "add")
    assert two.rows.tolist() == [1, 4]
    assert three.rows.tolist() == [1, 4, 5]
    assert three.changed(of(4, 0), "remove").rows.tolist() == [1, 5]
    assert three.changed(of(2), "replace").rows.tolist() == [2]
    assert three.changed(of(), "replace").same_as(empty)
    assert (empty.count, two.count, three.count) == (0, 2, 3)
    assert not two.same_as(three)


@pytest.mark.parametrize("row", [-1, 6])
def test_a_row_of_another_probe_set_is_refused(row):
    with pytest.raises(IndexError):
        Selection.none_of(6).changed(of(row), "add")


SQUARE = np.array([[0, 0], [4, 0], [4, 4], [0, 4]], dtype=float)
HORSESHOE = np.array([[0, 0], [9, 0], [9, 9], [6, 9], [6, 3], [3, 3], [3, 9], [0, 9]], dtype=float)


def test_a_lasso_takes_what_is_inside_even_where_it_is_hollow():
    points = np.array([[2, 2], [5, 2], [-1, 2], [2, -1]], dtype=float)
    assert inside(points, SQUARE).tolist() == [True, False, False, False]
    assert inside(np.array([[4.5, 6.0], [1.5, 6], [7.5, 6], [4.5, 1.5]]), HORSESHOE).tolist() == [
        False,
        True,
        True,
        True,
    ]
    assert not inside(points, SQUARE[:2]).any()


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=20))
def test_a_convex_lasso_takes_what_lies_to_the_left_of_every_edge(points):
    corners = np.array([[2.1, 0.3], [0.2, 2.2], [-1.9, 0.4], [-0.3, -2.3]])
    edges = np.roll(corners, -1, axis=0) - corners
    places = np.array(points)
    away = places[:, None] - corners
    sides = edges[:, 0] * away[..., 1] - edges[:, 1] * away[..., 0]
    clear = np.abs(sides).min(axis=1) > 1e-6
    assert (inside(places, corners)[clear] == (sides > 0).all(axis=1)[clear]).all()
