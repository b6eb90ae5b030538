"""CurvePlot: curves over a common X axis, with a key."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.raster.thinning import thin
from explorer.gui.faults import guarded_item
from explorer.gui.plots.cached_layer import draw_segments, line_scale
from explorer.gui.plots.ranges import may_narrow
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, Plot, color, pen, scaled_font
from explorer.gui.theme.theme import Rgb, Theme, mix

MOST_POINTS = 1_000
_CURVE_WIDTH, _SHIFT = 1.7, 0.35
"""Width of a curve in logical pixels, and how far from its middle two lines of one pixel are."""
_LONGEST = 200_000.0
"""Pixels of a curve that is cut into dashes here."""
_SWATCH, _GAP, _PADDING = 26.0, 6.0, 5.0
_ROOM_OF_KEY = QMarginsF(2 * _PADDING, 2 * _PADDING, 2 * _PADDING, 2 * _PADDING)


def draw_curve(
    painter: QPainter, line: QPolygonF, rgb: Rgb, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    """Draw a polyline about two logical pixels wide.

    Qt's raster engine takes 50 to 150 ms for a wide polyline of 1,000 noisy points. On a usual screen it is
    two of one pixel side by side, for 0.8 ms; on a finer one separate wide lines, for 2 ms at a ratio of 2.
    """
    if line_scale() <= 1:
        painter.setPen(pen(rgb, 1.0, style))
        for shift in (-_SHIFT, _SHIFT):
            painter.drawPolyline(line.translated(0.5 * shift, shift))
        return
    points: NDArray[np.float64] = pg.functions.ndarray_from_qpolygonf(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    wide = pen(rgb, _CURVE_WIDTH)
    if style == Qt.PenStyle.SolidLine:
        wide.setCapStyle(Qt.PenCapStyle.SquareCap)  # closes the outer side of a bend
        segments = np.hstack([points[:-1], points[1:]])
    elif along[-1] <= _LONGEST:
        segments = _dashes(points, along, pen(rgb, 1.0, style).dashPattern())
    else:  # most of it is outside: Qt passes over that
        wide = pen(rgb, _CURVE_WIDTH, style)
        wide.setDashPattern([length / _CURVE_WIDTH for length in wide.dashPattern()])
        painter.setPen(wide)
        painter.drawPolyline(line)
        return
    painter.setPen(wide)
    draw_segments(painter, segments)


def _dashes(
    points: NDArray[np.float64], along: NDArray[np.float64], pattern: Sequence[float]
) -> NDArray[np.float64]:
    """Return the segments (m, 4) that a pattern of dashes leaves of a polyline.

    Qt begins the pattern anew with each of several lines: a curve of short ones would have no gaps.

    Parameters
    ----------
    points : ndarray
        The polyline (n, 2).
    along : ndarray
        Its length up to each point (n,).
    pattern : sequence of float
        Lengths of a dash, a gap, a dash ….
    """
    ends = np.cumsum(pattern)
    cuts = np.add.outer(np.arange(math.ceil(along[-1] / ends[-1])) * ends[-1], ends).ravel()
    stops = np.sort(np.concatenate([along, cuts[cuts < along[-1]]]))
    places = np.column_stack([np.interp(stops, along, column) for column in points.T])
    drawn = np.searchsorted(cuts, (stops[:-1] + stops[1:]) / 2) % len(pattern) % 2 == 0
    segments: NDArray[np.float64] = np.hstack([places[:-1], places[1:]])[drawn]
    return segments


class Curve(Struct, frozen=True, eq=False):
    """One curve: positions ``steps`` and ``values`` (n,), NaN for none; its label, colour and stroke."""

    steps: NDArray[np.float64]
    values: NDArray[np.float64]
    text: str
    rgb: Rgb
    stroke: Qt.PenStyle


class CurvePlot(Plot):
    """Curves over a common X axis; a drag pans and the wheel zooms along it, a double click resets."""

    def __init__(self, theme: Theme, *, x: str, y: str) -> None:
        super().__init__(theme, x=x, y=y)
        self.curves: list[Curve] = []
        self.keyed = True
        self._range: tuple[float, ...] = ()
        self._moved_by_hand = False
        self.box.setMouseEnabled(x=True, y=False)
        self.box.disableAutoRange()
        self.box.sigRangeChangedManually.connect(self._on_range_changed_manually)
        self.curves_item = CurvesItem(self)

    def show_curves(
        self,
        curves: list[Curve],
        theme: Theme,
        steps: tuple[float, float],
        values: tuple[float, float],
    ) -> None:
        """Show curves; ``steps`` and ``values`` are the axis limits until they are changed by hand."""
        self.curves = curves
        if theme is not self.theme:
            self.apply_theme(theme)
        if self._range and not may_narrow():
            values = min(values[0], self._range[2]), max(values[1], self._range[3])
        if not self._moved_by_hand and self._range != (*steps, *values):
            self._range = (*steps, *values)
            self.show_range(steps, values)
        self.update_items()

    def reset_view(self) -> None:
        """Use the limits of the next curves."""
        self._moved_by_hand, self._range = False, ()

    def key_size(self, curves: list[Curve]) -> QSizeF:
        """Return the room that a key of curves takes, with what keeps it from the edges of the plot."""
        metrics = QFontMetricsF(scaled_font(self.font(), SMALL_TYPE))
        text = max((metrics.horizontalAdvance(curve.text) for curve in curves), default=0)
        return QSizeF(_SWATCH + _GAP + text, metrics.height() * len(curves)).grownBy(_ROOM_OF_KEY)

    def key_right(self, area: QRectF) -> float:
        """Return the pixel in the area of the curves at which the room of the key ends."""
        return area.right()

    def key_room(self, area: QRectF) -> QRectF:
        """Return the room of the key in the area of the curves: at the top, up to `key_right`."""
        room = QRectF(area.topLeft(), self.key_size(self.curves))
        room.moveRight(self.key_right(area))
        return room

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset the limits."""
        super().mouseDoubleClickEvent(event)
        self._moved_by_hand = False
        if self._range:
            left, right, bottom, top = self._range
            self.show_range((left, right), (bottom, top))

    def _on_range_changed_manually(self) -> None:
        self._moved_by_hand = True


