"""What is measured while a monkey acts: stalls of the event loop, memory, handles and threads."""

from __future__ import annotations

import gc
import time
from array import array
from collections import Counter

import numpy as np
import psutil
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

MIB = 2**20
_TICK_MS = 10
_MOST_KINDS = 12


class LoopMeter(QObject):
    """Measures how long the event loop of this thread is held up between two ticks of a timer.

    Attributes
    ----------
    passed, used : array of float
        Seconds between two ticks, and those of them that the processor spent in this thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self.passed, self.used = array("d"), array("d")
        self._last = 0.0, 0.0
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Measure from now on."""
        self._last = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """Measure no more for a while."""
        self._timer.stop()

    def told(self) -> str:
        """Return the stalls in words."""
        rows = []
        for name, values in (("passed", self.passed), ("of the processor", self.used)):
            ms = 1000 * np.asarray(values)
            p99, p999 = np.percentile(ms, (99, 99.9))
            over = int(np.count_nonzero(ms > 100))
            rows.append(
                f"{name}: 99% {p99:.0f}, 99.9% {p999:.0f}, longest {ms.max():.0f} ms, {over} above 100 ms"
            )
        return f"{len(self.passed)} turns; " + "; ".join(rows)

    def _tick(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self.passed.append(now - self._last[0])
        self.used.append(used - self._last[1])
        self._last = now, used


class Sizes:
    """What both processes hold at several moments: MiB of memory, handles, threads, widgets and objects.

    Objects are those that Python's garbage collection follows, without those of the start.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[float]] = {}
        self._kinds: list[Counter[str]] = []

    def note(self, worker: int) -> str:
        """Note them now, and return them in words."""
        own, other = psutil.Process(), psutil.Process(worker)
        self._kinds.append(Counter(type(thing).__qualname__ for thing in gc.get_objects()))
        values = {
            "window": own.memory_info().rss / MIB,
            "worker": other.memory_info().rss / MIB,
            "handles": own.num_fds(),
            "threads": own.num_threads(),
            "worker handles": other.num_fds(),
            "worker threads": other.num_threads(),
            "widgets": len(QApplication.allWidgets()),
            "windows": len(QApplication.topLevelWidgets()),
            "objects": self._kinds[-1].total(),
        }
        for name, value in values.items():
            self.rows.setdefault(name, []).append(value)
        return ", ".join(f"{name} {value:.0f}" for name, value in values.items())

    def growth(self, name: str) -> tuple[float, float]:
        """Return the medians of the second and of the last third of the moments."""
        values = self.rows[name]
        third = max(1, len(values) // 3)
        return float(np.median(values[third : 2 * third])), float(np.median(values[-third:]))

    @property
    def grown(self) -> str:
        """The kinds of objects that have become more in the last third of the moments, and by how many."""
        more = self._kinds[-1] - self._kinds[-1 - len(self._kinds) // 3]
        return ", ".join(f"{name} +{count}" for name, count in more.most_common(_MOST_KINDS))
