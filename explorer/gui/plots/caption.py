"""Caption: a line of text above a plot, in as many words as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from explorer.gui.faults import guarded
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme

_MARGIN = 10
_GAP = 16


class Caption(QWidget):
    """Shows a text on the left, its first variant that fits, and one on the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.left: tuple[str, ...] = ("",)
        self.right: tuple[str, ...] = ("",)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_texts(self, theme: Theme, left: tuple[str, ...], right: tuple[str, ...]) -> None:
        """Show variants of two texts, the longest first."""
        if (theme, left, right) != (self.theme, self.left, self.right):
            self.theme, self.left, self.right = theme, left, right
            self.setAccessibleName(f"{left[0]}  {right[0]}")
            self.update()

    def sizeHint(self) -> QSize:
        """Return a line's height."""
        return QSize(100, round(QFontMetricsF(scaled_font(self.font(), SMALL_TYPE)).height()) + 8)

    def minimumSizeHint(self) -> QSize:
        """Return a line's height, whatever the width."""
        return QSize(0, self.sizeHint().height())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the texts."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self.theme.plot))
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        metrics = QFontMetricsF(painter.font())
        room = QRectF(self.rect()).adjusted(_MARGIN, 4, -_MARGIN, 0)
        pairs = [(left, right) for right in self.right for left in self.left]
        left, right = next(
            (pair for pair in pairs if sum(map(metrics.horizontalAdvance, pair)) + _GAP <= room.width()),
            pairs[-1],
        )
        left_room = room.width() - metrics.horizontalAdvance(right) - _GAP
        painter.setPen(pen(self.theme.muted))
        centred = Qt.AlignmentFlag.AlignVCenter
        elided = metrics.elidedText(left, Qt.TextElideMode.ElideRight, max(0.0, left_room))
        painter.drawText(room, centred | Qt.AlignmentFlag.AlignLeft, elided)
        painter.drawText(room, centred | Qt.AlignmentFlag.AlignRight, right)