class CurvesItem(PixelItem):
    """Paints the curves of a `CurvePlot` and their key."""

    def __init__(self, plot: CurvePlot) -> None:
        super().__init__(plot, z=0)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the last curve first, so that the first is on top."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for curve in reversed(self.plot.curves):
            line = self.line(curve)
            draw_curve(painter, line, curve.rgb, curve.stroke)
            if line.size() == 1:
                painter.setBrush(color(curve.rgb))
                painter.drawEllipse(line.first(), 2.5, 2.5)
        if self.plot.keyed:
            self._paint_key(painter)

    def line(self, curve: Curve) -> QPolygonF:
        """Return the visible part of a curve in pixels, thinned to the resolution."""
        known = np.isfinite(curve.values)
        steps, values = curve.steps[known], curve.values[known]
        view = self.plot.visible()
        start = max(0, int(np.searchsorted(steps, view.left)) - 1)
        end = int(np.searchsorted(steps, view.right)) + 1
        steps, values = steps[start:end], values[start:end]
        if not len(values):
            return QPolygonF()
        chosen = thin(values, MOST_POINTS)
        across, right, up, down = self.scale_and_shift()
        line: QPolygonF = pg.functions.arrayToQPolygonF(
            steps[chosen] * across + right, values[chosen] * up + down
        )
        return line

    def _paint_key(self, painter: QPainter) -> None:
        curves, theme = self.plot.curves, self.plot.theme
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        line = QFontMetricsF(painter.font()).height()
        key = self.plot.key_room(self.boundingRect()).adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        painter.fillRect(key, color(theme.plot, 215))
        for i, curve in enumerate(curves):
            row = QRectF(key.left() + _PADDING, key.top() + _PADDING + i * line, key.width(), line)
            middle = row.center().y()
            swatch = QPolygonF([QPointF(row.left(), middle), QPointF(row.left() + _SWATCH, middle)])
            draw_curve(painter, swatch, curve.rgb, curve.stroke)
            painter.setPen(pen(mix(curve.rgb, theme.text, 0.35)))
            painter.drawText(row.adjusted(_SWATCH + _GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, curve.text)
