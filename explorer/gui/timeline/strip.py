"""TimelineStrip: a run from its first step to its last, and where in it one looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

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

from explorer.core.texts import _, ngettext
from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded
from explorer.gui.timeline.state import TimelineMark, TimelineState, target

_HEIGHT, _LEAST_WIDTH = 30, 70
_MARGIN = 9.0
"""Pixels at the ends, so that the handle is whole there."""
_GROOVE = 4.0
_HANDLE = 6.0
_MARK = 4.0
_EVENT = 4.0
"""Half the width and height of the diamond of an event."""
_NEAR = 7.0
"""Pixels within which the pointer is at a mark, and within which events share one."""
_MOST_LINES = 8
"""Marks that the help lists."""


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
        self.setAccessibleName(_("Timeline: use the arrow keys to go from frame to frame"))
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
        first = self.state.first_step
        return _MARGIN + self._room * (step - first) / max(1, self.state.last_step - first)

    def help_at(self, x: float) -> str:
        """Return the step at a place, and the changes of settings and the events near it."""
        if not self.state.steps:
            return _("The frames of the run appear here once training starts.")
        near = self._near(x)
        step = self.state.steps[self.state.nearest(self._step_at(x))]
        lines = [
            _("{place}: {change}").format(place=self.state.place_text(mark.step), change=mark.text)
            for mark in near[:_MOST_LINES]
        ]
        if len(near) > _MOST_LINES:
            more = len(near) - _MOST_LINES
            lines.append(ngettext("and {count:,} more", "and {count:,} more", more).format(count=more))
        return "\n".join(lines) or self.state.place_text(step)

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
            painter.setBrush(self._color(QPalette.ColorRole.WindowText))
            for mark in state.marks:
                self._draw_mark(painter, self.x_of(mark.step))
            for first, last in spans([self.x_of(event.step) for event in state.events], _NEAR):
                self._draw_events(painter, first, last)
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
        """While the button is held, ask for the frame under the pointer; at a mark, say what happened."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask_for_place(event)
        elif self._near(event.position().x()):
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
        return self.height() / 2

    def _near(self, x: float) -> list[TimelineMark]:
        """Return the marks at a place in the order of their steps, changes of settings first."""
        marks = (*self.state.marks, *self.state.events)
        near = [mark for mark in marks if abs(self.x_of(mark.step) - x) <= _NEAR]
        return sorted(near, key=attrgetter("step"))

    def _color(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    def _fill_groove(self, painter: QPainter, length: float, color: QColor) -> None:
        groove = QRectF(_MARGIN, self._middle - _GROOVE / 2, length, _GROOVE)
        painter.setBrush(color)
        painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)

    def _draw_mark(self, painter: QPainter, x: float) -> None:
        """Draw a change of settings: a triangle above the groove that points at the step."""
        tip = self._middle - _GROOVE / 2 - 1
        corners = (x, tip), (x - _MARK, tip - 1.6 * _MARK), (x + _MARK, tip - 1.6 * _MARK)
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    def _draw_events(self, painter: QPainter, first: float, last: float) -> None:
        """Draw events from one place to another: a diamond below the groove, stretched over all of them."""
        y = self._middle + _HANDLE + _EVENT
        corners = (first - _EVENT, y), (first, y - _EVENT), (last, y - _EVENT)
        others = (last + _EVENT, y), (last, y + _EVENT), (first, y + _EVENT)
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in (*corners, *others)]))

    def _step_at(self, x: float) -> float:
        share = (x - _MARGIN) / self._room
        first = self.state.first_step
        return first + min(max(share, 0.0), 1.0) * (self.state.last_step - first)

    def _ask_for_place(self, event: QMouseEvent) -> None:
        if self.state.steps:
            frame = self.state.nearest(self._step_at(event.position().x()))
            if frame != self.state.index or self.state.following:
                self.frameRequested.emit(frame)


def spans(places: Sequence[float], gap: float) -> Iterator[tuple[float, float]]:
    """Yield the first and the last of each group of ascending ``places`` that are at most ``gap`` apart."""
    start = end = None
    for place in places:
        if start is None or end is None:
            start = end = place
        elif place - end <= gap:
            end = place
        else:
            yield start, end
            start = end = place
    if start is not None and end is not None:
        yield start, end
