"""OrbitCanvas: a widget with a camera that is controlled by mouse, wheel and keys."""

from __future__ import annotations

import math

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from explorer.core.texts import N_, _
from explorer.gui.commands.keys import pressed
from explorer.gui.plots.style import pen
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.space.camera import Camera, Look
from explorer.gui.views.features.space.turntable import Turntable

RADIANS_PER_PIXEL = 0.008
RADIANS_PER_KEY = 0.09
PAN_PER_KEY = 0.04
ZOOM_PER_NOTCH = 1.15

_TURNS = {"space.left": (-1, 0), "space.right": (1, 0), "space.up": (0, -1), "space.down": (0, 1)}
_SHIFTS = {
    "space.pan-left": (-1, 0),
    "space.pan-right": (1, 0),
    "space.pan-up": (0, -1),
    "space.pan-down": (0, 1),
}
_ZOOMS = {"space.zoom-in": 1.0, "space.zoom-out": -1.0}
_CLICK = 4
"""Pixels below which a press and release are a click: the hand is never still."""
_PANS = Qt.MouseButton.MiddleButton | Qt.MouseButton.RightButton
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_HELP = N_(
    "Drag or use the arrow keys to turn. Drag with the right or middle button, or use Shift and the arrow "
    "keys, to pan. Use the wheel, plus or minus to zoom. Double-click to reset the view."
)


class OrbitCanvas(QWidget):
    """Rotates by a drag or the arrow keys, pans by a right drag or Shift+arrows, zooms by wheel, + and −.

    A subclass paints in `paintEvent`, which follows every change of the camera, and reports the cost of
    painting to the turntable.

    Signals
    -------
    cameraChanged()
        There is another camera, whoever chose it.
    """

    cameraChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.camera = Camera()
        self.turntable = Turntable(self, self._on_turntable_turned)
        self.focus_shown = False
        self._held = self._pressed = QPointF()
        self._buttons = Qt.MouseButton.NoButton
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleDescription(_(_HELP))

    def paint_focus(self, painter: QPainter, theme: Theme) -> None:
        """Draw a frame where keys have brought the focus here."""
        if self.focus_shown and self.hasFocus():
            painter.setPen(pen(theme.accent, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    @property
    def look(self) -> Camera:
        """The camera."""
        return self.camera

    def set_look(self, look: Camera) -> None:
        """Use the camera of another canvas."""
        self.set_camera(look)

    def paint_now(self) -> None:
        """Paint what is shown at once."""
        self.repaint()

    def set_camera(self, camera: Camera) -> None:
        """Use another camera."""
        if camera != self.camera:
            self.camera = camera
            self.update()
            self.cameraChanged.emit()

    def look_from(self, look: Look) -> None:
        """Look along an axis at the same zoom."""
        self.set_camera(self.camera.looking(look))

    def set_perspective(self, perspective: bool) -> None:
        """Use perspective or orthographic projection."""
        self.set_camera(replace(self.camera, perspective=perspective))

    def zoom(self, notches: float, at: QPointF | None = None) -> None:
        """Zoom in by notches of a wheel, towards a pixel or the centre."""
        x = y = 0.0
        if at is not None:
            side = max(1, min(self.width(), self.height()))
            x, y = (at.x() - self.width() / 2) / side, (at.y() - self.height() / 2) / side
        self.set_camera(self.camera.zoomed(ZOOM_PER_NOTCH**notches, x, y))

    def pinch(self, factor: float, at: QPointF, shift: QPointF) -> None:
        """Zoom in by a factor towards a pixel, and pan by pixels, as two fingers do."""
        side = max(1, min(self.width(), self.height()))
        self.zoom(math.log(factor, ZOOM_PER_NOTCH), at)
        self.set_camera(self.camera.panned(shift.x() / side, shift.y() / side))

    def reset_view(self) -> None:
        """Reset the camera, but keep the kind of projection."""
        self.set_camera(Camera(perspective=self.camera.perspective))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a drag."""
        self._held, self._buttons = event.position(), event.buttons()
        self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Rotate or pan with the drag."""
        if not event.buttons() & self._buttons:
            return
        by, self._held = event.position() - self._held, event.position()
        if event.buttons() & _PANS:
            side = max(1, min(self.width(), self.height()))
            self.set_camera(self.camera.panned(by.x() / side, by.y() / side))
        else:
            self.set_camera(self.camera.turned(by.x() * RADIANS_PER_PIXEL, by.y() * RADIANS_PER_PIXEL))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag; a right click without one opens the menu of the view."""
        self._buttons = event.buttons()
        way = event.position() - self._pressed
        if event.button() == Qt.MouseButton.RightButton and way.manhattanLength() < _CLICK:
            parent = self.parentWidget()
            place = event.position().toPoint(), event.globalPosition().toPoint()
            if parent is not None:
                QApplication.sendEvent(parent, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, *place))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset the view."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom towards the pointer."""
        self.zoom(event.angleDelta().y() / 120, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Let the keys of the camera override shortcuts of the window."""
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and pressed(event, "space"):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rotate, pan or zoom."""
        command = pressed(event, "space")
        if not command:
            super().keyPressEvent(event)
            return
        self.focus_shown = True
        if command in _ZOOMS:
            self.zoom(_ZOOMS[command])
        elif command in _SHIFTS:
            right, down = _SHIFTS[command]
            self.set_camera(self.camera.panned(right * PAN_PER_KEY, down * PAN_PER_KEY))
        else:
            right, down = _TURNS[command]
            self.set_camera(self.camera.turned(right * RADIANS_PER_KEY, down * RADIANS_PER_KEY))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus frame if the focus came by the keyboard."""
        self.focus_shown = event.reason() in _BY_KEYS
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the focus frame."""
        super().focusOutEvent(event)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Resume turning."""
        super().showEvent(event)
        self.turntable.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the turntable while hidden."""
        super().hideEvent(event)
        self.turntable.sleep()

    def _on_turntable_turned(self, angle: float) -> None:
        if self._buttons == Qt.MouseButton.NoButton:
            self.set_camera(self.camera.turned(angle, 0.0))
