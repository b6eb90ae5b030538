"""CurvePainter: paints the panels of the Curves view."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPolygonF

from explorer.analysis.raster.ticks import decade_texts, decade_ticks, round_ticks, tick_texts
from explorer.core.texts import _
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.curves.content import Curve, CurveContent, PanelContent, Values, value_text
from explorer.gui.views.curves.layout import (
    EDGE,
    GAP,
    SWATCH,
    TICK,
    TICK_GAP,
    CurveLayout,
    PanelLayout,
    apart,
)
from explorer.gui.views.curves.reading import Reading

_LABEL_GAP = 8.0
_FIGURE = 0.6
"""Part of the height of a line that figures have."""
_BEYOND = 60.0
"""Pixels by which a long value may extend beyond its rectangle."""
_CENTER = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _CENTER | Qt.AlignmentFlag.AlignRight
_MIDDLE = Qt.AlignmentFlag.AlignCenter


class CurvePainter:
    """Paints a `CurveContent` in its layout, with the values of a `Reading`."""

    def __init__(
        self, painter: QPainter, font: QFont, theme: Theme, content: CurveContent, layout: CurveLayout
    ) -> None:
        self.painter = painter
        self.font = font
        self.theme = theme
        self.content = content
        self.layout = layout
        self.metrics = QFontMetricsF(font)

    def paint(self, reading: Reading) -> None:
        """Paint everything."""
        self.painter.setFont(self.font)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for panel, place, values in zip(self.content.panels, self.layout.panels, reading.values, strict=True):
            self._paint_header(panel, place, values)
            self._paint_axes(panel, place.area)
            self._paint_curves(panel, place, values, reading.x)
        self._paint_strip(reading)
        self._paint_axis()

    def across(self, x: float) -> float:
        """Return the X coordinate in pixels of a position on the axis."""
        left, right = self.content.span
        area = self.layout.strip
        return area.left() + (x - left) / (right - left) * area.width()

    def _paint_header(self, panel: PanelContent, place: PanelLayout, values: Sequence[float]) -> None:
        painter, theme = self.painter, self.theme
        painter.setPen(pen(theme.muted))
        title = QRectF(place.header.topLeft(), place.header.size())
        title.setHeight(self.metrics.height())
        painter.drawText(title, _CENTER, _(panel.panel.title))
        for curve, key, value in zip(panel.curves, place.keys, values, strict=True):
            swatch = QPolygonF([QPointF(key.left() + at, key.center().y()) for at in (0.0, SWATCH)])
            draw_curve(painter, swatch, curve.rgb, curve.stroke)
            painter.setPen(pen(mix(curve.rgb, theme.text, 0.35)))
            text = f"{curve.label} {value_text(panel.panel, value)}".strip()
            painter.drawText(key.adjusted(SWATCH + GAP, 0, _BEYOND, 0), _CENTER, text)
        if panel.note:
            painter.setPen(pen(theme.muted))
            painter.drawText(place.note, _CENTER if panel.curves else _MIDDLE, panel.note)

    def _paint_axes(self, panel: PanelContent, area: QRectF) -> None:
        painter, theme = self.painter, self.theme
        low, high = panel.limits
        most = max(2, int(area.height() / (1.5 * self.metrics.height())))
        if panel.logarithmic:
            ticks = decade_ticks(low, high, most)
            texts = decade_texts(ticks)
        else:
            ticks = round_ticks(low, min(high, panel.panel.greatest), most)
            texts = tick_texts(ticks, brief=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen(theme.line))
        painter.drawLines(
            [QLineF(area.topLeft(), area.bottomLeft()), QLineF(area.bottomLeft(), area.bottomRight())]
        )
        heights = [area.bottom() - (tick - low) / (high - low) * area.height() for tick in ticks]
        painter.drawLines([QLineF(area.left() - TICK, y, area.left(), y) for y in heights])
        painter.setPen(pen(theme.muted))
        half = self.metrics.height() / 2
        lowest = area.bottom() + 2 - 2 * half  # clear of what is beyond
        tops = [max(area.top() - 2, min(y - half, lowest)) for y in heights]
        for at in apart(tops, _FIGURE * 2 * half):
            top, text = tops[at], texts[at]
            painter.drawText(QRectF(0, top, area.left() - TICK - TICK_GAP, 2 * half), _RIGHT, text)
        painter.setPen(pen(mix(theme.line, theme.muted, 0.6), 1.0, Qt.PenStyle.DashLine))
        painter.drawLines(
            [
                QLineF(x, area.top(), x, area.bottom())
                for x in (self.across(at) for at, _ in self.content.marks)
                if area.left() <= x <= area.right()
            ]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_curves(
        self, panel: PanelContent, place: PanelLayout, values: Sequence[float], cursor: float | None
    ) -> None:
        painter, area = self.painter, place.area
        if area.height() < 1:
            return
        low, high = panel.limits
        painter.save()
        painter.setClipRect(area.adjusted(0, -1, 1, 1))
        scale = area.height() / (high - low)
        x = self.across(0.0) + self.content.x * (self.across(1.0) - self.across(0.0))
        for curve in (*panel.past, *reversed(panel.curves)):
            self._paint_curve(
                curve,
                x,
                area.bottom() - (curve.low - low) * scale,
                area.bottom() - (curve.high - low) * scale,
            )
        if cursor is not None:
            self._paint_cursor(panel, area, values, self.across(cursor))
        painter.restore()

    def _paint_curve(self, curve: Curve, x: Values, low: Values, high: Values) -> None:
        """Draw a curve in pixels, as segments between its gaps; a segment of one sample is a dot."""
        known = np.isfinite(low)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
        varied = not np.array_equal(low[known], high[known])
        for start, end in edges.reshape(-1, 2).tolist():
            if end - start == 1 and low[start] == high[start]:
                self.painter.setPen(Qt.PenStyle.NoPen)
                self.painter.setBrush(color(curve.rgb))
                self.painter.drawEllipse(QPointF(x[start], low[start]), 2.5, 2.5)
                continue
            at, up = x[start:end], low[start:end]
            if varied:
                at, up = _zigzag(at, up, high[start:end])
            line: QPolygonF = pg.functions.arrayToQPolygonF(at, up)
            draw_curve(self.painter, line, curve.rgb, curve.stroke)

    def _paint_cursor(self, panel: PanelContent, area: QRectF, values: Sequence[float], x: float) -> None:
        painter, theme = self.painter, self.theme
        painter.setPen(pen(theme.text, 1.0, Qt.PenStyle.SolidLine, 140))
        painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
        low, high = panel.limits
        for curve, value in zip(panel.curves, values, strict=True):
            if not math.isfinite(value) or (panel.logarithmic and value <= 0):
                continue
            level = math.log10(value) if panel.logarithmic else value
            y = area.bottom() - (level - low) / (high - low) * area.height()
            painter.setPen(pen(theme.plot))
            painter.setBrush(color(curve.rgb))
            painter.drawEllipse(QPointF(x, y), 3.5, 3.5)

    def _paint_strip(self, reading: Reading) -> None:
        """Write the changes at the cursor in full, or each at its mark in the longest wording that fits."""
        painter, strip, theme = self.painter, self.layout.strip, self.theme
        if not strip.height():
            return
        if reading.x is not None and reading.changes:
            painter.setPen(pen(theme.text))
            room = QRectF(EDGE, strip.top(), strip.right() - EDGE, strip.height())
            text = _fitting(room.width(), reading.changes, self._width) or reading.changes[-1]
            elided = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _CENTER, elided)
            return
        painter.setPen(pen(theme.muted))
        marks = [(self.across(at), texts) for at, texts in self.content.marks]
        marks = [(x, texts) for x, texts in marks if strip.left() <= x <= strip.right()]
        if not marks:
            return
        ends = [x for x, _texts in marks[1:]] + [strip.right()]
        rooms = [
            QRectF(x + 4, strip.top(), end - x - 4 - _LABEL_GAP, strip.height())
            for (x, _texts), end in zip(marks, ends, strict=True)
        ]
        fitting = words_of_marks(
            [texts for _x, texts in marks], [room.width() for room in rooms], self._width
        )
        for (x, _texts), room, text in zip(marks, rooms, fitting, strict=True):
            painter.drawLine(QLineF(x, strip.top() + 2, x, strip.bottom()))
            painter.drawText(room, _CENTER, text)

    def _width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def _paint_axis(self) -> None:
        """Write the title of the X axis, and its tick labels at the right of it."""
        painter, axis, strip = self.painter, self.layout.axis, self.layout.strip
        left, right = self.content.span
        widest = self.metrics.horizontalAdvance(f"{right:,.0f}") + 24
        most = max(2, int(strip.width() / max(widest, 44.0)))
        ticks = round_ticks(left, right, most, self.content.least_tick)
        painter.setPen(pen(self.theme.muted))
        title = self.metrics.horizontalAdvance(self.content.axis_title) + 8
        painter.drawText(QRectF(EDGE, axis.top(), title, axis.height()), _CENTER, self.content.axis_title)
        for tick, text in zip(ticks.tolist(), tick_texts(ticks), strict=True):
            x, half = self.across(tick), self.metrics.horizontalAdvance(text) / 2
            at = min(x, axis.right() - half - 2)
            if at - half > title + 4:
                painter.drawText(QRectF(at - half, axis.top(), 2 * half, axis.height()), _MIDDLE, text)
        painter.setPen(pen(self.theme.line))
        for tick in ticks.tolist():
            x = self.across(tick)
            painter.drawLine(QLineF(x, axis.top() - 4, x, axis.top() - 1))


def words_of_marks(
    wordings: Sequence[Sequence[str]], rooms: Sequence[float], width: Callable[[str], float]
) -> list[str]:
    """Return what is written at each mark, of its ``wordings``, the longest first; empty where none fits.

    Either all marks have the longest wording or none: one setting would else go by two names.
    """
    whole = all(width(texts[0]) <= room for texts, room in zip(wordings, rooms, strict=True))
    return [
        _fitting(room, texts if whole else texts[1:] or texts, width)
        for texts, room in zip(wordings, rooms, strict=True)
    ]


def _fitting(room: float, texts: Sequence[str], width: Callable[[str], float]) -> str:
    """Return the first text that fits, an empty one if none does."""
    return next((text for text in texts if width(text) <= room), "")


def _zigzag(x: Values, first: Values, second: Values) -> tuple[Values, Values]:
    """Return a line (2k,) through both extremes of each part (k,), in the order that follows the curve."""
    going = np.diff(first + second, append=first[-1] + second[-1])
    rising = (second >= first) == (going >= 0)
    pairs = np.stack([np.where(rising, first, second), np.where(rising, second, first)], axis=1)
    half = np.diff(x, append=x[-1]) / 2
    return np.stack([x, x + half], axis=1).ravel(), pairs.ravel()
