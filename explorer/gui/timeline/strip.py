"""TimelineStrip: a run from its first step to its last, and where in it one looks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded
from explorer.gui.timeline.state import TimelineMark, TimelineState, target

_HEIGHT, _LEAST_WIDTH = 26, 70
_MARGIN = 9.0
"""Pixels at the ends, so that the handle is whole there."""
_GROOVE = 4.0
_HANDLE = 6.0
_MARK = 4.0
_NEAR = 7.0
"""Pixels within which the pointer is at a mark."""


class TimelineStrip(QWidget):
    """Draws a `TimelineState`; a click, a drag, the wheel and keys ask for another frame.

    Signals
    -------
    frameRequested(int)
        The index of the frame to show.
    """

    frameRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = TimelineState()
        self.setAccessibleName(_("Timeline: arrow keys go from frame to frame"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_state(self, state: TimelineState) -> None:
        """Show another state; emits nothing."""
        self.state = state
        self.setAccessibleDescription(state.text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a height for the handle and the marks above it."""
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least width at which one can still aim."""
        return QSize(_LEAST_WIDTH, _HEIGHT)

    def x_of(self, step: float) -> float:
        """Return where a step is, in pixels from the left."""
        return _MARGIN + self._room * step / max(1, self.state.last_step)

    def help_at(self, x: float) -> str:
        """Return the step at a place, and the changes of settings near it."""
        if not self.state.steps:
            return _("The frames of the run appear here when training starts.")
        near = [mark for mark in self.state.marks if abs(self.x_of(mark.step) - x) <= _NEAR]
        step = self.state.steps[self.state.nearest(self._step_at(x))]
        lines = [
            _("Step {step:,}: {change}").format(step=round(mark.step), change=mark.text) for mark in near
        ]
        return "\n".join(lines) or _("Step {step:,}").format(step=step)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw groove, marks and handle, and a frame where the keyboard is here."""
        painter, state = QPainter(self), self.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        accent = self._color(QPalette.ColorRole.Highlight)
        self._fill_groove(painter, self._room, self._color(QPalette.ColorRole.Mid))
        if state.steps:
            place = self.x_of(state.step)
            self._fill_groove(painter, place - _MARGIN, accent)
            for mark in state.marks:
                self._draw_mark(painter, mark)
            painter.setBrush(accent if state.following else self._color(QPalette.ColorRole.Base))
            painter.setPen(QPen(accent, 2.0))
            painter.drawEllipse(QPointF(place, self._middle), _HANDLE, _HANDLE)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def event(self, event: QEvent) -> bool:
        """Tell what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.help_at(event.pos().x()), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the frame under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask_for_place(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """While the button is held, ask for the frame under the pointer; at a mark, say what changed."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask_for_place(event)
        elif any(abs(self.x_of(mark.step) - event.position().x()) <= _NEAR for mark in self.state.marks):
            QToolTip.showText(event.globalPosition().toPoint(), self.help_at(event.position().x()), self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls: a touch of it must not move the views."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the frame that a key leads to."""
        command = pressed(event, "timeline")
        if not command:
            super().keyPressEvent(event)
            return
        frame = target(command, self.state)
        if frame is not None:
            self.frameRequested.emit(frame)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.update()

    @property
    def _room(self) -> float:
        return max(1.0, self.width() - 2 * _MARGIN)

    @property
    def _middle(self) -> float:
        return self.height() / 2 + 2

    def _color(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    def _fill_groove(self, painter: QPainter, length: float, color: QColor) -> None:
        groove = QRectF(_MARGIN, self._middle - _GROOVE / 2, length, _GROOVE)
        painter.setBrush(color)
        painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)

    def _draw_mark(self, painter: QPainter, mark: TimelineMark) -> None:
        """Draw a triangle above the groove that points at the step."""
        x, tip = self.x_of(mark.step), self._middle - _GROOVE / 2 - 1
        painter.setBrush(self._color(QPalette.ColorRole.WindowText))
        corners = (x, tip), (x - _MARK, tip - 1.6 * _MARK), (x + _MARK, tip - 1.6 * _MARK)
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    def _step_at(self, x: float) -> float:
        share = (x - _MARGIN) / self._room
        return min(max(share, 0.0), 1.0) * self.state.last_step

    def _ask_for_place(self, event: QMouseEvent) -> None:
        if self.state.steps:
            frame = self.state.nearest(self._step_at(event.position().x()))
            if frame != self.state.index or self.state.following:
                self.frameRequested.emit(frame)
