"""Work that Ctrl+C can stop: a step of a large network can take minutes, and hears nothing meanwhile."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from threading import Event, Thread

from explorer.core.texts import _
from explorer.exit_codes import DONE, complain

_POLL_SECONDS = 0.1
_PATIENCE, _LIMIT_PATIENCE = 1.0, 3.0
"""Seconds after Ctrl+C, and after a limit, from which it is said what is still under way: the last step, or
the test of all images that follows."""


class Interruptible:
    """Calls a function in a thread of its own, while the main thread listens to Ctrl+C.

    The first Ctrl+C asks the function to end, the second does not wait for it. Where it does not end soon,
    that is said.

    Parameters
    ----------
    work : callable
        It is given ``stopped``, which tells whether it should end after the step under way.
    seconds : float, optional
        The time after which it ends by itself.
    """

    def __init__(self, work: Callable[[Callable[[], bool]], None], seconds: float | None = None) -> None:
        self._work, self._seconds = work, seconds
        self._stop = Event()
        self._asked_at: list[float] = []
        self._error: BaseException | None = None

    def run(self) -> bool:
        """Return whether the function has ended; False where a second Ctrl+C did not let it.

        Raises what the function raises.
        """
        before = signal.signal(signal.SIGINT, self._on_interrupt)
        thread = Thread(target=self._call, name="training", daemon=True)
        began, told = time.monotonic(), False
        thread.start()
        try:
            while thread.is_alive() and len(self._asked_at) < 2:
                thread.join(_POLL_SECONDS)
                told = told or self._tell(began, time.monotonic())
        finally:
            signal.signal(signal.SIGINT, before)
        if self._error is not None:
            raise self._error
        return not thread.is_alive()

    def _call(self) -> None:
        try:
            self._work(self._stop.is_set)
        except BaseException as error:  # raised in the main thread
            self._error = error

    def _tell(self, began: float, now: float) -> bool:
        """Say what is still under way where it should have ended; return whether that was said."""
        if self._asked_at:
            late = now > self._asked_at[0] + _PATIENCE
            sentence = _("stopping after the current step or test. Press Ctrl+C again to stop at once.")
        else:
            late = self._seconds is not None and now > began + self._seconds + _LIMIT_PATIENCE
            sentence = _(
                "the time is up: stopping after the current step or test. Press Ctrl+C twice to stop at once."
            )
        if late:
            complain(sentence, DONE)
        return late

    def _on_interrupt(self, *_arguments: object) -> None:
        self._asked_at.append(time.monotonic())
        self._stop.set()
