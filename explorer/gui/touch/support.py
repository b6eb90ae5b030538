"""TouchSupport: what fingers do in the windows of the program, where the system has a touch screen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer
from PySide6.QtGui import QEventPoint, QGuiApplication, QInputDevice, QTouchEvent, QWindow
from PySide6.QtWidgets import QApplication, QScroller, QWidget

from explorer.gui.theme.application import make_application
from explorer.gui.touch.target import TouchTarget

SLOP = 10.0
"""Pixels that a finger may move while it taps or holds."""
HOLD_MS = 600
"""After which a finger at rest opens the context menu."""
_NEAR = 30.0
"""Pixels between the two taps of a double tap."""
_LEAST_GAP = 24.0
"""Pixels between two fingers below which their distance says nothing: it is nearly that of the noise."""
_TOUCHES = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
)
_PRESS, _MOVE, _RELEASE, _AGAIN = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
)


class TouchSupport(QObject):
    """Makes of the touches in a window what a mouse would do, and what only fingers do.

    Qt makes a mouse of the first finger: it knows no hold, and neither scrolls nor zooms. Here a tap points
    at a place and clicks it, two are a double click, a hold opens the context menu, a drag scrolls what is
    below it or is that of a mouse, and two fingers zoom and pan a plot. Menus and lists that pop up have the
    mouse of Qt.

    Where there is no touch screen, nothing is watched.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._target: TouchTarget | None = None
        self._start = self._last = QPointF()
        self._started = self._fed = 0
        self._dragging = self._done = False
        self._scroller: QScroller | None = None
        self._pair: tuple[QPointF, float] | None = None
        self._tap: tuple[QWidget, QPointF, int] | None = None
        self._hold = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._hold.timeout.connect(self._on_hold_timeout)
        application.focusWindowChanged.connect(self._on_focus_window_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle touches of a window; all else goes on to it."""
        kind = event.type()
        if kind not in _TOUCHES or not isinstance(event, QTouchEvent) or not isinstance(watched, QWindow):
            return False
        if kind == QEvent.Type.TouchBegin:
            self._begin(watched, event)
        if self._target is None:
            return False
        if not self._target.alive:
            self._scroller, self._dragging, self._done = None, False, True  # nothing is left to be told
        event.accept()  # else Qt makes a mouse of it as well
        if kind == QEvent.Type.TouchCancel:
            self._cancel()
        elif kind == QEvent.Type.TouchEnd:
            self._end(event)
        elif kind == QEvent.Type.TouchUpdate and not self._done:
            self._update(event)
        return True

    def _begin(self, window: QWindow, event: QTouchEvent) -> None:
        self._cancel()
        if QApplication.activePopupWidget() is not None:
            return
        first = event.points()[0]
        owner = next((top for top in QApplication.topLevelWidgets() if top.windowHandle() == window), None)
        if owner is None:
            return
        self._start = self._last = first.globalPosition()
        self._started = event.timestamp()
        inside = owner.childAt(owner.mapFromGlobal(self._start).toPoint())
        self._target = TouchTarget(inside or owner)
        self._hold.start()
        if event.pointCount() > 1:
            self._update(event)

    def _update(self, event: QTouchEvent) -> None:
        assert self._target is not None, "it is set where touches begin"
        points = [point for point in event.points() if point.state() != QEventPoint.State.Released]
        if len(points) > 1 and self._target.surface is not None:
            self._pinch(points)
        elif self._pair is None and points:
            self._move(points[0].globalPosition(), event.timestamp())

    def _move(self, at: QPointF, time: int) -> None:
        """Drag or scroll with one finger, once it has left its place."""
        assert self._target is not None, "it is set where touches begin"
        way = at - self._start
        moves = self._dragging or self._scroller is not None
        if not moves and math.hypot(way.x(), way.y()) <= SLOP:
            return
        self._last = at
        if not moves:
            self._hold.stop()
            self._scroller = self._target.scroller(way)
            if self._scroller is None:
                self._dragging = True
                self._target.send(_PRESS, self._start, down=True)
            else:
                self._feed(QScroller.Input.InputPress, self._start, self._started)
        if self._scroller is None:
            self._target.send(_MOVE, at, down=True)
        else:
            self._feed(QScroller.Input.InputMove, at, time)

    def _pinch(self, points: Sequence[QEventPoint]) -> None:
        """Zoom and pan by what two fingers have moved since they were seen last."""
        target = self._target
        assert target is not None, "it is set where touches begin"
        assert target.surface is not None, "only a surface is pinched"
        self._hold.stop()
        if self._dragging:  # the second finger came late
            target.send(_RELEASE, self._last, down=False)
            self._dragging = False
        first, second = (target.in_surface(point.globalPosition()) for point in points[:2])
        middle, between = (first + second) / 2, second - first
        gap = max(math.hypot(between.x(), between.y()), _LEAST_GAP)
        before, self._pair = self._pair, (middle, gap)
        if before is not None:
            target.surface.pinch(gap / before[1], middle, middle - before[0])

    def _end(self, event: QTouchEvent) -> None:
        target, at = self._target, event.points()[0].globalPosition()
        assert target is not None, "it is set where touches begin"
        if self._scroller is not None:
            self._feed(QScroller.Input.InputRelease, at, event.timestamp())
        elif self._dragging:
            target.send(_RELEASE, at, down=False)
        elif self._pair is None and not self._done:
            self._click(target, event.timestamp())
        self._dragging = False  # it is released
        self._cancel()

    def _click(self, target: TouchTarget, time: int) -> None:
        """Point at a place and click it; soon after another tap there it is a double click."""
        at, before = self._start, self._tap
        soon = QGuiApplication.styleHints().mouseDoubleClickInterval()
        again = (
            before is not None
            and before[0] is target.widget
            and (at - before[1]).manhattanLength() < _NEAR
            and 0 <= time - before[2] <= soon
        )
        self._tap = None if again else (target.widget, at, time)
        target.send(_MOVE, at, down=False)
        target.send(_AGAIN if again else _PRESS, at, down=True)
        target.send(_RELEASE, at, down=False)

    def _cancel(self) -> None:
        """Forget the fingers, and release what they hold."""
        self._hold.stop()
        if self._dragging and self._target is not None:
            self._target.send(_RELEASE, self._last, down=False)
        self._target = self._scroller = self._pair = None
        self._dragging = self._done = False

    def _feed(self, what: QScroller.Input, at: QPointF, time: int) -> None:
        """Tell the scroller of the finger; it takes no notice of one that needs no time."""
        assert self._scroller is not None, "it scrolls"
        assert self._target is not None, "it is set where touches begin"
        self._fed = max(time, self._fed + 1)
        self._scroller.handleInput(what, self._target.in_scroller(at), self._fed)

    def _on_hold_timeout(self) -> None:
        if self._target is not None and self._target.alive:
            self._done = True
            self._target.open_menu(self._start.toPoint())

    def _on_focus_window_changed(self, window: QWindow | None) -> None:
        """Watch a window from when it first has the focus."""
        if window is not None and _has_touch_screen():
            window.installEventFilter(self)  # of two times, the last one counts


def support_touch() -> TouchSupport:
    """Return the one support of the process, made with the first window."""
    application = make_application()
    found: TouchSupport | None = application.findChild(TouchSupport)  # the stubs leave out None
    return TouchSupport(application) if found is None else found


def _has_touch_screen() -> bool:
    return any(device.type() == QInputDevice.DeviceType.TouchScreen for device in QInputDevice.devices())
