"""PaintMeter: measures the cost of a drawing, painting included."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from explorer.gui.drawing.event_loop_turn import EventLoopTurn


class PaintMeter(QObject):
    """Measures the processor time of a drawing, and of the painting that Qt does for it later.

    Parameters
    ----------
    learn : callable
        Called with the number of the view and the seconds.
    """

    def __init__(self, learn: Callable[[int, float], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._learn = learn
        self._window: QWidget | None = None
        self._number: int | None = None
        self._spent = 0.0
        self._painting_since: float | None = None
        self._turn = EventLoopTurn.of_this_thread()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._on_event_loop_idle)

    def measure(self, number: int, window: QWidget, draw: Callable[[], None]) -> None:
        """Draw a view in this window, and measure it."""
        self._finish()
        self._turn.begin()
        if window is not self._window:
            if self._window is not None and isValid(self._window):  # else that of a run that was removed
                self._window.removeEventFilter(self)
            window.installEventFilter(self)
            self._window = window
        start = time.thread_time()
        draw()
        self._number, self._spent = number, time.thread_time() - start

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Detect the start of painting."""
        if event.type() == QEvent.Type.UpdateRequest and self._number is not None:
            self._painting_since = time.thread_time()
        return False

    def _on_event_loop_idle(self) -> None:
        if self._painting_since is not None:
            self._spent += time.thread_time() - self._painting_since
            self._finish()

    def _finish(self) -> None:
        if self._number is not None:
            self._learn(self._number, self._spent)
        self._number = self._painting_since = None
