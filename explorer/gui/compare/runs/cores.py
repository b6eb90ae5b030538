"""How the cores are shared between runs that train at once, and what each of them gets."""

from __future__ import annotations

import math
import time

import psutil


def equal_threads(cores: int, runs: int) -> int:
    """Return the CPU threads of each of several runs: as many for all, with one core left for the window.

    On a machine with too few cores each run gets one, and the system shares the cores between them.
    """
    return max(1, (cores - 1) // max(1, runs))


class CoreMeter:
    """Measures how many cores a process keeps busy."""

    def __init__(self) -> None:
        self._before = (0, 0.0, 0.0)

    def read(self, process_id: int) -> float:
        """Return the cores that the process kept busy since the last call; NaN where that is not known."""
        pid, seconds, then = self._before
        now = time.perf_counter()
        try:
            spent = psutil.Process(process_id).cpu_times()
        except psutil.Error:  # it has ended
            return math.nan
        self._before = process_id, spent.user + spent.system, now
        return (self._before[1] - seconds) / (now - then) if pid == process_id and now > then else math.nan
