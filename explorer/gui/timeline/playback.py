"""Playback: shows the frames of a run one after the other, as fast as they were trained or faster."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_TICK_MS = 25


class Playable(Protocol):
    """What can be played: frames by index, with the seconds of training until each."""

    @property
    def frames(self) -> range:
        """Indices of the frames."""

    @property
    def index(self) -> int:
        """Index of the frame that is shown."""

    @property
    def elapsed(self) -> Sequence[float]:
        """Seconds of training until each frame."""

    def go_to(self, index: int) -> None:
        """Show a frame."""


class Playback(QObject):
    """Moves the cursor along the seconds of training, frame by frame.

    Signals
    -------
    stateChanged()
        It plays now, or no longer; or at another speed, or again from the start.

    Attributes
    ----------
    speed : float
        Seconds of training shown in a second.
    loop : bool
        Whether it begins again at the end.
    """

    stateChanged = Signal()

    def __init__(self, cursor: Playable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speed = 1.0
        self.loop = False
        self._cursor = cursor
        self._seconds = 0.0
        self._index = -1
        self._tick = 0.0
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Play on, from the start where the end is shown; or hold."""
        if self.playing:
            self.stop()
        elif len(self._cursor.frames) > 1:
            if self._cursor.index >= self._cursor.frames[-1]:
                self._cursor.go_to(0)
            self._index, self._tick = -1, time.perf_counter()
            self._timer.start()
            self.stateChanged.emit()

    def stop(self) -> None:
        """Hold."""
        if self.playing:
            self._timer.stop()
            self.stateChanged.emit()

    def set_speed(self, speed: float) -> None:
        """Play so many seconds of training in a second."""
        self.speed = speed
        self.stateChanged.emit()

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end, or hold there."""
        self.loop = loop
        self.stateChanged.emit()

    def _on_timer_timeout(self) -> None:
        cursor, elapsed, now = self._cursor, self._cursor.elapsed, time.perf_counter()
        passed, self._tick = now - self._tick, now
        if not elapsed:
            self.stop()
            return
        if cursor.index != self._index:  # at first, and after the person has moved it
            self._index, self._seconds = cursor.index, elapsed[cursor.index]
        self._seconds += passed * self.speed
        due = bisect_right(elapsed, self._seconds) - 1
        if due > self._index:
            cursor.go_to(due)
            self._index = cursor.index
        if self._index >= cursor.frames[-1]:
            if self.loop:
                cursor.go_to(0)
            else:
                self.stop()
