"""What plots share must not be changed by one of them, and style sheets are costly: Qt applies all anew."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.drawn import pixels
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from explorer.gui.export.images import picture
from explorer.gui.plots.point_plot import PointPlot
from explorer.gui.plots.ranges import obey
from explorer.gui.plots.style import Plot, color, hatching, pen
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.margin_curve.view import MarginCurveView

RED, BLUE = (255, 0, 0), (0, 0, 255)


def test_a_pen_that_is_changed_changes_no_other():
    mine = pen(RED, 2.0)
    mine.setStyle(Qt.PenStyle.DotLine)
    mine.setColor(color(BLUE))
    assert pen(RED, 2.0).style() == Qt.PenStyle.SolidLine
    assert pen(RED, 2.0).color() == color(RED)


def test_a_colour_that_is_changed_changes_no_other():
    mine = color(RED)
    mine.setAlpha(10)
    assert color(RED).alpha() == 255


@pytest.mark.usefixtures("qapp")
def test_a_hatching_that_is_mirrored_mirrors_no_other():
    mine = hatching(RED, BLUE)
    mine.setTransform(QTransform.fromScale(-1, 1))
    assert hatching(RED, BLUE).transform().isIdentity()


class Restylings(QObject):
    """Counts how often a widget gets a style sheet or a palette."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange)
        return False


def test_a_view_is_restyled_by_a_theme_and_by_no_frame(qtbot):
    view = MarginCurveView(LIGHT)
    qtbot.addWidget(view)
    view.show()
    view.set_snapshot(make_snapshot(loss="contrastive"), make_history(3))
    view.set_snapshot(make_snapshot(loss="arcface"), make_history(3))
    QApplication.processEvents()
    seen = Restylings()
    for widget in (view, *view.findChildren(QObject)):
        widget.installEventFilter(seen)
    for loss in ("arcface", "contrastive", "arcface"):
        view.set_snapshot(make_snapshot(loss=loss), make_history(3))
    assert seen.count == 0
    view.set_theme(DARK)
    assert seen.count > 0


@pytest.mark.parametrize("reach", [0.5, 12_345.0, 30_000.0, 99_000.0, 1e30, 1e38, 3e38])
def test_both_signs_are_written_at_an_axis(qtbot, reach):
    plot = PointPlot(LIGHT, x="x", y="y")
    qtbot.addWidget(plot)
    plot.resize(400, 400)
    plot.show()
    plot.box.setRange(xRange=(-reach, reach), yRange=(-reach, reach), padding=0)
    QApplication.processEvents()
    picture = QPixmap(400, 400)
    painter = QPainter(picture)
    for axis in plot.axes.values():
        _line, _ticks, labels = axis.generateDrawSpecs(painter)
        texts = [text for _place, _flags, text in labels]
        assert any(text.startswith("-") for text in texts)
        assert any(not text.startswith("-") and float(text.replace(",", "")) for text in texts)
    painter.end()


@pytest.fixture
def framed(qtbot):
    """A plot with a range, and the widget that holds it."""
    holder = QWidget()
    qtbot.addWidget(holder)
    plot = Plot(LIGHT, x="x", y="y")
    QVBoxLayout(holder).addWidget(plot)
    plot.set_smooth(True)
    plot.show_range((0.0, 10.0), (0.0, 1.0))
    holder.resize(300, 200)
    holder.show()
    holder.grab()
    return plot, holder


@pytest.mark.parametrize("smooth", [True, False])
def test_numbers_of_an_axis_fade_into_those_of_another_range(smooth, framed):
    """Only where motion is smooth; a picture that is saved meanwhile has the new ones in full."""
    plot, holder = framed
    plot.set_smooth(smooth)
    plot.show_range((0.0, 500.0), (0.0, 20.0))
    during, saved = pixels(holder.grab().toImage()), pixels(picture(holder))
    assert np.array_equal(pixels(holder.grab().toImage()), saved)
    assert np.array_equal(during, saved) is not smooth


def test_numbers_of_an_axis_do_not_fade_where_a_person_moves_it(framed):
    plot, holder = framed
    assert obey(plot.box, "axes.zoom-in")
    assert np.array_equal(pixels(holder.grab().toImage()), pixels(picture(holder)))
