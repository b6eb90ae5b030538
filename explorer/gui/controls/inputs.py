"""The input widgets of the panels; none of them reacts to the wheel without focus."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QWidget,
)

from explorer.gui.faults import guarded
from explorer.gui.theme.icons import draw_icon

UNSAID = "unsaid"
"""Property of a list: the index of an entry that a picture need not name, since something else in it does."""
_ICON_GAP = 4
"""Pixels that Qt leaves between the icon of an entry and its text."""


class Slider(QSlider):
    """Horizontal slider whose handle jumps to a click and can be dragged from there.

    Tab skips it: the field beside it steps the same number with the arrow keys. Below its groove a tick marks
    the default, and diamonds the published values; what lies beyond a limit is red.
    """

    resetRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._default: int | None = None
        self._published: tuple[int, ...] = ()
        self._limit: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def set_marks(self, default: int, *published: int) -> None:
        """Mark the positions of the default and of the published values."""
        self._default, self._published = default, published
        self.update()

    def set_limit(self, limit: int | None) -> None:
        """Draw the positions beyond a limit in red; None for no limit."""
        if limit != self._limit:
            self._limit = limit
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move with focus only; the panel scrolls otherwise."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def hideEvent(self, event: QHideEvent) -> None:
        """Release the handle: hidden, the slider does not receive the release of the mouse."""
        self.setSliderDown(False)
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle to the pointer, then drag it."""
        if event.button() == Qt.MouseButton.LeftButton:
            handle = self._handle()
            if not handle.contains(event.position().toPoint()):
                span = self.width() - handle.width()
                offset = round(event.position().x() - handle.width() / 2)
                self.setSliderDown(True)
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), offset, span))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Request the default, as the label beside it does."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.resetRequested.emit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the marks around what the style sheet draws."""
        super().paintEvent(event)
        handle = self._handle()
        middle = handle.center().y() + 0.5
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        if self._limit is not None and self._limit < self.maximum() and self.isEnabled():
            painter.save()
            painter.setClipRegion(QRegion(self.rect()) - QRegion(handle, QRegion.RegionType.Ellipse))
            painter.setBrush(self.palette().color(QPalette.ColorRole.BrightText))
            left = self._place(self._limit, handle)
            painter.drawRoundedRect(QRectF(left, middle - 2, self.width() - 1 - left, 4), 2, 2)
            painter.restore()
        painter.setBrush(muted)
        below = handle.bottom() + 2.5
        if self._default is not None:
            painter.drawRect(QRectF(self._place(self._default, handle) - 0.5, below - 1, 1.5, 4))
        for position in self._published:
            at = self._place(position, handle)
            corners = (QPointF(at - 3, below + 1), QPointF(at, below - 2), QPointF(at + 3, below + 1))
            painter.drawPolygon([*corners, QPointF(at, below + 4)])
        painter.end()

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(control, option, part, self)

    def _place(self, position: int, handle: QRect) -> float:
        """Return where the middle of the handle is at a position, in pixels from the left."""
        span = self.width() - handle.width()
        share = (position - self.minimum()) / max(self.maximum() - self.minimum(), 1)
        return handle.width() / 2 + span * share


class ChoiceBox(QComboBox):
    """Combo box with an arrow in the theme's colour, which does not widen its panel.

    A letter opens the list to search in it. Once the list has been used, letters are the window's, until the
    arrow keys go from choice to choice or the focus comes again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change with focus only; the panel scrolls otherwise."""
        self._listed = False
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list to search in it: in a closed box each letter would choose, a late one wrongly."""
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if not event.text().strip() or not event.text().isprintable() or held:
            self._listed = False
            super().keyPressEvent(event)
        elif self._listed:
            event.ignore()
        else:
            self.search(event.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Search by letters again, unless the focus is back from the list."""
        self._listed = self._listed and event.reason() == Qt.FocusReason.PopupFocusReason
        super().focusInEvent(event)

    def search(self, typed: str) -> None:
        """Open the list at the first entry that begins with what is typed."""
        self.showPopup()
        self.view().keyboardSearch(typed)

    def showPopup(self) -> None:
        """Give the list the accessible name of the box."""
        self._listed = True
        self.view().setAccessibleName(self.accessibleName())
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Show by an ellipsis where the text does not fit."""
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        if not option.currentIcon.isNull():
            room -= option.iconSize.width() + _ICON_GAP
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room
        )

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
        """Return a size about twice as wide as the text is high, with room around it for a finger."""
        self.ensurePolished()
        return self._usual_size().expandedTo(self.minimumSize())

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
        height = self._usual_size().height()
        outer = QRectF(1, (self.height() - height) / 2 + 1, self.width() - 2, height - 2)
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

    def _usual_size(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(round(height * 1.8) + 6, height + 6)
