"""The numbers of the centre lab, against fractions and independent sums."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.labs.centres import (
    WORKED,
    centre_path,
    cloud,
    half_squares,
    means,
    on_unit_sphere,
    shares,
    squared_product,
)


def exact(number):
    return Fraction(str(number))


def test_the_means_of_the_worked_example():
    wanted = [[float(sum(map(exact, column)) / 4) for column in zip(*rows, strict=True)] for rows in WORKED]
    assert wanted == [[0.5, 0.575, 0.725], [0.7, 0.275, 0.45], [0.175, 0.8, 0.35]]
    for found, row in zip(means(WORKED), wanted, strict=True):
        assert found == pytest.approx(row, abs=1e-15)


def test_its_vectors_are_not_of_unit_length():
    squares = [sum(exact(x) ** 2 for x in row) for rows in WORKED for row in rows]
    assert Fraction(1) not in squares
    assert f"{math.sqrt(min(squares)):.3f}" == "0.860"
    assert f"{math.sqrt(max(squares)):.3f}" == "1.100"


@given(st.lists(st.floats(-50, 50), min_size=6, max_size=6), st.integers(2, 3))
def test_on_the_unit_sphere_the_distance_is_a_constant_less_the_product(numbers, size):
    x, c = np.array(numbers[:size]), np.array(numbers[3 : 3 + size])
    length = math.sqrt(math.fsum(x * x))
    if length < 1e-3:
        return
    x = x / length
    c = c / max(1.0, math.sqrt(math.fsum(c * c)))  # a mean of unit vectors is not longer than one
    norm = math.sqrt(math.fsum(c * c))
    direct = half_squares(x[None], c)[0]
    assert abs(direct - ((1 + norm**2) / 2 - float(x @ c))) < 1e-12
    if norm > 1e-3:
        cosine = np.array([float(x @ c) / norm])
        assert abs(direct - on_unit_sphere(cosine, norm)[0]) < 1e-12


def test_the_wrong_formula_is_largest_where_the_right_one_is_smallest():
    angles = np.radians([0, 30, 60, 90])
    right, wrong = on_unit_sphere(np.cos(angles), 0.9), squared_product(np.cos(angles), 0.9)
    assert right == pytest.approx([0.005, 0.905 - 0.9 * math.sqrt(3) / 2, 0.455, 0.905], abs=1e-12)
    assert wrong == pytest.approx([0.405, 0.30375, 0.10125, 0.0], abs=1e-12)
    assert (np.diff(right) > 0).all()
    assert (np.diff(wrong) < 0).all()


def test_a_batch_moves_the_centre_as_equation_4_has_it():
    points, start = np.array([[1.0, 0.0], [3.0, 0.0], [8.0, 2.0]]), np.zeros(2)
    path = centre_path(points, start, "batch", 0.5, 2, 3)
    assert path[1] == pytest.approx([0.5 * 4 / 3, 0])
    assert path[2] == pytest.approx(path[1] + 0.5 * (np.array([8, 2]) - path[1]) / 2)
    third = path[2] + 0.5 * (np.array([4, 0]) - 2 * path[2]) / 3
    assert path[3] == pytest.approx(third)


def test_an_epoch_sets_the_centre_to_the_mean_at_its_end():
    points = np.array([[1.0, 0.0], [3.0, 0.0], [8.0, 3.0]])
    path = centre_path(points, np.array([9.0, 9.0]), "epoch", 0.5, 2, 3)
    assert path[:2].tolist() == [[9, 9], [9, 9]]
    assert path[2:].tolist() == [[4, 1], [4, 1]]


@given(st.floats(0.05, 1.0), st.integers(1, 12))
def test_the_centre_follows_every_batch_into_the_cloud(rate, batch):
    points = cloud(12, (2.0, 1.0), 0.5)
    path = centre_path(points, np.array([0.0, 0.0]), "batch", rate, batch, 600)
    assert np.hypot(*(path[-1] - points.mean(axis=0))) < 0.5
    if batch == 12:  # one batch is the epoch: it ends in the mean, though 1 + n makes it shorter steps
        assert path[-1] == pytest.approx(points.mean(axis=0), abs=1e-6)


def test_the_share_of_an_outlier():
    points = np.array([[0.0, 0.0], [0.0, 0.0], [3.0, 0.0]])
    found = shares(half_squares(points, points.mean(axis=0)))
    assert found == pytest.approx([1 / 6, 1 / 6, 4 / 6])
    assert shares(np.zeros(3)).tolist() == [0, 0, 0]


def test_the_cloud_lies_in_its_disc_without_repeats():
    points = cloud(40, (1.0, -1.0), 2.0)
    assert (np.hypot(*(points - (1.0, -1.0)).T) < 2.0).all()
    assert len({tuple(row) for row in points.round(6).tolist()}) == 40
