"""SphereNote: what the sphere is and what its patterns mean, in words below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.space.camera import FILL, Camera

_EDGE = 10
"""Pixels to the left and to the right of the words."""
_HOW = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom) | int(Qt.TextFlag.TextWordWrap)


class SphereNote:
    """Words at the lower edge of a canvas, wrapped where it is narrow; the picture makes room for them."""

    def __init__(self) -> None:
        self._text, self._font, self._place = "", QFont(), QRectF()
        self._room = 0.0

    def show_text(self, text: str, font: QFont, size: QSizeF) -> bool:
        """Place a text in a canvas of this size; return whether the picture above has another place."""
        self._text, self._font = text, scaled_font(font, SMALL_TYPE)
        metrics = QFontMetricsF(self._font)
        gap = 0.4 * metrics.height()  # above the words, which would cover the badge of a class, and below
        area = QRectF(_EDGE, 0, size.width() - 2 * _EDGE, size.height() - gap)
        self._place = metrics.boundingRect(area, _HOW, text) if text else QRectF()
        free = size.height() / 2 - FILL * min(size.width(), size.height())  # below an unzoomed sphere
        before = self._room
        self._room = max(0.0, size.height() - self._place.top() + gap - free) if text else 0.0
        return self._room != before

    def above(self, camera: Camera, size: QSizeF) -> Camera:
        """Return the camera with its picture above the text."""
        return camera.above(self._room, size.width(), size.height())

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Write the text, on a ground of its own where the picture is zoomed."""
        if self._text:
            painter.setFont(self._font)
            painter.fillRect(self._place.adjusted(-2, 0, 2, 0), color(theme.plot, 190))
            painter.setPen(pen(theme.muted))
            painter.drawText(self._place, _HOW, self._text)
