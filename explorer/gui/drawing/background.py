"""Background: computes in a thread what takes long; the newest request replaces earlier ones."""

from __future__ import annotations

import math
import sys
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from functools import partial
from typing import Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from explorer.analysis.pauses import pausing
from explorer.gui.drawing.event_loop_turn import EventLoopTurn
from explorer.gui.drawing.threads import start

Result = TypeVar("Result")

_AT_ONCE = 0.016
"""Processor seconds below which a thread does not pay off: it takes 2 ms to start, its result has to be
painted a second time, and the two threads take the interpreter from each other."""
_SWITCH_INTERVAL = 0.001
"""Seconds for which a thread keeps the interpreter once the window wants it back, as after most calls of Qt.
With the 5 ms that are usual, what took the window 10 ms was held up for up to 190."""


class Background(QObject, Generic[Result]):
    """Runs computations of one kind, each of which replaces the previous one.

    A computation that took a few milliseconds the last time runs immediately in the thread of the window, so
    that its result is drawn with the rest of the frame. Others run in a thread, one at a time; of the
    requests made meanwhile only the newest is kept. The thread ends when there is nothing left to compute.
    At each `pause_point` of a computation it waits until the window has handled its events.

    A request is a function without arguments. It must capture immutable values only, and must not use
    widgets.

    Parameters
    ----------
    deliver : callable
        Called with each result, in the thread of the window, also while newer requests are waiting.
    fail : callable
        Called with the exception of a failed computation.
    at_once : float
        Processor seconds up to which a computation runs in the thread of the window.

    Attributes
    ----------
    seconds : float
        Processor seconds spent in threads so far.
    """

    def __init__(
        self,
        deliver: Callable[[Result], None],
        fail: Callable[[Exception], None],
        parent: QObject,
        at_once: float = _AT_ONCE,
    ) -> None:
        super().__init__(parent)
        self._deliver, self._fail, self._at_once = deliver, fail, at_once
        self._costs: dict[Hashable, float] = {}
        self.seconds = 0.0
        self._queue: _Queue[Result] = _Queue()
        self._turn = EventLoopTurn.of_this_thread()
        weakref.finalize(self, self._queue.clear)

    def request(self, compute: Callable[[], Result], kind: Hashable = None) -> None:
        """Compute this and deliver the result, now or later. ``kind`` names requests of similar cost."""
        if self._costs.get(kind, math.inf) <= self._at_once:
            self._queue.clear()  # a computation under way would replace this result by an older one
            self._take(_run(compute, kind))
            return
        if self._queue.put(partial(_run, compute, kind)):
            sender = _Sender()
            sender.finished.connect(self._on_finished)
            self._turn.enter()
            work = partial(_work, self._queue, sender, self._turn)
            start(threading.Thread(target=work, name="drawing"))

    def cancel(self) -> None:
        """Drop all requests and results, and forget how long they took."""
        self._queue.clear()
        self._costs.clear()

    def finish(self) -> None:
        """Wait for the newest request and deliver its result."""
        self._turn.end()
        self._queue.wait()
        self._on_finished()

    def _on_finished(self) -> None:
        outcome = self._queue.take()
        if outcome is not None:
            self.seconds += outcome.seconds
            self._take(outcome)

    def _take(self, outcome: _Outcome[Result]) -> None:
        self._costs[outcome.kind] = outcome.seconds
        if outcome.error is not None:
            self._fail(outcome.error)
        else:
            for result in outcome.result:
                self._deliver(result)


class _Outcome(Struct, Generic[Result], frozen=True, eq=False):
    """The outcome of a computation: a ``result`` or an ``error``, after ``seconds`` of processor time."""

    result: tuple[Result, ...]
    error: Exception | None
    seconds: float
    kind: Hashable


class _Queue(Generic[Result]):
    """The newest request and the newest outcome, exchanged between the two threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: Callable[[], _Outcome[Result]] | None = None
        self._outcome: _Outcome[Result] | None = None
        self._working = False
        self._valid = 0

    def put(self, compute: Callable[[], _Outcome[Result]]) -> bool:
        """Replace the waiting request, and return whether a thread has to be started."""
        with self._changed:
            self._waiting = compute
            needed, self._working = not self._working, True
            return needed

    def next(self) -> tuple[int, Callable[[], _Outcome[Result]]] | None:
        """Return the waiting request and its number; None if the thread should end."""
        with self._changed:
            compute, self._waiting = self._waiting, None
            if compute is None:
                self._working = False
                self._changed.notify_all()
                return None
            return self._valid, compute

    def hand_in(self, number: int, outcome: _Outcome[Result]) -> None:
        """Store the outcome of the request with this number, unless it was cancelled."""
        with self._changed:
            if number == self._valid:
                self._outcome = outcome

    def take(self) -> _Outcome[Result] | None:
        """Return the newest outcome and remove it."""
        with self._changed:
            outcome, self._outcome = self._outcome, None
            return outcome

    def clear(self) -> None:
        """Drop requests and outcomes, including that of a computation under way."""
        with self._changed:
            self._waiting = self._outcome = None
            self._valid += 1

    def wait(self) -> None:
        """Wait until no thread is running."""
        with self._changed:
            self._changed.wait_for(lambda: not self._working)


class _Sender(QObject):
    """Notifies the thread of the window of an outcome. The thread owns it; the receiver may be gone."""

    finished = Signal()


def _work(queue: _Queue[Result], sender: _Sender, turn: EventLoopTurn) -> None:
    sys.setswitchinterval(_SWITCH_INTERVAL)
    here = threading.current_thread() is threading.main_thread()  # which must not wait for its own events
    try:
        with nullcontext() if here else pausing(turn.wait):
            while (request := queue.next()) is not None:
                number, compute = request
                queue.hand_in(number, compute())
                sender.finished.emit()
    finally:
        turn.leave()


def _run(compute: Callable[[], Result], kind: Hashable) -> _Outcome[Result]:
    start = time.thread_time()
    try:
        return _Outcome((compute(),), None, time.thread_time() - start, kind)
    except Exception as error:
        return _Outcome((), error, time.thread_time() - start, kind)
