"""The input widgets of the panels; none of them reacts to the wheel without focus."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded
from explorer.gui.theme.icons import draw_icon


class Slider(QSlider):
    """Horizontal slider whose handle jumps to a click and can be dragged from there.

    Tab skips it: the field beside it steps the same number with the arrow keys.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move with focus only; the panel scrolls otherwise."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle to the pointer, then drag it."""
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
            handle = self.style().subControlRect(control, option, part, self)
            if not handle.contains(event.position().toPoint()):
                span = self.width() - handle.width()
                offset = round(event.position().x() - handle.width() / 2)
                self.setSliderDown(True)
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), offset, span))
        super().mousePressEvent(event)


class NumberField(QAbstractSpinBox):
    """Field for an exact number, which emits typed text and steps as they are; its owner validates them."""

    textRequested = Signal(str)
    stepRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(4, 0, 4, 0)
        self.editingFinished.connect(self._on_editing_finished)

    def show_text(self, text: str) -> None:
        """Show a number, in place of whatever was being typed."""
        self._shown = text
        self.lineEdit().setText(text)
        self.lineEdit().setCursorPosition(0)

    def setAccessibleName(self, name: str) -> None:
        """Name the inner line, which has the cursor, as well."""
        super().setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Return room for a number of seven digits."""
        return QSize(
            QFontMetrics(self.font()).horizontalAdvance("0.000005") + 20, super().sizeHint().height()
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
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the valid number again where the typed one was refused."""
        super().focusOutEvent(event)
        if self.text() != self._shown and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.show_text(self._shown)

    def _on_editing_finished(self) -> None:
        # Return has by now cleared the line's own mark of being modified.
        if self.text() != self._shown:
            self.textRequested.emit(half_width(self.text()))


def half_width(typed: str) -> str:
    """Return a number as a keyboard types it, also one from an input method for Chinese, such as "０。５"."""
    return unicodedata.normalize("NFKC", typed.replace("。", "."))


class ChoiceBox(QComboBox):
    """Combo box with an arrow in the theme's colour, which does not widen its panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change with focus only; the panel scrolls otherwise."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def showPopup(self) -> None:
        """Give the list the accessible name of the box."""
        self.view().setAccessibleName(self.accessibleName())
        super().showPopup()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow: a style sheet could take it only from a file."""
        super().paintEvent(event)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        side = self.fontMetrics().height() * 0.8
        painter = QPainter(self)
        corner = QPointF(self.width() - side - 7, (self.height() - side) / 2)
        draw_icon(
            painter,
            "down",
            self.palette().color(group, QPalette.ColorRole.Text),
            QRectF(corner, corner + QPointF(side, side)),
        )
        painter.end()


class Switch(QCheckBox):
    """On or off, drawn as a sliding switch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a size about twice as wide as the text is high."""
        height = self.fontMetrics().height()
        return QSize(round(height * 1.8) + 6, height + 6)

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def hitButton(self, _pos: object) -> bool:
        """Accept a click anywhere on the switch."""
        return True

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw groove, handle and focus ring in the palette's colours."""
        palette = self.palette()
        on = palette.color(QPalette.ColorRole.Highlight)
        off = palette.color(QPalette.ColorRole.PlaceholderText)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        outer = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        groove = outer.adjusted(2, 2, -2, -2)
        if self.hasFocus():
            painter.setPen(QPen(on, 1.5))
            painter.drawRoundedRect(outer, outer.height() / 2, outer.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(on if self.isChecked() else off)
        painter.drawRoundedRect(groove, groove.height() / 2, groove.height() / 2)
        side = groove.height() - 4
        left = groove.right() - side - 2 if self.isChecked() else groove.left() + 2
        painter.setBrush(QColor(palette.color(QPalette.ColorRole.Base)))
        painter.drawEllipse(QRectF(left, groove.top() + 2, side, side))
        painter.end()
