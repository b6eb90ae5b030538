"""NumberAxis: an axis whose numbers fit beside it, and fade in with another range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QVariantAnimation
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from explorer.analysis.raster.ticks import tick_texts
from explorer.gui.faults import guarded_item
from explorer.gui.plots.cached_layer import line_scale

_TITLE_SHARE = 0.8
"""Part of the height of its title that pyqtgraph gives it beside the numbers."""
_LEAST_TITLE = 0.6
"""Part of its size at which a title that is longer than its axis is still legible."""
_SPARE = 0.25
"""Part of the height of a number above and below its figures."""
FADE_MS, _FADED = 150, 0.25
"""How long the numbers of another range take to appear, and how opaque they are at first."""


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis whose numbers fit beside it, with a separator in thousands: pyqtgraph leaves out "-5e+37"."""

    _settled = False
    _painted_scale = 1.0
    _needed = 0.0

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self._fade = QVariantAnimation(self, duration=FADE_MS, startValue=_FADED, endValue=1.0)
        # Not `update` itself, which would get the opacity, and takes nothing but a rectangle.
        self._fade.valueChanged.connect(lambda: self.update())

    def apply_look(self, line: QPen, text: QPen, numbers: QFont, title: QFont, label: str) -> None:
        """Use these pens and fonts, and this label; laid out once; pyqtgraph would do so for each of them."""
        self._settled, self._needed = False, 0.0
        self.setPen(line)
        self.setTextPen(text)
        self.setStyle(tickFont=numbers, tickLength=-4, maxTickLevel=0, hideOverlappingLabels=True)
        self.label.setFont(title)
        self.textWidth, self.textHeight = 30, 18  # else the room for a larger font is kept
        self._settled = True
        self.setLabel(label, color=text.color().name())

    def fit_width(self, least: float) -> None:
        """Be ``least`` pixels wide, or as wide as the title and the longest number need beside each other.

        It only widens until it gets another look, so that the plot does not move sideways with its numbers.
        """
        ticks = self.tickValues(*self.range, max(self.height(), 1.0))[:1]  # the minor ones have no numbers
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        texts = (text for spacing, values in ticks for text in self.tickStrings(values, 1.0, spacing))
        longest = max(map(metrics.horizontalAdvance, texts), default=0.0)
        title = _TITLE_SHARE * self.label.boundingRect().height()
        self._needed = max(self._needed, title + longest + self.style["tickTextOffset"][0])
        width = round(max(least, self._needed))
        if width != self.width():
            self.setWidth(width)

    def forget_width(self) -> None:
        """Let the next range have the room that its numbers need, if that is less."""
        self._needed = 0.0

    def resizeEvent(self, event: QGraphicsSceneResizeEvent | None = None) -> None:
        """Place the title, smaller where it is longer than the axis: pyqtgraph would cut it."""
        super().resizeEvent(event)
        if self.label is None:  # it is closed
            return
        upright = self.orientation == "left"
        room, title = self.height() if upright else self.width(), self.label.boundingRect()
        part = min(1.0, max(_LEAST_TITLE, room / max(title.width(), 1.0)))
        self.label.setScale(part)
        if part < 1:
            start = (room + (part if upright else -part) * title.width()) / 2
            across = (1 - part) * title.height() / 2
            at = self.label.pos()
            self.label.setPos(QPointF(at.x() + across, start) if upright else QPointF(start, at.y() + across))

    def fade_in(self) -> None:
        """Let the numbers of a new range appear; those before would be wrong beside what is shown now."""
        if self._fade.state() == QVariantAnimation.State.Stopped:
            self._fade.start()

    def finish_fading(self) -> None:
        """Show the numbers in full."""
        if isValid(self._fade) and self._fade.state() == QVariantAnimation.State.Running:
            self._fade.stop()
            self.update()

    @guarded_item
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the axis, fainter while it appears."""
        if self._painted_scale != line_scale():
            self._painted_scale, self.picture = line_scale(), None
        if self._fade.state() == QVariantAnimation.State.Running:
            painter.setOpacity(self._fade.currentValue())
        super().paint(painter, option, widget)

    def pen(self) -> QPen:
        """Return the pen of lines: one logical pixel wide on the screen or the image that is painted now."""
        line: QPen = super().pen()
        line.setWidthF(line_scale())
        return line

    def generateDrawSpecs(self, painter: QPainter) -> tuple[Any, list[Any], list[Any]] | None:
        """Return what pyqtgraph draws, without numbers that would be written over others."""
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        axis, ticks, texts = specs
        kept: list[tuple[QRectF, Any, str]] = []
        for room, flags, text in texts:
            spare = _SPARE * room.height()
            figures = room.adjusted(0, spare, 0, -spare)
            if not any(figures.intersects(other) for other, *_rest in kept):
                kept.append((room, flags, text))
        return axis, ticks, kept

    def tickStrings(self, values: Sequence[float], scale: float, _spacing: float) -> list[str]:
        """Return the labels of ticks; 0 without decimals, as it is often beside the name of the axis."""
        texts = tick_texts(np.asarray(values, dtype=np.float64) * scale, brief=True)
        return [text if text.strip("−0.") else "0" for text in texts]

    def _updateLabel(self) -> None:
        if self._settled:
            super()._updateLabel()
            self.resizeEvent()  # pyqtgraph leaves it where the title before was
