"""What a test leaves running is found, and told with the line that started it."""

from __future__ import annotations

import sys
import threading
import weakref
from pathlib import Path

import leaks
import pytest
from leaks import watched_processes, watched_threads, watched_timers
from PySide6.QtCore import (
    QEventLoop,
    QObject,
    QProcess,
    QPropertyAnimation,
    QRunnable,
    QThread,
    QThreadPool,
    QTimer,
)

HERE = Path(__file__).relative_to(Path(__file__).parents[2]).as_posix()


def line_of(start):
    """Return how the line on which a function's only call stands is told."""
    return f"{HERE}:{start.__code__.co_firstlineno + 1}"


def start_timer(timer):
    timer.start(10_000)


def start_animation(animation):
    animation.start()


def start_thread(thread):
    thread.start()


def shoot_later(receiver):
    QTimer.singleShot(10_000, receiver.deleteLater)


def shoot_at_once(act):
    QTimer.singleShot(0, act)


def test_a_running_timer_is_told_until_it_is_stopped_or_destroyed():
    with watched_timers() as left:
        timer, other = QTimer(), QTimer()
        start_timer(timer)
        start_timer(other)
        assert left() == [f"QTimer, started at {line_of(start_timer)}"] * 2
        timer.stop()
        other.deleteLater()
        assert left() == []


def test_a_running_animation_is_told_until_it_is_stopped():
    with watched_timers() as left:
        animated = QObject()
        animation = QPropertyAnimation(animated, b"objectName")
        animation.setDuration(10_000)
        animation.setEndValue("other")
        start_animation(animation)
        assert left() == [f"QPropertyAnimation, started at {line_of(start_animation)}"]
        animation.stop()
        assert left() == []


def test_a_call_that_is_due_is_told_while_its_receiver_is_there():
    with watched_timers() as left:
        receiver = QObject()
        shoot_later(receiver)
        assert left() == [f"QTimer.singleShot, started at {line_of(shoot_later)}"]
        receiver.deleteLater()
        assert left() == []


def test_a_call_that_has_come_is_not_told():
    loop = QEventLoop()
    with watched_timers() as left:
        shoot_at_once(loop.quit)
        assert left() == [f"QTimer.singleShot, started at {line_of(shoot_at_once)}"]
        loop.exec()
        assert left() == []


def test_a_watched_timer_does_not_keep_its_receiver():
    with watched_timers():
        receiver = QObject()
        shoot_later(receiver)
        alive = weakref.ref(receiver)
        del receiver
    assert alive() is None


@pytest.mark.parametrize("kind", ["QThread", "Thread"])
def test_a_running_thread_is_told_until_it_has_ended(kind):
    go_on = threading.Event()

    class Waiting(QThread):
        def run(self):
            go_on.wait(30)

    with watched_threads() as left:
        thread = Waiting() if kind == "QThread" else threading.Thread(target=go_on.wait, name="w")
        start_thread(thread)
        name = "Waiting" if kind == "QThread" else "Thread 'w'"
        assert left() == [f"{name}, started at {line_of(start_thread)}"]
        go_on.set()
        assert left() == []


def test_a_process_is_told_unless_it_ends_soon(monkeypatch):
    monkeypatch.setattr(leaks, "_END_OF_PROCESS", 100)
    with watched_processes() as left:
        process = QProcess()
        process.start(sys.executable, ["-c", "input()"])
        (told,) = left()
        assert told.startswith(f"QProcess {sys.executable}, started at {HERE}:")
        process.closeWriteChannel()
        assert process.waitForFinished()
        assert left() == []


def test_a_task_of_a_pool_is_told_until_it_is_done():
    go_on = threading.Event()

    class Waiting(QRunnable):
        def run(self):
            go_on.wait(30)

    with watched_threads() as left:
        pool, task = QThreadPool(), Waiting()
        pool.start(task)
        (told,) = left()
        assert told.startswith(f"QThreadPool, given a task at {HERE}:")
        go_on.set()
        assert left() == []
