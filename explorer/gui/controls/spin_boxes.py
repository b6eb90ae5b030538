"""Fields of dialogs for a number with a unit, in the look of the panels' fields."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QStyle, QStyleOptionSpinBox, QWidget

from explorer.gui.faults import guarded
from explorer.gui.theme.icon_shapes import IconName
from explorer.gui.theme.icons import draw_icon

_TEXT_MARGIN = 4
"""Pixels at the left of the text, which then begins where that of a list does."""
_ARROW_SHARE = 0.6
"""Side of an arrow over the height of a line of text."""


class SpinBox(QSpinBox):
    """Field for a whole number; keywords are those of `QSpinBox`."""

    def __init__(self, parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(parent, **properties)
        self.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrows: a style sheet could take them only from files."""
        super().paintEvent(event)
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        _draw_arrows(self, option)


class DecimalSpinBox(QDoubleSpinBox):
    """Field for a number with decimals; keywords are those of `QDoubleSpinBox`."""

    def __init__(self, parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(parent, **properties)
        self.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrows: a style sheet could take them only from files."""
        super().paintEvent(event)
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        _draw_arrows(self, option)


def _draw_arrows(box: QAbstractSpinBox, option: QStyleOptionSpinBox) -> None:
    """Draw an arrow in each button, faint where there is no further step."""
    control, enabled = QStyle.ComplexControl.CC_SpinBox, QAbstractSpinBox.StepEnabledFlag
    arrows: tuple[tuple[IconName, QStyle.SubControl, QAbstractSpinBox.StepEnabledFlag], ...] = (
        ("up", QStyle.SubControl.SC_SpinBoxUp, enabled.StepUpEnabled),
        ("down", QStyle.SubControl.SC_SpinBoxDown, enabled.StepDownEnabled),
    )
    painter = QPainter(box)
    for name, part, flag in arrows:
        can_step = box.isEnabled() and bool(option.stepEnabled & flag)
        group = QPalette.ColorGroup.Normal if can_step else QPalette.ColorGroup.Disabled
        button = QRectF(box.style().subControlRect(control, option, part, box))
        side = _ARROW_SHARE * box.fontMetrics().height()
        corner = button.center() - QPointF(side, side) / 2
        rgb = box.palette().color(group, QPalette.ColorRole.Text)
        draw_icon(painter, name, rgb, QRectF(corner, corner + QPointF(side, side)))
    painter.end()
