"""Turntable: turns steadily, by the clock and not by drawings, and leaves the processor to others."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

RADIANS_PER_SECOND = math.radians(20)
MOST_PER_SECOND = 30.0
SHARE = 0.1
"""Of a core, that drawing may take."""

_LONGEST_STEP = 0.5
"""Seconds; after a longer pause turning goes on from where it was."""
_LEARNING = 0.2


class Turntable(QObject):
    """Calls ``turn`` with an angle in radians, again and again while it is on and its widget can be seen.

    Parameters
    ----------
    widget : QWidget
        What is turned; it tells what its painting costs.
    turn : callable
        Takes the angle since the last call.
    """

    def __init__(self, widget: QWidget, turn: Callable[[float], None]) -> None:
        super().__init__(widget)
        self._widget, self._turn = widget, turn
        self._on = False
        self._cost = 0.0
        self._last = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def on(self) -> bool:
        """Whether it turns whenever it can be seen."""
        return self._on

    @property
    def running(self) -> bool:
        """Whether it turns now."""
        return self._timer.isActive()

    @property
    def interval(self) -> float:
        """Seconds from one drawing to the next."""
        return max(1 / MOST_PER_SECOND, self._cost / SHARE)

    def set_on(self, on: bool) -> None:
        """Turn, or stand still."""
        self._on = on
        if on:
            self.wake()
        else:
            self._timer.stop()
            self._widget.update()

    def wake(self) -> None:
        """Go on if it is on and can be seen; for a widget that is painted or shown again."""
        if self._on and not self.running and self._visible:
            self._last = time.perf_counter()
            self._timer.start(math.ceil(1000 * self.interval))

    def sleep(self) -> None:
        """Stand still until the next `wake`."""
        self._timer.stop()

    def cost(self, seconds: float) -> None:
        """Learn what a painting took of the processor."""
        self._cost += (_LEARNING if self._cost else 1.0) * (seconds - self._cost)

    @property
    def _visible(self) -> bool:
        return self._widget.isVisible() and not self._widget.window().isMinimized()

    def _on_timer_timeout(self) -> None:
        if not self._visible:
            return
        now = time.perf_counter()
        passed, self._last = min(now - self._last, _LONGEST_STEP), now
        self._timer.start(math.ceil(1000 * self.interval))
        self._turn(RADIANS_PER_SECOND * passed)
