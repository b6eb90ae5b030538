"""AngleSpan: a range of angles, moved with the keyboard, whose images can be selected."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.style import PixelItem, Plot, color, pen

_CHANGES = {
    "histogram.left": (-1.0, -1.0),
    "histogram.right": (1.0, 1.0),
    "histogram.wider": (0.0, 1.0),
    "histogram.narrower": (0.0, -1.0),
}
"""Degrees that a command adds to the lower and the upper end."""
_FIRST = (0.0, 5.0)


class AngleSpan(PixelItem):
    """Two lines with a tinted area between them, hidden until a key moves it; ``ends`` are in degrees."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=20)
        self.plot = plot
        self.ends = _FIRST
        self.hide()

    def apply(self, command: str, limit: float) -> bool:
        """Move, widen or narrow the range by 1°, and return whether the command is one of these."""
        change = _CHANGES.get(command)
        if change is None:
            return False
        low, high = self.ends
        if self.isVisible():
            low, high = low + change[0], high + change[1]
        if 0 <= low < high <= max(limit, self.ends[1]):  # the axis may have become shorter
            self.ends = low, high
        self.show()
        self.update()
        return True

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the range and its limits in words."""
        across, right, _up, _down = self.scale_and_shift()
        area, theme = self.boundingRect(), self.plot.theme
        left, end = (at * across + right for at in self.ends)
        painter.fillRect(QRectF(left, area.top(), end - left, area.height()), color(theme.accent, 36))
        painter.setPen(pen(theme.accent, 1.4, Qt.PenStyle.DashLine))
        for x in (left, end):
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        text = _("{low:g}° to {high:g}° · Enter selects").format(low=self.ends[0], high=self.ends[1])
        width = painter.fontMetrics().horizontalAdvance(text) + 10
        height = painter.fontMetrics().height() + 4
        x = min(max(area.left(), left), max(area.left(), area.right() - width))
        place = QRectF(x, area.center().y(), width, height)
        painter.fillRect(place, color(theme.plot))
        painter.setPen(pen(theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
