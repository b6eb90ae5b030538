"""Watchdog: notices that a worker process hangs, was stopped, or does not answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

_TICK_MS = 1_000
_QUIET_TICKS = 4
"""Ticks without a sign of life after which a process is said not to respond: within five seconds."""
_START_TICKS, _ANSWER_TICKS = 60, 20
"""The same for a process that works, but does not begin, or gives no answer: it may be in a loop without end,
or in one very long step. To begin it loads libraries; while it reads a data set, it says how far it is."""
_ASLEEP_SECONDS = 3.0
"""Time between two ticks beyond which this process itself did not run, as in a laptop that was closed."""
_AT_WORK = 0.01
"""Seconds of processor time between two ticks that count as work."""
_RUNNABLE = ("running", "disk-sleep", "waking")


class Watchdog(QObject):
    """Looks once a second whether a process from which something is awaited shows a sign of life.

    Signs of life are what it writes, processor time that it uses, and that it waits for a processor or a
    disk: a machine that is slow or busy raises no alarm. One that works on and on without an answer does.

    Parameters
    ----------
    awaiting, asked, begun : callable
        Whether something is awaited from the process now, whether that is an answer, and whether it has
        begun, so that it answers soon.

    Signals
    -------
    stalledChanged(bool)
        It does not respond any more, or it does again.

    Attributes
    ----------
    stalled : bool
        Whether it does not respond.
    """

    stalledChanged = Signal(bool)

    def __init__(
        self,
        awaiting: Callable[[], bool],
        asked: Callable[[], bool],
        begun: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.stalled = False
        self._awaiting, self._asked, self._begun = awaiting, asked, begun
        self._process_id = 0
        self._used = 0.0
        self._quiet = self._ticks = self._silent = 0
        self._ticked = 0.0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def watch(self, process_id: int) -> None:
        """Look at this process from now on."""
        self._process_id, self._used = process_id, 0.0
        self._ticked = time.monotonic()
        self._timer.start()
        self.note_message()

    def stop(self) -> None:
        """Look at nothing any more."""
        self._timer.stop()
        self._quiet = self._ticks = self._silent = 0
        self.stalled = False  # without a signal: the process is gone, which is told elsewhere

    def note_life(self) -> None:
        """Note that the process has written something."""
        self._quiet = self._ticks = 0
        self._set_stalled(self._unanswered)

    def note_message(self) -> None:
        """Note that the process has sent a message, not only a sign of life."""
        self._silent = 0
        self.note_life()

    def _on_timer_timeout(self) -> None:
        now = time.monotonic()
        slept, self._ticked = now - self._ticked > _ASLEEP_SECONDS, now
        if slept or not self._awaiting():
            self.note_message()
            return
        self._silent = self._silent + 1 if self._asked() or not self._begun() else 0
        self._ticks += 1
        if self._quiet or self._ticks > 1:  # the first tick may be right after a sign of life
            self._quiet = 0 if self._works() else self._quiet + 1
        else:
            self._works()
        self._set_stalled(self._quiet >= _QUIET_TICKS - 1 or self._unanswered)

    @property
    def _unanswered(self) -> bool:
        return self._silent >= (_ANSWER_TICKS if self._begun() else _START_TICKS)

    def _works(self) -> bool:
        """Whether the process and those that it has started have done something since the last call."""
        import psutil  # not at the start of the window

        used, runnable = 0.0, False
        try:
            process = psutil.Process(self._process_id)
            for each in (process, *process.children(recursive=True)):
                times = each.cpu_times()
                used += times.user + times.system
                runnable = runnable or each.status() in _RUNNABLE
        except psutil.Error:
            return False  # it has ended, which is told elsewhere
        before, self._used = self._used, used
        return runnable or used - before > _AT_WORK

    def _set_stalled(self, stalled: bool) -> None:
        if stalled != self.stalled:
            self.stalled = stalled
            self.stalledChanged.emit(stalled)
