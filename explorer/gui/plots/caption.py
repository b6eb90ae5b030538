"""Caption: a line of text above a plot, in the longest wording that fits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from explorer.core.texts import _
from explorer.gui.faults import guarded
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped

_MARGIN = 10
_GAP = 16
_BETWEEN = "  ·  "
"""What stands between the parts of a text."""


def step_text(step: int) -> str:
    """Return the number of a step in words, as captions end with it."""
    return _("step {step:,}").format(step=step)


class Caption(QWidget):
    """Shows one text on the left and one on the right, each in its longest wording that fits."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.left: tuple[str, ...] = ("",)
        self.right: tuple[str, ...] = ("",)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_texts(self, theme: Theme, left: tuple[str, ...], right: tuple[str, ...]) -> None:
        """Show two texts, each given as alternative wordings with the longest first."""
        if (theme, left, right) != (self.theme, self.left, self.right):
            self.theme, self.left, self.right = theme, left, right
            self.setAccessibleName(f"{left[0]}  {right[0]}")
            self.update()

    def event(self, event: QEvent) -> bool:
        """Tell both texts whole; they are wrapped only when asked for, since they change with every frame."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(wrapped(f"{self.left[0]}\n{self.right[0]}".strip()))
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Return the height of one line."""
        return QSize(100, round(QFontMetricsF(scaled_font(self.font(), SMALL_TYPE)).height()) + 8)

    def minimumSizeHint(self) -> QSize:
        """Return the height of one line and no width: the text is elided."""
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
        left, right = _shortened(left, right, room.width(), metrics)
        painter.setPen(pen(self.theme.muted))
        centred = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, centred | Qt.AlignmentFlag.AlignLeft, left)
        painter.drawText(room, centred | Qt.AlignmentFlag.AlignRight, right)


def _shortened(left: str, right: str, room: float, metrics: QFontMetricsF) -> tuple[str, str]:
    """Return what fits: first parts of the left text beside the right one, or alone, else the right one."""
    parts = left.split(_BETWEEN)
    whole = [_BETWEEN.join(parts[:count]) for count in range(len(parts), 0, -1)]
    for end, gap in ((right, _GAP), ("", 0)):
        rest = room - metrics.horizontalAdvance(end) - gap
        for text in whole:
            if metrics.horizontalAdvance(text) <= rest:
                return text, end
    if metrics.horizontalAdvance(right) <= room:
        return "", right
    elided = metrics.elidedText(left, Qt.TextElideMode.ElideRight, max(0.0, room))
    return (elided, "") if len(elided) > 1 else ("", "")
