"""EventLoopTurn: whether the thread of the window is handling events, for threads that compute meanwhile."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject
from shiboken6 import isValid

_LONGEST_WAIT = 0.05
"""Seconds of a turn for which a thread waits: a loop that never idles must not stop it."""
_OF_THREAD = threading.local()
"""Keeps the object of each thread: for Qt alone, what Python knows of it would be lost with its last user."""


class EventLoopTurn(QObject):
    """A turn of the event loop: from when it wakes up until it has nothing left to do.

    Qt tells when events that were posted are handled, such as painting, but not when a timer is: what a timer
    calls for has to `begin` the turn itself. There is one object for each event loop, see `of_this_thread`.

    Each thread that waits is announced by `enter` and ends with `leave`: only in between is the event loop
    followed, which costs two calls at each of its turns. `wait` and `leave` may be called from any thread.
    """

    def __init__(self, dispatcher: QAbstractEventDispatcher) -> None:
        super().__init__(dispatcher)
        self._dispatcher = dispatcher
        self._over = threading.Event()
        self._over.set()
        self._begun = 0.0
        self._threads, self._counting = 0, threading.Lock()
        self._following = False

    @classmethod
    def of_this_thread(cls) -> EventLoopTurn:
        """Return that of the event loop of this thread, which must have one."""
        known: EventLoopTurn | None = getattr(_OF_THREAD, "turn", None)
        if known is None or not isValid(known):  # it goes with its event loop
            known = _OF_THREAD.turn = cls(QAbstractEventDispatcher.instance())
        return known

    def enter(self) -> None:
        """Follow the event loop for one more thread, which is begun within this turn."""
        with self._counting:
            self._threads += 1
        if not self._following:
            self._following = True
            self._dispatcher.awake.connect(self.begin)
            self._dispatcher.aboutToBlock.connect(self.end)
        self.begin()

    def leave(self) -> None:
        """Count a thread less, which is about to end; after the last one the loop is no longer followed."""
        with self._counting:
            self._threads -= 1

    def begin(self) -> None:
        """Let threads wait."""
        if self._following and self._over.is_set():
            self._begun = time.perf_counter()
            self._over.clear()

    def end(self) -> None:
        """Let threads go on; without any, follow the event loop no longer."""
        self._over.set()
        if self._following and not self._threads:
            self._following = False
            self._dispatcher.awake.disconnect(self.begin)
            self._dispatcher.aboutToBlock.disconnect(self.end)

    def wait(self) -> None:
        """Wait until the turn is over, or has taken `_LONGEST_WAIT`."""
        if not self._over.is_set():
            self._over.wait(max(0.0, self._begun + _LONGEST_WAIT - time.perf_counter()))
