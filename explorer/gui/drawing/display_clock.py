"""DisplayClock: the one place that decides when the views of a window are drawn."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from explorer.analysis.frames.history import History
from explorer.analysis.frames.interpolation import between, joined
from explorer.analysis.frames.snapshot import Snapshot
from explorer.gui.drawing.drawing_plan import PRIMARY, DrawingPlan, allowance
from explorer.gui.drawing.paint_meter import PaintMeter
from explorer.gui.views.view import View

_LONGEST_MOTION = 1.0
"""Seconds; a frame that takes longer comes as a step."""
_FEWEST_DRAWINGS = 2.0
"""Drawings from one frame to the next that make a motion of it."""


class Motion(Struct, frozen=True, eq=False):
    """On the way from one frame to the next, from a moment on for so many seconds."""

    start: Snapshot
    end: Snapshot
    since: float
    seconds: float

    def at(self, now: float) -> Snapshot:
        """Return the state at a time."""
        return between(self.start, self.end, (now - self.since) / self.seconds)


class DisplayClock(QObject):
    """Hands frames to the views, each in its turn, and lets the primary view's points glide between frames.

    It keeps to an allowance of processor time by measuring what each drawing costs, up to its last pixel. Its
    timer runs only while there is something to draw.

    Parameters
    ----------
    primary : View
        Shows every frame, and the states between frames where there is room.
    secondary : sequence of View
        Show the newest frame a few times a second.

    Attributes
    ----------
    newestShown : Signal()
        A new frame is due in what is no view: read-outs, status. Comes a few times a second.
    drawings : int
        Drawings of the primary view so far.
    """

    newestShown = Signal()

    def __init__(
        self, primary: View[Any], secondary: Sequence[View[Any]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.drawings = 0
        self._views = (primary, *secondary)
        self._readout = len(self._views)
        self._plan = DrawingPlan(len(self._views) + 1)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._smooth = True
        self._running = False
        self._newest: Snapshot | None = None
        self._history = History()
        self._motion: Motion | None = None
        self._begun: Snapshot | None = None
        self._arrival = -math.inf
        self._interval = _LONGEST_MOTION
        self._meter = PaintMeter(self._learn_cost, self)

    @property
    def smooth(self) -> bool:
        """Whether points glide between frames."""
        return self._smooth

    def stop(self) -> None:
        """Draw nothing more until the next frame."""
        self._motion = None
        self._timer.stop()

    def set_smooth(self, smooth: bool) -> None:
        """Let points glide between frames, or not."""
        self._smooth = smooth
        if not smooth:
            self._stop_motion()

    def set_training(self, running: bool, threads: int) -> None:
        """Note whether training is under way, and with how many threads on the processor that draws."""
        self._plan.allowance = allowance(os.cpu_count() or 1, threads if running else 0)
        self._running = running
        if not running:
            self._arrival = -math.inf
            self._stop_motion()

    def show(self, snapshot: Snapshot | None, history: History) -> None:
        """Show a new frame in all views, each in its turn; without a run, clear them at once."""
        before, self._newest, self._history = self._newest, snapshot, history
        now = time.perf_counter()
        self._motion = self._motion_to(before, now) if snapshot is not None else None
        self._note_arrival(now)
        for number in range(self._readout + 1):
            if snapshot is None:
                self._draw(number, now)
            else:
                self._plan.want(number)
        self._go_on(now)

    def _note_arrival(self, now: float) -> None:
        gap = min(now - self._arrival, _LONGEST_MOTION)
        self._interval = gap if self._arrival == -math.inf else (self._interval + gap) / 2
        self._arrival = now

    def _motion_to(self, before: Snapshot | None, now: float) -> Motion | None:
        """Return the motion to the newest frame; None where it is to be shown as it is."""
        seconds = min(now - self._arrival, _LONGEST_MOTION)
        room = self._plan.rate(PRIMARY) * seconds >= _FEWEST_DRAWINGS
        if not (self._smooth and self._running and room and self._arrival > -math.inf):
            return None
        if not joined(before, self._newest):
            return None
        assert before is not None, "joined frames exist"
        assert self._newest is not None, "joined frames exist"
        return Motion(before, self._newest, now, (self._interval + seconds) / 2)

    def _stop_motion(self) -> None:
        if self._motion is not None:
            self._motion = None
            self._plan.want(PRIMARY)
            self._go_on(time.perf_counter())

    def _on_timer_timeout(self) -> None:
        self._go_on(time.perf_counter())

    def _go_on(self, now: float) -> None:
        """Draw the view whose turn it is, at most one in a turn of the event loop; and set the timer."""
        turn = self._plan.next(now)
        if turn is not None and turn[1] == 0:
            self._draw(turn[0], now)
            turn = self._plan.next(now)
        if turn is None:
            self._timer.stop()
        else:
            self._timer.start(math.ceil(1000 * turn[1]))

    def _primary_state(self, now: float) -> Snapshot | None:
        """Return what the primary view should show: every frame is seen as it is before points move on."""
        motion = self._motion
        if motion is None:
            return self._newest
        begun = motion.start in (self._begun, self._views[PRIMARY].snapshot)
        self._begun = motion.start
        state = motion.at(now) if begun else motion.start
        if state is motion.end:
            self._motion = None
        else:
            self._plan.want(PRIMARY)
        return state

    def _learn_cost(self, number: int, seconds: float) -> None:
        """Learn what a drawing cost, with what was computed for it in the background meanwhile."""
        if number != self._readout:
            seconds += self._views[number].take_background_seconds()
        self._plan.cost(number, seconds)

    def _draw(self, number: int, now: float) -> None:
        self._plan.drawn(number, now)
        if number == self._readout:
            self._meter.measure(number, self._views[PRIMARY].window(), self.newestShown.emit)
            return
        view, state = self._views[number], self._newest
        if number == PRIMARY and view.drawable:
            state = self._primary_state(now)
        if state is not None and state is view.snapshot:
            return
        if not view.drawable:
            if number != PRIMARY:
                self._plan.cost(number, 0.0)  # what is hidden leaves its share to the others
            view.set_snapshot(state, self._history)
            return
        self.drawings += number == PRIMARY
        self._meter.measure(number, view.window(), lambda: view.set_snapshot(state, self._history))
