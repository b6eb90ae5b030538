"""Stopwatch: seconds of training without pauses, and the recent speed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_WINDOW = 2.0
"""Seconds over which the recent speed is averaged."""


class Stopwatch:
    """Counts seconds while it runs, and steps per second. Starts stopped."""

    def __init__(self, elapsed: float = 0.0, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._counted = elapsed
        self._since: float | None = None
        self._marks: deque[tuple[float, int]] = deque()

    def start(self) -> None:
        """Start, unless it is running."""
        if self._since is None:
            self._since = self._clock()
            self._marks.clear()

    def stop(self) -> None:
        """Stop."""
        self._counted = self.elapsed
        self._since = None

    @property
    def elapsed(self) -> float:
        """Seconds counted so far."""
        return self._counted + (self._clock() - self._since if self._since is not None else 0.0)

    def rate(self, step: int) -> float:
        """Return steps per second over the two seconds before this step; 0 while unknown."""
        now = self.elapsed
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[1][0] >= _WINDOW:
            self._marks.popleft()
        then, first = self._marks[0]
        return (step - first) / (now - then) if now > then else 0.0
