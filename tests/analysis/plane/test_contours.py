"""Contours must close, and lie where the field has their level, or density would be drawn wrong."""

import numpy as np
import pytest

from explorer.analysis.plane.contours import closed_contours


def hill(side, column, row):
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    return -np.hypot(x - column, y - row)


def area(line):
    x, y = line.T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def test_the_contour_of_a_cone_is_a_circle():
    fields = np.stack([hill(41, 20.3, 19.6), hill(41, 15, 22)])
    contours = closed_contours(fields, np.array([-12.0, -7.5]))
    assert [contour.field for contour in contours] == [0, 1]
    for contour, (centre, radius) in zip(contours, (((20.3, 19.6), 12.0), ((15, 22), 7.5)), strict=True):
        away = np.hypot(*(contour.line - centre).T)
        assert away == pytest.approx(radius, abs=0.05)
        assert abs(area(contour.line)) == pytest.approx(np.pi * radius**2, rel=0.01)
        gaps = np.hypot(*(contour.line - np.roll(contour.line, 1, axis=0)).T)
        assert gaps.max() <= np.sqrt(2)


def test_a_lake_has_a_shore_that_turns_the_other_way_than_the_coast():
    ring = -np.abs(-hill(61, 30, 30) - 15)
    outer, inner = sorted(
        (area(contour.line) for contour in closed_contours(ring[None], np.array([-4.0]))), key=abs
    )[::-1]
    assert outer == pytest.approx(-np.sign(inner) * np.pi * 19**2, rel=0.01)
    assert abs(inner) == pytest.approx(np.pi * 11**2, rel=0.01)


def test_every_line_of_a_rough_field_closes_and_lies_on_the_level():
    rng = np.random.default_rng(0)
    fields = np.full((5, 12, 17), -1.0)
    fields[:, 1:-1, 1:-1] = rng.normal(size=(5, 10, 15))
    levels = np.array([0.0, 0.3, -0.2, 1.0, 9.0])
    contours = closed_contours(fields, levels)
    assert {contour.field for contour in contours} == {0, 1, 2, 3}
    for contour in contours:
        for x, y in contour.line.tolist():
            low, high = (int(np.floor(y)), int(np.floor(x))), (int(np.ceil(y)), int(np.ceil(x)))
            here, there = fields[contour.field][low], fields[contour.field][high]
            share = x % 1 + y % 1
            assert here + share * (there - here) == pytest.approx(levels[contour.field])
        steps = np.abs(contour.line - np.roll(contour.line, 1, axis=0)).max(axis=1)
        assert steps.max() <= 1
    crossed = sum(
        np.count_nonzero(np.diff((field > level).astype(int), axis=axis))
        for field, level in zip(fields, levels, strict=True)
        for axis in (0, 1)
    )
    assert sum(len(contour.line) for contour in contours) == crossed


def test_nothing_above_the_level_has_no_contour_and_an_open_one_is_refused():
    assert closed_contours(np.zeros((2, 5, 5)), np.array([0.0, 1.0])) == []
    assert closed_contours(np.zeros((0, 5, 5)), np.zeros(0)) == []
    with pytest.raises(ValueError, match="border"):
        closed_contours(np.ones((1, 5, 5)), np.array([0.5]))
