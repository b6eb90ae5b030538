"""A fixture that fails a test which leaves a timer, a thread or a process behind, and names who started it.

What is left behind goes on in the tests that follow: it draws into a window that is being destroyed, or makes
an innocent test fail. The starting methods are replaced for the length of a test by ones that note the line
they were called from. After the test, whatever is still running is told with that line.
"""

from __future__ import annotations

import inspect
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import (
    QAbstractAnimation,
    QCoreApplication,
    QEvent,
    QObject,
    QProcess,
    QThread,
    QThreadPool,
    QTimer,
)

_ROOT = Path(__file__).parent.parent
_END_OF_THREAD = 2.0
"""Seconds that a thread may take to end: it tells its result a moment before, and cores may be busy."""
_END_OF_PROCESS = 20_000
"""Milliseconds that a process may take to end once its test has: workers are told to, and not waited for."""
_PARTS_OF_A_SHOT = 2
"""Arguments of ``singleShot`` without a receiver: the time and what to call."""

Left = Callable[[], list[str]]
"""Returns what is still running, each as "what, started at file:line"."""


def _caller() -> str:
    """Return the line of ours that called the replaced method, else the nearest one."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    nearest = frame
    while frame is not None and not _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    at = frame or nearest
    assert at is not None
    path = Path(at.f_code.co_filename)
    shown = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path
    return f"{shown}:{at.f_lineno}"


def _is_ours(filename: str) -> bool:
    return filename.startswith((f"{_ROOT}/explorer/", f"{_ROOT}/tests/"))


def _is_alive(thing: QObject | None) -> bool:
    return thing is not None and shiboken6.isValid(thing)


def _unbound(method: Any) -> Callable[[], None]:
    """Return what calls a method of an object without keeping the object."""
    owner, name = weakref.ref(method.__self__), method.__name__

    def call() -> None:
        there = owner()
        if there is not None:
            getattr(there, name)()

    return call


class _Shots:
    """Calls that `QTimer.singleShot` still owes."""

    def __init__(self) -> None:
        self._due: dict[int, tuple[Callable[[], bool], str]] = {}
        self._count = 0
        self._shoot = QTimer.singleShot

    def single_shot(self, *args: Any) -> None:
        """Do as `QTimer.singleShot`, and note the call as due until it has come."""
        *before, act = args
        owner = getattr(act, "__self__", None)
        if isinstance(owner, QObject):
            if len(args) == _PARTS_OF_A_SHOT:
                before.append(owner)  # as Qt does it: a method of an object that is gone is not called
            act = _unbound(act)
        receiver = before[-1] if isinstance(before[-1], QObject) else None
        alive = weakref.ref(receiver) if receiver is not None else None
        self._count += 1
        number = self._count
        self._due[number] = (lambda: alive is None or _is_alive(alive())), _caller()

        def shot() -> None:
            self._due.pop(number, None)
            act()

        self._shoot(*before, shot)

    def left(self) -> list[str]:
        """Return the calls that are due to objects which are there."""
        return [f"QTimer.singleShot, started at {at}" for alive, at in self._due.values() if alive()]


@contextmanager
def watched_timers() -> Iterator[Left]:
    """Note who starts timers and animations; yields what says which of them run."""
    timers: weakref.WeakKeyDictionary[QTimer, str] = weakref.WeakKeyDictionary()
    animations: weakref.WeakKeyDictionary[QAbstractAnimation, str] = weakref.WeakKeyDictionary()
    shots = _Shots()
    start, animate = QTimer.start, QAbstractAnimation.start

    def start_timer(timer: QTimer, *args: Any) -> None:
        timers[timer] = _caller()
        start(timer, *args)

    def start_animation(animation: QAbstractAnimation, *args: Any) -> None:
        animations[animation] = _caller()
        animate(animation, *args)

    def left() -> list[str]:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        running = [(timer, at) for timer, at in timers.items() if _is_alive(timer) and timer.isActive()]
        stopped = QAbstractAnimation.State.Stopped
        moving = [(it, at) for it, at in animations.items() if _is_alive(it) and it.state() != stopped]
        return [f"{type(it).__name__}, started at {at}" for it, at in running + moving] + shots.left()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QTimer, "start", start_timer)
        patch.setattr(QTimer, "singleShot", staticmethod(shots.single_shot))
        patch.setattr(QAbstractAnimation, "start", start_animation)
        yield left


@contextmanager
def watched_threads() -> Iterator[Left]:
    """Note who starts threads, Qt's and Python's, and tasks of pools; yields what says which of them run."""
    threads: weakref.WeakKeyDictionary[QThread, str] = weakref.WeakKeyDictionary()
    pools: weakref.WeakKeyDictionary[QThreadPool, str] = weakref.WeakKeyDictionary()
    plain: weakref.WeakKeyDictionary[threading.Thread, str] = weakref.WeakKeyDictionary()
    start, start_task, start_plain = QThread.start, QThreadPool.start, threading.Thread.start

    def start_thread(thread: QThread, *args: Any) -> None:
        threads[thread] = _caller()
        start(thread, *args)

    def start_in_pool(pool: QThreadPool, *args: Any) -> None:
        pools[pool] = _caller()
        start_task(pool, *args)

    def start_python_thread(thread: threading.Thread) -> None:
        plain[thread] = _caller()
        start_plain(thread)

    def left() -> list[str]:
        end = time.monotonic() + _END_OF_THREAD

        def rest() -> int:
            return max(0, round(1000 * (end - time.monotonic())))

        found = [
            f"{type(thread).__name__}, started at {at}"
            for thread, at in threads.items()
            if _is_alive(thread) and not thread.wait(rest())
        ]
        found += [
            f"QThreadPool, given a task at {at}" for pool, at in pools.items() if not pool.waitForDone(rest())
        ]
        for thread, at in plain.items():
            thread.join(rest() / 1000)
            if thread.is_alive():
                found.append(f"Thread {thread.name!r}, started at {at}")
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QThread, "start", start_thread)
        patch.setattr(QThreadPool, "start", start_in_pool)
        patch.setattr(threading.Thread, "start", start_python_thread)
        yield left


@contextmanager
def watched_processes() -> Iterator[Left]:
    """Note who starts processes by `QProcess`; yields what waits for their end and says which still run."""
    processes: weakref.WeakKeyDictionary[QProcess, str] = weakref.WeakKeyDictionary()
    start = QProcess.start

    def start_process(process: QProcess, *args: Any) -> None:
        processes[process] = _caller()
        start(process, *args)

    def left() -> list[str]:
        idle = QProcess.ProcessState.NotRunning
        end = time.monotonic() + _END_OF_PROCESS / 1000

        def running() -> list[str]:
            return [
                f"QProcess {process.program()}, started at {at}"
                for process, at in processes.items()
                if _is_alive(process) and process.state() != idle
            ]

        while (found := running()) and time.monotonic() < end:
            QCoreApplication.processEvents()  # what is to kill it needs them
            QThread.msleep(5)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QProcess, "start", start_process)
        yield left


@pytest.fixture(autouse=True)
def nothing_left_running(qapp: QCoreApplication) -> Iterator[None]:
    """Fail a test after which a timer, an animation, a thread or a process is still running."""
    assert qapp is QCoreApplication.instance(), "timers need an application"
    with watched_timers() as timers, watched_threads() as threads, watched_processes() as processes:
        yield
        left = processes() + threads() + timers()
    assert not left, "still running after the test:\n" + "\n".join(left)
