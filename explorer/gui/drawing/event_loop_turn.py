"""EventLoopTurn: whether the thread of the window is handling events, for threads that compute meanwhile."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject

_LONGEST_WAIT = 0.05
"""Seconds of a turn for which a thread waits: a loop that never idles must not stop it."""


class EventLoopTurn(QObject):
    """A turn of the event loop: from when it wakes up until it has nothing left to do.

    Qt tells when events that were posted are handled, such as painting, but not when a timer is: what a timer
    calls for has to `begin` the turn itself. There is one object for each event loop, see `of_this_thread`;
    `wait` may be called from any thread.
    """

    def __init__(self, dispatcher: QAbstractEventDispatcher) -> None:
        super().__init__(dispatcher)
        self._over = threading.Event()
        self._over.set()
        self._begun = 0.0
        dispatcher.awake.connect(self.begin)
        dispatcher.aboutToBlock.connect(self.end)

    @classmethod
    def of_this_thread(cls) -> EventLoopTurn:
        """Return that of the event loop of this thread, which must have one."""
        dispatcher = QAbstractEventDispatcher.instance()
        known = dispatcher.findChild(cls)
        return known if isinstance(known, cls) else cls(dispatcher)

    def begin(self) -> None:
        """Let threads wait."""
        if self._over.is_set():
            self._begun = time.perf_counter()
            self._over.clear()

    def end(self) -> None:
        """Let threads go on."""
        self._over.set()

    def wait(self) -> None:
        """Wait until the turn is over, or has taken `_LONGEST_WAIT`."""
        if not self._over.is_set():
            self._over.wait(max(0.0, self._begun + _LONGEST_WAIT - time.perf_counter()))
