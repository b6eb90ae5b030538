"""SelectionGesture: selection of points by a click, a lasso or a rectangle, on any widget."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from explorer.analysis.frames.selection import SelectionMode
from explorer.gui.faults import guarded
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Theme

Tool = Literal["move", "lasso", "rectangle", "span"]
"""A span is a rectangle as high as the surface: a range along the X axis."""
_BOXES: tuple[Tool, ...] = ("rectangle", "span")
_CLICK_REACH = 4.0
"""A press that moves by at most this many pixels is a click."""
_ADD = Qt.KeyboardModifier.ShiftModifier
_REMOVE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def mode_of(modifiers: Qt.KeyboardModifier) -> SelectionMode:
    """Return the mode of a gesture: Shift adds, Ctrl or Alt removes, otherwise it replaces."""
    if modifiers & _ADD:
        return "add"
    return "remove" if modifiers & _REMOVE else "replace"


class SelectionGesture(QObject):
    """Selects with the mouse on a surface; with the tool ``move`` a drag selects only with a modifier key.

    Signals
    -------
    clicked(QPointF, str)
        A click at a place, and the `SelectionMode` that goes with it.
    drawn(object, str)
        Corners (k, 2) of what was drawn around points, in pixels of the surface, and the mode.
    begun()
        A lasso or rectangle begins.
    """

    clicked = Signal(QPointF, str)
    drawn = Signal(object, str)
    begun = Signal()

    def __init__(self, surface: QWidget, theme: Theme) -> None:
        super().__init__(surface)
        self.tool: Tool = "move"
        self.band = Band(surface, theme)
        self._surface = surface
        self._pressed: QPointF | None = None
        self._mode: SelectionMode = "replace"
        self._drawing = False
        surface.installEventFilter(self)

    def set_tool(self, tool: Tool) -> None:
        """Choose whether a drag pans or draws an outline."""
        self.tool = tool
        self.cancel()
        self._surface.setCursor(Qt.CursorShape.ArrowCursor if tool == "move" else Qt.CursorShape.CrossCursor)

    def cancel(self) -> bool:
        """Cancel the outline being drawn; return whether there was one."""
        was = self._drawing
        self._pressed, self._drawing = None, False
        self.band.hide()
        return was

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle mouse events that select; all others go to the surface."""
        if isinstance(event, QMouseEvent) and watched is self._surface:
            kind = event.type()
            if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                return self._press(event)
            if kind == QEvent.Type.MouseMove and self._drawing:
                self.band.extend(event.position())
                return True
            if kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                return self._release(event)
        return False

    def _press(self, event: QMouseEvent) -> bool:
        self._pressed, self._mode = event.position(), mode_of(event.modifiers())
        self._drawing = self.tool != "move" or self._mode != "replace"
        if self._drawing:
            self.band.begin(event.position(), self.tool)
            self.begun.emit()
        return self._drawing

    def _release(self, event: QMouseEvent) -> bool:
        start, drew = self._pressed, self._drawing
        self.cancel()
        if start is None:
            return False
        moved = event.position() - start
        if max(abs(moved.x()), abs(moved.y()), self.band.reach if drew else 0) <= _CLICK_REACH:
            self.clicked.emit(event.position(), self._mode)
        elif drew:
            self.drawn.emit(self.band.corners(), self._mode)
        return drew


class Band(QWidget):
    """The outline being drawn, over the whole surface; it is transparent for the mouse."""

    def __init__(self, surface: QWidget, theme: Theme) -> None:
        super().__init__(surface)
        self.theme = theme
        self._surface = surface
        self._line = QPolygonF()
        self._reach = 0.0
        self._tool: Tool = "lasso"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def reach(self) -> float:
        """Largest distance of the outline from its start, in pixels."""
        return self._reach

    def begin(self, at: QPointF, tool: Tool) -> None:
        """Start an outline at a position."""
        self._line, self._tool, self._reach = QPolygonF([at]), tool, 0.0
        self.setGeometry(self._surface.rect())
        self.raise_()
        self.show()

    def extend(self, to: QPointF) -> None:
        """Extend the outline to a position."""
        start = self._line.first()
        if self._tool in _BOXES:
            self._line = QPolygonF([start, to])
        else:
            self._line.append(to)  # a mouse tells a thousand places a second: copying would be quadratic
        self._reach = max(self._reach, abs(to.x() - start.x()), abs(to.y() - start.y()))
        self.update()

    def corners(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """Return the corners (k, 2) of the closed outline."""
        return np.array([(point.x(), point.y()) for point in self._outline().toList()])

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the closed outline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(color(self.theme.accent, 36))
        painter.setPen(pen(self.theme.plot, 3.0))
        outline = self._outline()
        painter.drawPolygon(outline)
        painter.setPen(pen(self.theme.accent, 1.4, Qt.PenStyle.DashLine))
        painter.drawPolygon(outline)

    def _outline(self) -> QPolygonF:
        if self._tool not in _BOXES:
            return self._line
        box = QRectF(self._line.first(), self._line.last()).normalized()
        if self._tool == "span":
            box.setTop(0)
            box.setBottom(self.height())
        return QPolygonF([box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()])
