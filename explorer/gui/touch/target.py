"""TouchTarget: what is under a finger, and what a finger can do there."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPointingDevice
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QScrollBar,
    QScroller,
    QScrollerProperties,
    QWidget,
)
from shiboken6 import isValid

from explorer.gui.controls.labels import set_role

_DRAGS = "drags"
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


@runtime_checkable
class TouchSurface(Protocol):
    """A widget that two fingers zoom and pan."""

    def pinch(self, factor: float, at: QPointF, shift: QPointF) -> None:
        """Zoom by a factor about a pixel of the widget, and pan by pixels."""


def take_drags(widget: QWidget) -> None:
    """Let a drag of a finger act on a widget: it would scroll the area that the widget is in."""
    set_role(widget, _DRAGS, "true")


class TouchTarget:
    """A widget under a finger.

    Parameters
    ----------
    widget : QWidget
        The innermost one at the place where the finger came down.

    Attributes
    ----------
    surface : TouchSurface or None
        The widget, or what it is in, that can be zoomed.
    """

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget
        self.surface: TouchSurface | None = None
        self._surface_widget: QWidget | None = None
        self._area: QAbstractScrollArea | None = None
        self._drags = False
        parent: QWidget | None = widget
        while parent is not None and self.surface is None and self._area is None:
            self._drags = self._drags or parent.property(_DRAGS) == "true"
            if isinstance(parent, TouchSurface):
                self.surface, self._surface_widget = parent, parent
            elif isinstance(parent, QAbstractScrollArea) and any(map(_has_range, _bars(parent))):
                self._area = parent
            parent = None if parent.isWindow() else parent.parentWidget()

    @property
    def alive(self) -> bool:
        """Whether the widget is still there: what a finger is on can be deleted meanwhile."""
        return isValid(self.widget)

    def scroller(self, way: QPointF) -> QScroller | None:
        """Return what scrolls where a finger has moved this ``way``, None where the widget takes the drag."""
        if self._area is None or self._drags or isinstance(self.widget, QScrollBar):
            return None
        across, down = map(_has_range, _bars(self._area))
        upright = abs(way.y()) >= abs(way.x())
        of_slider = isinstance(self.widget, QAbstractSlider) and not upright
        if of_slider or not (down if upright else across):
            return None
        scroller: QScroller = QScroller.scroller(self._area.viewport())
        scroller.setScrollerProperties(_properties())
        return scroller

    def in_scroller(self, at: QPointF) -> QPointF:
        """Return a place on the screen in pixels of what is scrolled."""
        assert self._area is not None, "it has a scroller"
        return self._area.viewport().mapFromGlobal(at)

    def in_surface(self, at: QPointF) -> QPointF:
        """Return a place on the screen in pixels of the surface."""
        assert self._surface_widget is not None, "it has a surface"
        return self._surface_widget.mapFromGlobal(at)

    def send(self, kind: QEvent.Type, at: QPointF, *, down: bool) -> None:
        """Send the event of a mouse at a place on the screen; ``down``: its button is held then."""
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind == QEvent.Type.MouseMove else left
        local, modifiers = self.widget.mapFromGlobal(at), QApplication.keyboardModifiers()
        buttons = left if down else none
        device = QPointingDevice.primaryPointingDevice()
        if kind in _PRESSES:
            self._give_focus()
        event = QMouseEvent(kind, local, at, button, buttons, modifiers, device)
        QApplication.sendEvent(self.widget, event)

    def _give_focus(self) -> None:
        """Give the keyboard to what a click gives it to: Qt does so for events of the system alone."""
        widget: QWidget | None = self.widget
        while widget is not None:
            if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.ClickFocus:
                widget.setFocus(Qt.FocusReason.MouseFocusReason)
                return
            widget = None if widget.isWindow() else widget.parentWidget()

    def open_menu(self, at: QPoint) -> None:
        """Ask for the context menu at a place on the screen."""
        place = self.widget.mapFromGlobal(at)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, at)
        QApplication.sendEvent(self.widget, event)


def _bars(area: QAbstractScrollArea) -> tuple[QScrollBar, QScrollBar]:
    return area.horizontalScrollBar(), area.verticalScrollBar()


def _has_range(bar: QScrollBar) -> bool:
    return bar.maximum() > bar.minimum()


def _properties() -> QScrollerProperties:
    """Return how things scroll: from the first pixel on, and not beyond their ends."""
    result, metric = QScrollerProperties(), QScrollerProperties.ScrollMetric
    never = QScrollerProperties.OvershootPolicy.OvershootAlwaysOff
    for name in (metric.HorizontalOvershootPolicy, metric.VerticalOvershootPolicy):
        result.setScrollMetric(name, never)
    result.setScrollMetric(metric.DragStartDistance, 0.0)
    return result
