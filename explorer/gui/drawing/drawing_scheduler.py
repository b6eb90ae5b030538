"""DrawingScheduler: draws the views of a window in turn, within one allowance of processor time."""

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
    """Draws each view when it is due, and measures the cost, painting included.

    The views of several runs can share a scheduler, and so one allowance. Times are in seconds of
    `time.perf_counter`. The timer runs only while there is something to draw.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan = DrawingPlan()
        self._draws: dict[int, Callable[[], None]] = {}
        self._background: dict[int, Callable[[], float]] = {}
        self._threads: dict[Hashable, int] = {}
        self._browsed: set[Hashable] = set()
        self._meter = PaintMeter(self._learn_cost, self)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def busy(self) -> bool:
        """Whether a view remains to be drawn."""
        return self._timer.isActive()

    def add(
        self,
        draw: Callable[[], None],
        *,
        primary: bool = False,
        background: Callable[[], float] = lambda: 0.0,
    ) -> int:
        """Add a view, and return its number.

        Parameters
        ----------
        draw : callable
            Draws the view.
        primary : bool
            Whether it is drawn as often as possible instead of a few times per second.
        background : callable
            Returns the processor seconds spent for it in other threads since the last call.
        """
        number = self._plan.add(primary=primary)
        self._draws[number], self._background[number] = draw, background
        return number

    def remove(self, number: int) -> None:
        """Remove a view."""
        self._plan.remove(number)
        del self._draws[number], self._background[number]

    def set_run(self, run: Hashable, threads: int, *, browsing: bool = False) -> None:
        """Set the number of CPU threads that a run trains on, and whether the person moves through its past.

        The threads of all runs are added. More is drawn while the person looks back, unless another run
        trains in sight, as where a recording is shown beside it.
        """
        if self._threads.get(run) == threads and (run in self._browsed) == browsing:
            return
        self._threads[run] = threads
        self._browsed.discard(run)
        if browsing:
            self._browsed.add(run)
        plan = self._plan
        training = any(count for key, count in self._threads.items() if key not in self._browsed)
        plan.browsing = bool(self._browsed) and not training
        plan.allowance = allowance(os.cpu_count() or 1, sum(self._threads.values()), browsing=plan.browsing)

    def rate(self, number: int) -> float:
        """Return how often per second a view may be drawn."""
        return self._plan.rate(number)

    def want(self, number: int) -> None:
        """Request a drawing of a view; `go_on` starts it."""
        self._plan.want(number)

    def go_on(self, now: float) -> None:
        """Draw the view that is due, at most one per turn of the event loop, and set the timer."""
        turn = self._plan.next(now)
        if turn is not None and turn[1] == 0:
            self.draw(turn[0], now)
            turn = self._plan.next(now)
        if turn is None:
            self._timer.stop()
        else:
            self._timer.start(math.ceil(1000 * turn[1]))

    def draw(self, number: int, now: float) -> None:
        """Draw a view now, even if it is not due."""
        self._plan.drawn(number, now)
        self._draws[number]()

    def measure(self, number: int, window: QWidget, draw: Callable[[], None]) -> None:
        """Measure a drawing, with the painting that Qt does for it in a window later."""
        self._meter.measure(number, window, draw)

    def spare(self, number: int) -> None:
        """Set the cost of a hidden view to zero, which leaves its share to the others."""
        self._plan.cost(number, 0.0)

    def _learn_cost(self, number: int, seconds: float) -> None:
        """Record the cost of a drawing, with the background computations for it."""
        if number in self._background:  # painting can be measured after the view was removed
            self._plan.cost(number, seconds + self._background[number]())

    def _on_timer_timeout(self) -> None:
        self.go_on(time.perf_counter())
