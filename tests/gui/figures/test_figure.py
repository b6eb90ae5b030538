"""Sizes of figures: how views are arranged, and what their size is on paper."""

import pytest

from explorer.gui.figures.figure import Figure, printed


@pytest.mark.parametrize(
    ("count", "width", "height", "columns"),
    [
        (1, 640, 480, 1),
        (2, 900, 340, 2),
        (2, 400, 640, 1),
        (4, 900, 680, 2),
        (3, 1_200, 300, 3),
        (3, 400, 900, 1),
    ],
)
def test_views_are_arranged_so_that_each_has_a_usual_shape(count, width, height, columns):
    assert Figure(views=("features",) * count, width=width, height=height).columns == columns


@pytest.mark.parametrize("width", [88.9, 181.9, 84.0, 174.0])
@pytest.mark.parametrize("points", [6.0, 8.0, 10.0])
def test_a_figure_has_its_size_on_paper_and_so_has_its_type(width, points):
    figure = printed(Figure(), width, 60.0, points, 13.3)
    assert 13.3 / figure.dpi * 72 == pytest.approx(points, rel=0.005)
    assert [round(side, 1) for side in figure.size_mm] == [width, 60.0]


def test_pixels_are_those_of_the_scale():
    assert Figure(width=333, height=100, scale=1.5).pixels == (500, 150)
