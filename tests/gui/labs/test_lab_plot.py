"""Points that are dragged or moved by keys: where a person asks them to be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from explorer.analysis.plane.geometry import Rectangle
from explorer.gui.labs.lab_plot import Handle, LabPlot, Move, Picture
from explorer.gui.labs.shapes import arc
from explorer.gui.theme.theme import LIGHT

LIMITS = Rectangle(-2, -2, 2, 2)
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def plot(qtbot):
    result = LabPlot(LIGHT, x="x", y="y")
    qtbot.addWidget(result)
    result.resize(500, 500)
    result.show()
    result.show_picture(Picture([], LIMITS, [Handle("p", "P", (1.0, 0.5), (255, 0, 0))]), LIGHT)
    return result


@pytest.fixture
def moves(plot):
    found = []
    plot.moveRequested.connect(found.append)
    return found


@pytest.mark.parametrize(
    ("key", "modifier", "to"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, (0.99, 0.5)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (1.0, 0.51)),
        (Qt.Key.Key_Right, SHIFT, (1.1, 0.5)),
        (Qt.Key.Key_Down, SHIFT, (1.0, 0.4)),
    ],
)
def test_arrow_keys_move_a_point_by_a_round_step_and_with_shift_by_ten(plot, moves, qtbot, key, modifier, to):
    qtbot.keyClick(plot, key, modifier)
    assert moves == [Move("p", to)]


def test_plus_and_minus_move_it_along_its_ray(plot, moves, qtbot):
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    qtbot.keyClick(plot, Qt.Key.Key_Minus)
    assert [move.along for move in moves] == [True, True]
    assert moves[0].at == pytest.approx((1.05, 0.525))
    assert moves[1].at == pytest.approx((1 / 1.05, 0.5 / 1.05))


def test_a_drag_asks_for_round_places_and_with_shift_along_the_ray(plot, moves, qtbot):
    view, at = plot.viewport(), plot.pixel((1.0, 0.5)).toPoint()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(view, plot.pixel((-0.7, 1.2)).toPoint())
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert moves[-1].id == "p"
    assert moves[-1].at == pytest.approx((-0.7, 1.2), abs=0.02)
    assert moves[-1].at == tuple(round(value, 2) for value in moves[-1].at)
    assert not moves[-1].along


def test_a_press_beside_all_points_moves_nothing(plot, moves, qtbot):
    view = plot.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(120, 400))
    qtbot.mouseMove(view, QPoint(200, 200))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert moves == []


def test_the_limits_stay_during_a_drag_and_follow_after_it(plot, qtbot):
    before, view = plot.visible(), plot.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=plot.pixel((1.0, 0.5)).toPoint())
    plot.show_picture(Picture([], Rectangle(-9, -9, 9, 9), plot.handles), LIGHT)
    assert plot.visible() == before
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert plot.visible().right >= 9


def test_a_drag_ends_where_its_point_goes(plot, moves, qtbot):
    """The data set that a person waits for may have fewer classes than there are points to place."""
    view = plot.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=plot.pixel((1.0, 0.5)).toPoint())
    plot.show_picture(Picture([], LIMITS, [Handle("q", "Q", (-1.0, 0.5), (255, 0, 0))]), LIGHT)
    qtbot.mouseMove(view, plot.pixel((0.5, 0.5)).toPoint())
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert moves == []


def test_an_arc_keeps_its_radius_and_ends():
    points = arc(2.0, 0.0, 1.5, centre=(1.0, 1.0))
    assert points[0] == pytest.approx((3.0, 1.0))
    assert ((points - 1) ** 2).sum(axis=1) == pytest.approx(4.0)
