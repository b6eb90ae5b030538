"""Gestures: tells which changes are one act of a person, such as a drag."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_PAUSE = 0.8
"""Seconds without a change after which keys and the wheel begin another gesture."""
_RELEASE_MS = 100
"""How often it is looked whether the mouse button of a drag is still held: no event tells all widgets."""


class Gestures(QObject):
    """Numbers the gestures: one lasts while a mouse button is held, or while changes come without a pause."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._number, self._last = 0, 0.0
        self._timer = QTimer(self, interval=_RELEASE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def dragging(self) -> bool:
        """Whether the current gesture is a drag."""
        return self._timer.isActive()

    def current(self) -> int:
        """Return the number of the gesture to which a change of now belongs."""
        now = time.monotonic()
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            if not self.dragging:
                self.end()
                self._timer.start()
        elif now - self._last > _PAUSE:
            self.end()
        self._last = now
        return self._number

    def end(self) -> None:
        """Let the next change begin another gesture."""
        self._number += 1
        self._timer.stop()

    def _on_timer_timeout(self) -> None:
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.end()
