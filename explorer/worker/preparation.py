"""Preparation: tells the window that a run is being prepared, as long as that goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

from explorer.core.protocol import messages as m

_INTERVAL = 0.2
"""Seconds between two reports."""


class Preparation:
    """Is called with how far reading, hashing or trying has come, and reports that now and then.

    The window takes a worker that computes without end for one that hangs, and one that waits for a slow disk
    for one that has stopped: only what it reports tells them apart.
    """

    def __init__(self, emit: Callable[[m.Event], None]) -> None:
        self._emit = emit
        self._reported = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Report how far it is, unless that was done just now."""
        now = time.perf_counter()
        if now - self._reported >= _INTERVAL:
            self._reported = now
            self._emit(m.Preparing(done, total))
