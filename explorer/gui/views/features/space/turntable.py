"""Turntable: steady rotation by the clock, with a limited share of CPU time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

RADIANS_PER_SECOND = math.radians(20)
MOST_PER_SECOND = 30.0
SHARE = 0.1
"""Fraction of a CPU core that painting may take."""

_LONGEST_STEP = 0.5
"""Seconds; after a longer pause rotation continues from where it stopped."""
_LEARNING = 0.2


class Turntable(QObject):
    """Calls ``turn`` with an angle in radians repeatedly while it is on and its widget is visible.

    Parameters
    ----------
    widget : QWidget
        The rotated widget; it reports the cost of painting.
    turn : callable
        Called with the angle since the last call.
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
        """Whether it rotates while its widget is visible."""
        return self._on

    @property
    def running(self) -> bool:
        """Whether it is rotating now."""
        return self._timer.isActive()

    @property
    def interval(self) -> float:
        """Seconds between two paintings."""
        return max(1 / MOST_PER_SECOND, self._cost / SHARE)

    def set_on(self, on: bool) -> None:
        """Switch rotation on or off."""
        self._on = on
        if on:
            self.wake()
        else:
            self._timer.stop()
            self._widget.update()

    def wake(self) -> None:
        """Resume if it is on and its widget is visible; called when that is painted or shown again."""
        if self._on and not self.running and self._visible:
            self._last = time.perf_counter()
            self._timer.start(math.ceil(1000 * self.interval))

    def sleep(self) -> None:
        """Pause until the next `wake`."""
        self._timer.stop()

    def cost(self, seconds: float) -> None:
        """Record the CPU time of a painting in seconds."""
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
