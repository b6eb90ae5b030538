"""A drawn digit must be seen where it lands, above all points, until it is taken away."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.drawn import pixels
from gui.views.features.test_view import BARE, picture, point_pixel, rgb, show
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from explorer.analysis.statistics.drawn_digit import DrawnDigit
from explorer.gui.plots.marks.marks import draw_digit_mark
from explorer.gui.theme.theme import DARK, LIGHT


def at(*place):
    return np.array([place], dtype=np.float32)


def test_in_the_plane_a_star_stands_at_the_point_and_stays_as_frames_come(view):
    show(view, make_snapshot(), BARE)
    view.set_drawn_digit(DrawnDigit(at(10.0, -6.0), 1, make_snapshot()))
    for step in (1, 2):
        shown = show(view, make_snapshot(step=step, seed=step))
        column, row = point_pixel(view, 10, -6)
        assert (shown[row - 1 : row + 2, column - 1 : column + 2] == rgb(LIGHT.accent)).all()
    view.set_drawn_digit(None)
    assert picture(view)[row, column] != rgb(LIGHT.accent)


def test_in_space_it_stands_where_the_camera_sees_the_point(view):
    snapshot = make_snapshot(dim=3)
    show(view, snapshot, BARE)
    view.set_drawn_digit(DrawnDigit(at(8.0, 3.0, -5.0), 1, snapshot))
    shown = picture(view)
    place = (
        view.space.pixels(at(8.0, 3.0, -5.0))[0]
        + (view.space.mapTo(view, view.space.rect().topLeft())).toTuple()
    )
    column, row = place.astype(int)
    assert (shown[row - 1 : row + 2, column - 1 : column + 2] == rgb(LIGHT.accent)).all()


@pytest.mark.parametrize("point", [at(1.0, 2.0, 3.0), at(np.nan, 1.0)])
def test_what_does_not_fit_the_plane_is_not_marked(view, point):
    before = show(view, make_snapshot(), BARE)
    view.set_drawn_digit(DrawnDigit(point, 1, make_snapshot(dim=point.shape[1])))
    assert (picture(view) == before).all()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("place", [(50.0, 50.0), (-400.0, 50.0), (90.0, 900.0)])
def test_it_is_whole_inside_the_plot_wherever_the_point_lies(theme, place):
    image = QImage(140, 140, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_digit_mark(painter, QPointF(*place), "", QRectF(20, 20, 100, 100), theme)
    painter.end()
    seen = {
        (x, y) for x in range(140) for y in range(140) if image.pixelColor(x, y).getRgb()[:3] == theme.accent
    }
    assert len(seen) > 60
    columns, rows = zip(*seen, strict=True)
    assert min(columns) >= 20
    assert max(columns) <= 120
    assert min(rows) >= 20
    assert max(rows) <= 120


def test_a_point_outside_has_an_arrow_that_points_to_it():
    size = 500

    def seen(*place):
        image = QImage(size, size, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        draw_digit_mark(painter, QPointF(*place), "", QRectF(0, 0, size, size), LIGHT)
        painter.end()
        rows, columns = np.nonzero((pixels(image)[..., :3] == np.array(LIGHT.accent)).all(axis=-1))
        return np.stack([columns, rows], axis=1)

    places = ((-90, 250), 0, -1), ((590, 250), 0, 1), ((250, -90), 1, -1), ((250, 590), 1, 1)
    for place, axis, way in places:
        along, across = way * seen(*place)[:, axis], seen(*place)[:, 1 - axis]
        assert np.ptp(across[along > along.max() - 3]) < 5, place
        assert np.ptp(across[along < along.min() + 3]) > 8, place
