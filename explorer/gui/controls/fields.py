"""The fields of panels and dialogs, for numbers and lines of text; panels validate what is typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QLineEdit,
    QSpinBox,
    QStyle,
    QStyleOptionSpinBox,
    QWidget,
)

from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded
from explorer.gui.theme.icon_shapes import IconName
from explorer.gui.theme.icons import draw_icon

_SIGNS = str.maketrans("。٫−", "..-")
_DECIMAL_COMMA = re.compile(r"\s*[-+]?(?:(?P<grouped>[1-9]\d{0,2},\d{3})|\d*,\d+)(?![\d.,]).*")
"""A number with one comma, and perhaps a unit."""
_TEXT_MARGIN = 4
"""Pixels at the left of the text, which then begins where that of a list does."""
_ARROW_SHARE = 0.6
"""Side of an arrow over the height of a line of text."""


class _NumberLine(QLineEdit):
    """Line of a number, which is one word: else its point would end what a double-click selects."""

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Select the number."""
        self.selectAll()


class NumberField(QAbstractSpinBox):
    """Field for an exact number, which emits typed text and steps as they are; its owner validates them.

    ``attemptEnded`` tells that a text which was refused is no longer there: it is edited or taken back;
    ``entered`` that Return was pressed over a text which is not refused.
    """

    textRequested = Signal(str)
    stepRequested = Signal(int)
    attemptEnded = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = self._asked = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLineEdit(_NumberLine())
        self.lineEdit().setTextMargins(1, 0, 1, 0)
        self.editingFinished.connect(self._on_editing_finished)
        self.lineEdit().textEdited.connect(self._on_line_edited)
        self.lineEdit().returnPressed.connect(self._on_return_pressed)

    def show_text(self, text: str) -> None:
        """Show a number, in place of whatever was being typed."""
        self._shown = self._asked = text
        self.lineEdit().setText(text)
        self.lineEdit().setCursorPosition(0)

    def setAccessibleName(self, name: str) -> None:
        """Name the inner line, which has the cursor, as well."""
        super().setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Return room for a number of seven digits."""
        return QSize(
            QFontMetrics(self.font()).horizontalAdvance("0.000005") + 14, super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a number that is cut off misleads."""
        return self.sizeHint()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Allow both directions: the owner knows the limits."""
        return (
            QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        )

    def stepBy(self, steps: int) -> None:
        """Request a step from what was typed before."""
        self._on_editing_finished()
        self.stepRequested.emit(steps)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step with focus only; the panel scrolls otherwise."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Restore the number that was shown before typing."""
        if pressed(event, "number-field") == "number-field.cancel" and self.text() != self._shown:
            self.show_text(self._shown)
            self.selectAll()
            self.attemptEnded.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the valid number again where the typed one was refused."""
        known = self.text() == self._asked
        super().focusOutEvent(event)
        if self.text() != self._shown and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.show_text(self._shown)
            if known:  # else the person has not yet read why it is refused
                self.attemptEnded.emit()

    def _on_line_edited(self) -> None:
        self.attemptEnded.emit()

    def _on_return_pressed(self) -> None:
        if self.text() == self._shown:
            self.entered.emit()

    def _on_editing_finished(self) -> None:
        # Return has by now cleared the line's own mark of being modified.
        if self.text() not in (self._shown, self._asked):
            self._asked = self.text()
            self.textRequested.emit(typed_number(self.text()))


class TextLine(QLineEdit):
    """Line of text, which emits what was typed as it is; its owner validates it. Signals as `NumberField`."""

    textRequested = Signal(str)
    attemptEnded = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = self._asked = ""
        self.editingFinished.connect(self._on_editing_finished)
        self.returnPressed.connect(self._on_return_pressed)
        self.textEdited.connect(self._on_edited)

    def show_text(self, text: str) -> None:
        """Show a text, in place of whatever was being typed."""
        self._shown = self._asked = text
        self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Restore the text that was shown before typing."""
        if pressed(event, "number-field") == "number-field.cancel" and self.text() != self._shown:
            self.show_text(self._shown)
            self.selectAll()
            self.attemptEnded.emit()
            return
        super().keyPressEvent(event)

    def _on_edited(self) -> None:
        self.attemptEnded.emit()

    def _on_return_pressed(self) -> None:
        self._on_editing_finished()  # Qt tells of that only after this
        if self.text() == self._shown:
            self.entered.emit()

    def _on_editing_finished(self) -> None:
        if self.text() not in (self._shown, self._asked):
            self._asked = self.text()
            self.textRequested.emit(self.text())


def half_width(typed: str) -> str:
    """Return a number as a keyboard types it, also one from an input method for Chinese, such as "０。５".

    Arabic and Persian have a decimal sign of their own, and Nordic languages a minus sign.
    """
    return unicodedata.normalize("NFKC", typed.translate(_SIGNS))


def typed_number(typed: str) -> str:
    """Return a number as the program reads it: half-width, with a point for a decimal comma.

    A comma before exactly three digits, as in "1,250", is a decimal comma only where the system writes one;
    elsewhere it may part thousands, and is left as it is.
    """
    text = half_width(typed)
    match = _DECIMAL_COMMA.fullmatch(text)
    if match is None or (match["grouped"] and QLocale.system().decimalPoint() != ","):
        return text
    return text.replace(",", ".")


class SpinBox(QSpinBox):
    """Field for a whole number; keywords are those of `QSpinBox`."""

    def __init__(self, parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(parent, **properties)
        self.setGroupSeparatorShown(True)
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
        self.setGroupSeparatorShown(True)
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
