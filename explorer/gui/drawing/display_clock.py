"""DisplayClock: decides when the views of a run are drawn, and with which frame."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.history import History
from explorer.analysis.frames.interpolation import between, joined
from explorer.analysis.frames.snapshot import Snapshot
from explorer.gui.drawing.drawing_scheduler import DrawingScheduler
from explorer.gui.views.view import View

_LONGEST_MOTION = 1.0
"""Seconds between frames beyond which points are not animated."""
_FEWEST_DRAWINGS = 2.0
"""Minimum number of drawings between two frames for an animation."""


class Motion(Struct, frozen=True, eq=False):
    """An animation from one frame to the next: its start time and duration in seconds."""

    start: Snapshot
    end: Snapshot
    since: float
    seconds: float

    def at(self, now: float) -> Snapshot:
        """Return the interpolated state at a time."""
        return between(self.start, self.end, (now - self.since) / self.seconds)


class DisplayClock(QObject):
    """Passes the frames of a run to its views, and animates points in the primary view.

    Parameters
    ----------
    primary : View
        Shows every frame, and interpolated states in between if there is time.
    secondary : sequence of View
        Show the newest frame a few times per second, or as often as there is time while browsing.
    scheduler : DrawingScheduler, optional
        Decides which view is drawn next. The clocks of several runs in a window share one, and with it the
        allowance of processor time; by default the clock has its own.

    Attributes
    ----------
    newestShown : Signal()
        Read-outs and status should show the newest frame; emitted a few times per second.
    smoothChanged : Signal(bool)
        Changes should be animated, or no longer.
    drawings : int
        Drawings of the primary view so far.
    """

    newestShown = Signal()
    smoothChanged = Signal(bool)

    def __init__(
        self,
        primary: View[Any],
        secondary: Sequence[View[Any]],
        parent: QObject | None = None,
        *,
        scheduler: DrawingScheduler | None = None,
    ) -> None:
        super().__init__(parent)
        self.drawings = 0
        self.scheduler = scheduler or DrawingScheduler(self)
        self._view = primary
        self._primary = self.scheduler.add(
            self._draw_primary, primary=True, background=primary.take_background_seconds
        )
        self._secondary = {view: self._add(view) for view in secondary}
        self._readout = self.scheduler.add(self._show_readout)
        self._stopped = False
        self._smooth = True
        for view in (primary, *secondary):
            view.set_smooth(True)
        self._running = False
        self._newest: Snapshot | None = None
        self._history = History()
        self._known: dict[int, tuple[History, int]] = {}
        self._motion: Motion | None = None
        self._begun: Snapshot | None = None
        self._arrival = -math.inf
        self._interval = _LONGEST_MOTION

    def stop(self) -> None:
        """Stop drawing for good, and leave the allowance to the clocks of other runs."""
        if not self._stopped:
            self._stopped, self._motion = True, None
            self.scheduler.set_run(self._primary, 0)
            for number in self._numbers():
                self.scheduler.remove(number)
            self.scheduler.go_on(time.perf_counter())

    def add(self, view: View[Any]) -> None:
        """Show the newest frame in one more view, a few times per second."""
        self._secondary[view] = self._add(view)
        view.set_smooth(self._smooth)
        self._draw(self._secondary[view], view, self._newest)

    def remove(self, view: View[Any]) -> None:
        """Show nothing more in a view that is not the primary one."""
        number = self._secondary.pop(view)
        self.scheduler.remove(number)
        self._known.pop(number, None)

    @property
    def smooth(self) -> bool:
        """Whether points are animated between frames."""
        return self._smooth

    def set_smooth(self, smooth: bool) -> None:
        """Animate points between frames and other changes in the views, or not."""
        self._smooth = smooth
        for view in (self._view, *self._secondary):
            view.set_smooth(smooth)
        self.smoothChanged.emit(smooth)
        if not smooth:
            self._stop_motion()

    def set_training(self, running: bool, threads: int, *, browsing: bool = False) -> None:
        """Set whether frames come as the run trains, and on how many CPU threads it does.

        While ``browsing``, the person moves through frames of the past, and a run may train unseen.
        """
        if self._stopped:
            return
        self.scheduler.set_run(self._primary, threads if running or browsing else 0, browsing=browsing)
        self._running = running
        if not running:
            self._arrival = -math.inf
            self._stop_motion()

    def show(self, snapshot: Snapshot | None, history: History) -> None:
        """Schedule a new frame in all views; None clears them at once."""
        if self._stopped:
            return
        before, self._newest, self._history = self._newest, snapshot, history
        now = time.perf_counter()
        self._motion = self._motion_to(before, now) if snapshot is not None else None
        self._note_arrival(now)
        for number in self._numbers():
            if snapshot is None:
                self.scheduler.draw(number, now)
            else:
                self.scheduler.want(number)
        self.scheduler.go_on(now)

    def _numbers(self) -> tuple[int, ...]:
        """Return the numbers of all that is drawn."""
        return self._primary, *self._secondary.values(), self._readout

    def _note_arrival(self, now: float) -> None:
        gap = min(now - self._arrival, _LONGEST_MOTION)
        self._interval = gap if self._arrival == -math.inf else (self._interval + gap) / 2
        self._arrival = now

    def _motion_to(self, before: Snapshot | None, now: float) -> Motion | None:
        """Return the animation to the newest frame; None to show the frame directly."""
        seconds = min(now - self._arrival, _LONGEST_MOTION)
        room = self.scheduler.rate(self._primary) * seconds >= _FEWEST_DRAWINGS
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
            self.scheduler.want(self._primary)
            self.scheduler.go_on(time.perf_counter())

    def _state_between(self, now: float) -> Snapshot | None:
        """Return what the primary view should show; every frame is shown exactly before points move on."""
        motion = self._motion
        if motion is None:
            return self._newest
        begun = motion.start in (self._begun, self._view.snapshot)
        self._begun = motion.start
        state = motion.at(now) if begun else motion.start
        if state is motion.end:
            self._motion = None
        else:
            self.scheduler.want(self._primary)
        return state

    def _add(self, view: View[Any]) -> int:
        """Add a secondary view, and return its number."""

        def draw() -> None:
            self._draw(number, view, self._newest)

        number = self.scheduler.add(draw, background=view.take_background_seconds)
        return number

    def _draw_primary(self) -> None:
        state = self._state_between(time.perf_counter()) if self._view.drawable else self._newest
        self._draw(self._primary, self._view, state)

    def _draw(self, number: int, view: View[Any], state: Snapshot | None) -> None:
        """Show a state in a view, unless it shows it; a hidden one takes it without drawing.

        The state is shown again where more is known of the history, as while a recording is read.
        """
        known, self._known[number] = self._known.get(number), (self._history, len(self._history))
        if state is not None and state is view.snapshot and known == self._known[number]:
            return
        if not view.drawable:
            if number != self._primary:
                self.scheduler.spare(number)
            view.set_snapshot(state, self._history)
            return
        self.drawings += number == self._primary
        self.scheduler.measure(number, view.window(), partial(view.set_snapshot, state, self._history))

    def _show_readout(self) -> None:
        self.scheduler.measure(self._readout, self._view.window(), self.newestShown.emit)
