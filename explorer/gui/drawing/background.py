"""Background: computes what is drawn off the window's thread where it takes long; the newest request wins."""

from __future__ import annotations

import math
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from functools import partial
from typing import Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

Result = TypeVar("Result")

_AT_ONCE = 0.004
"""Seconds of processor time up to which a thread is not worth it: its result is painted a second time."""


class Background(QObject, Generic[Result]):
    """Runs computations of one kind, each of which replaces the one before.

    What took a few milliseconds the last time runs at once, in the thread of the window, so that its result
    is drawn together with what it belongs to. Other computations run in a thread, one at a time; of the
    requests that come meanwhile only the newest is kept. The thread ends when nothing is left to compute.

    A request is a function without arguments. It must capture all that it needs as values that nobody
    changes, and must not touch a widget.

    Parameters
    ----------
    deliver : callable
        Takes a result, in the thread of the window. While newer requests keep coming, those in between are
        delivered too.
    fail : callable
        Takes the error of a computation that raised one.
    at_once : float
        Seconds of processor time up to which a computation runs in the thread of the window.

    Attributes
    ----------
    seconds : float
        Of processor time that threads have spent so far.
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
        weakref.finalize(self, self._queue.clear)

    def request(self, compute: Callable[[], Result], kind: Hashable = None) -> None:
        """Compute this; deliver the result now or later. What is of one ``kind`` takes about as long."""
        if self._costs.get(kind, math.inf) <= self._at_once:
            self._queue.clear()  # what is still computed would replace this result by an older one
            self._take(_run(compute, kind))
            return
        if self._queue.put(partial(_run, compute, kind)):
            sender = _Sender()
            sender.finished.connect(self._on_finished)
            threading.Thread(target=_work, args=(self._queue, sender), name="drawing").start()

    def cancel(self) -> None:
        """Drop all requests so far and their results; what comes next may take longer or shorter."""
        self._queue.clear()
        self._costs.clear()

    def finish(self) -> None:
        """Wait for the newest request and deliver its result."""
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
    """What came of a computation: one ``result``, or an ``error``, after ``seconds`` of processor time."""

    result: tuple[Result, ...]
    error: Exception | None
    seconds: float
    kind: Hashable


class _Queue(Generic[Result]):
    """The newest request and the newest outcome, handed between the window's thread and the computing one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: Callable[[], _Outcome[Result]] | None = None
        self._outcome: _Outcome[Result] | None = None
        self._working = False
        self._valid = 0

    def put(self, compute: Callable[[], _Outcome[Result]]) -> bool:
        """Keep a request in place of the one that waits, and return whether a thread is needed for it."""
        with self._changed:
            self._waiting = compute
            needed, self._working = not self._working, True
            return needed

    def next(self) -> tuple[int, Callable[[], _Outcome[Result]]] | None:
        """Return the request that waits and a number to hand in with its outcome; None ends the thread."""
        with self._changed:
            compute, self._waiting = self._waiting, None
            if compute is None:
                self._working = False
                self._changed.notify_all()
                return None
            return self._valid, compute

    def hand_in(self, number: int, outcome: _Outcome[Result]) -> None:
        """Keep the outcome of the request with this number, unless it was cancelled."""
        with self._changed:
            if number == self._valid:
                self._outcome = outcome

    def take(self) -> _Outcome[Result] | None:
        """Return the newest outcome once."""
        with self._changed:
            outcome, self._outcome = self._outcome, None
            return outcome

    def clear(self) -> None:
        """Forget requests and outcomes, that of a computation under way too."""
        with self._changed:
            self._waiting = self._outcome = None
            self._valid += 1

    def wait(self) -> None:
        """Wait until no thread is at work."""
        with self._changed:
            self._changed.wait_for(lambda: not self._working)


class _Sender(QObject):
    """Tells the window's thread of an outcome. The thread keeps it alive, the receiver may be gone."""

    finished = Signal()


def _work(queue: _Queue[Result], sender: _Sender) -> None:
    while (request := queue.next()) is not None:
        number, compute = request
        queue.hand_in(number, compute())
        sender.finished.emit()


def _run(compute: Callable[[], Result], kind: Hashable) -> _Outcome[Result]:
    start = time.thread_time()
    try:
        return _Outcome((compute(),), None, time.thread_time() - start, kind)
    except Exception as error:
        return _Outcome((), error, time.thread_time() - start, kind)
