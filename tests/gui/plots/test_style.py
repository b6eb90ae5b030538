"""What plots share must not be changed by one of them, and style sheets are costly: Qt applies all anew."""

from __future__ import annotations

import time

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.drawn import pixels
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPicture, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from explorer.gui.export.images import picture
from explorer.gui.plots.cached_layer import line_scale, wide_lines
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.marks.hatching import hatching
from explorer.gui.plots.point_plot import PointPlot
from explorer.gui.plots.ranges import obey
from explorer.gui.plots.style import Plot, color, pen
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


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("scale", [1.25, 1.5, 2.0])
def test_hatching_is_unbroken_at_any_scale_of_the_screen(scale):
    """At 1.5 the lines were made of dashes: a tile for one pixel was enlarged."""
    side = round(80 * scale)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(scale, scale)
    with wide_lines(scale):
        painter.fillRect(QRectF(0, 0, 80, 80), hatching(RED, BLUE))
    painter.end()
    for start in range(side // 2):  # down a diagonal, along which every line has one colour
        along = [image.pixelColor(start + step, side - 1 - step).red() for step in range(side // 2)]
        assert max(along) - min(along) < 12


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


@pytest.mark.parametrize("reach", [0.01, 0.08, 0.5, 12_345.0, 30_000.0, 99_000.0, 1e30, 1e38, 3e38])
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
        assert any(text.startswith("−") for text in texts)
        numbers = [float(text.replace(",", "").replace("−", "-")) for text in texts]
        assert [text for text, number in zip(texts, numbers, strict=True) if number == 0] == ["0"]
        assert max(numbers) > 0
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
def test_numbers_of_another_range_appear_gradually(smooth, framed):
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


def test_a_plot_makes_room_for_its_numbers_and_moves_sideways_no_more(framed):
    """Also where a person zooms; with another meaning or look of the axis it begins anew."""
    plot, _holder = framed
    widths = []
    for top in (1.0, 2_500.0, 1.0):
        plot.box.setRange(yRange=(-top, top), padding=0)
        QApplication.processEvents()
        widths.append(plot.axes["left"].width())
    assert widths[0] < widths[1] == widths[2]
    plot.apply_theme(DARK)
    QApplication.processEvents()
    assert plot.axes["left"].width() == widths[0]


def test_numbers_of_an_axis_are_not_written_over_each_other(framed):
    plot, holder = framed
    plot.axes["left"].setTicks([[(height, text) for height, text in ((0.1, "1"), (0.12, "2"), (0.8, "50"))]])
    recorded = QPicture()
    painter = QPainter(recorded)
    _axis, _ticks, texts = plot.axes["left"].generateDrawSpecs(painter)
    painter.end()
    assert holder.isVisible()
    assert sorted(text for _room, _flags, text in texts) == ["1", "50"]


def ink_of_a_line(scale, style=Qt.PenStyle.SolidLine, slope=0.0):
    """Return the darkness of each row of an image with a curve across it."""
    image = QPixmap(round(100 * scale), round((20 + 100 * slope) * scale)).toImage()
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    with wide_lines(scale):
        draw_curve(painter, QPolygonF([QPointF(0, 10), QPointF(100, 10 + 100 * slope)]), (0, 0, 0), style)
    painter.end()
    return (255 - pixels(image).astype(float).mean(axis=(1, 2))) / 255


@pytest.mark.parametrize("style", [Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine])
@pytest.mark.parametrize("scale", [1.5, 2.0, 4.0])
def test_a_curve_is_one_line_as_wide_on_a_screen_of_any_resolution(scale, style, qapp):
    assert qapp is QApplication.instance()
    rows, usual = ink_of_a_line(scale, style), ink_of_a_line(1.0, style)
    assert rows.sum() / scale == pytest.approx(usual.sum(), rel=0.2)
    inked = np.flatnonzero(rows > 0.2 * rows.max())
    assert np.all(rows[inked[0] : inked[-1]] > 0.2 * rows.max()), "there is a gap in the middle"


def test_no_direction_of_a_curve_is_thin_on_a_fine_screen(qapp):
    assert qapp is QApplication.instance()
    inks = [ink_of_a_line(2.0, slope=slope).sum() / np.hypot(1.0, slope) for slope in (0.0, 1.0, 2.0)]
    assert min(inks) > 0.95 * max(inks)


def drawn_curve(scale, line, style=Qt.PenStyle.SolidLine):
    """Return an image of 500 × 300 logical pixels with a curve, and seconds of the processor for it."""
    image = QImage(round(500 * scale), round(300 * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    start = time.thread_time()
    with wide_lines(scale):
        draw_curve(painter, line, (0, 0, 0), style)
    seconds = time.thread_time() - start
    painter.end()
    return image, seconds


def test_a_noisy_curve_takes_hardly_longer_than_its_pixels_on_a_fine_screen(qapp):
    """In the thread of the window, at every repaint: it took ten times as long for four times the pixels."""
    assert qapp is QApplication.instance()
    heights = np.random.default_rng(0).normal(150, 30, 1000)
    line = QPolygonF([QPointF(x / 2, y) for x, y in enumerate(heights.tolist())])
    times = np.array([[drawn_curve(scale, line)[1] for scale in (1.0, 2.0)] for _ in range(9)])
    usual, fine = times.min(axis=0)
    assert fine < 4 * usual


@pytest.mark.parametrize("reach", [1.0, 1e6])
def test_a_dashed_curve_of_short_lines_has_its_gaps_on_a_fine_screen(reach, qapp):
    """Even where it goes far beyond the plot, and Qt has to leave out what is not seen."""
    assert qapp is QApplication.instance()
    across = np.concatenate([np.linspace(20, 480, 200), [480 + reach]])
    image, _seconds = drawn_curve(
        2.0, QPolygonF([QPointF(x, 150) for x in across.tolist()]), Qt.PenStyle.DashLine
    )
    dark = pixels(image)[300, 60:900, 0] < 128
    assert 0.55 < dark.mean() < 0.75
    assert np.count_nonzero(np.diff(dark)) == pytest.approx(2 * 420 / 6, abs=4)


@pytest.mark.parametrize("fine", [False, True])
def test_lines_are_as_wide_as_the_screen_needs_them_that_a_plot_is_on(fine, monkeypatch, framed):
    """With two screens Qt gives the ratio of the finest as that of the program. Pictures have their own."""
    plot, holder = framed
    seen, draws_specs = [], plot.axes["left"].generateDrawSpecs
    monkeypatch.setattr(QApplication, "devicePixelRatio", lambda _self: 2.0)
    if fine:
        monkeypatch.setattr(Plot, "devicePixelRatioF", lambda _self: 2.0)

    def watched(painter):
        axis, ticks, texts = draws_specs(painter)
        seen.append((pen(RED, 1.5).widthF(), axis[0].widthF(), ticks[0][0].widthF()))
        return axis, ticks, texts

    monkeypatch.setattr(plot.axes["left"], "generateDrawSpecs", watched)
    place, screen = plot.box.geometry(), 2.0 if fine else 1.0
    plot.box.setRange(xRange=(0, 5), yRange=(0, 5), padding=0)
    holder.grab()
    picture(holder, 3.0)
    holder.grab()
    assert seen == [(1.5 * scale, scale, scale) for scale in (screen, 3.0, screen)]
    assert plot.box.geometry() == place
    assert line_scale() == 1.0


def test_a_title_longer_than_its_axis_is_smaller_and_whole(qtbot):
    plot = Plot(LIGHT, x="angle", y="directions in the plane of both weights")
    qtbot.addWidget(plot)
    plot.show()
    for height in (600, 240):
        plot.resize(300, height)
        label, axis = plot.axes["left"].label, plot.axes["left"]
        drawn = axis.mapRectFromItem(label, label.boundingRect())
        assert drawn.top() >= -1
        assert drawn.bottom() <= axis.height() + 1
    assert label.scale() < 1
