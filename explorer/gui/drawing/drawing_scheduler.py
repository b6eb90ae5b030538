"""DrawingScheduler: gives all that a window draws its turns, within one allowance of processor time."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from explorer.gui.drawing.drawing_plan import DrawingPlan, allowance
from explorer.gui.drawing.paint_meter import PaintMeter


class DrawingScheduler(QObject):
    """Calls what draws a view when its turn has come, and learns what that costs, up to the last pixel.

    The views of several runs may share one, so that together they keep to one allowance. Times are seconds of
    `time.perf_counter`. The timer runs only while there is something to draw.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan = DrawingPlan()
        self._draws: dict[int, Callable[[], None]] = {}
        self._background: dict[int, Callable[[], float]] = {}
        self._threads: dict[Hashable, int] = {}
        self._meter = PaintMeter(self._learn_cost, self)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def busy(self) -> bool:
        """Whether something is still to be drawn."""
        return self._timer.isActive()

    def add(
        self,
        draw: Callable[[], None],
        *,
        primary: bool = False,
        background: Callable[[], float] = lambda: 0.0,
    ) -> int:
        """Take in a view, and return its number.

        Parameters
        ----------
        draw : callable
            Draws it.
        primary : bool
            Whether it comes as often as possible, not a few times a second.
        background : callable
            Returns the seconds of processor time that were spent for it in other threads since the last call.
        """
        number = self._plan.add(primary=primary)
        self._draws[number], self._background[number] = draw, background
        return number

    def remove(self, number: int) -> None:
        """Draw a view no more."""
        self._plan.remove(number)
        del self._draws[number], self._background[number]

    def set_threads(self, run: Hashable, threads: int) -> None:
        """Note how many threads of the processor a run trains on now, 0 for none; all runs add up."""
        self._threads[run] = threads
        self._plan.allowance = allowance(os.cpu_count() or 1, sum(self._threads.values()))

    def rate(self, number: int) -> float:
        """Return how many times a second a view may be drawn."""
        return self._plan.rate(number)

    def want(self, number: int) -> None:
        """Note that there is something new to draw; `go_on` begins with it."""
        self._plan.want(number)

    def go_on(self, now: float) -> None:
        """Draw the view whose turn it is, at most one in a turn of the event loop; and set the timer."""
        turn = self._plan.next(now)
        if turn is not None and turn[1] == 0:
            self.draw(turn[0], now)
            turn = self._plan.next(now)
        if turn is None:
            self._timer.stop()
        else:
            self._timer.start(math.ceil(1000 * turn[1]))

    def draw(self, number: int, now: float) -> None:
        """Draw a view now, whether or not it is its turn."""
        self._plan.drawn(number, now)
        self._draws[number]()

    def measure(self, number: int, window: QWidget, draw: Callable[[], None]) -> None:
        """Learn what a drawing costs, with the painting that Qt does for it in a window some time later."""
        self._meter.measure(number, window, draw)

    def spare(self, number: int) -> None:
        """Note that a view is hidden and costs nothing, which leaves its share to the others."""
        self._plan.cost(number, 0.0)

    def _learn_cost(self, number: int, seconds: float) -> None:
        """Learn what a drawing cost, with what was computed for it in the background meanwhile."""
        if number in self._background:  # the painting of a view that was removed may be measured later
            self._plan.cost(number, seconds + self._background[number]())

    def _on_timer_timeout(self) -> None:
        self.go_on(time.perf_counter())
