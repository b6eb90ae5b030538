"""A thread waits while the window handles its events, and never longer than is bearable."""

from __future__ import annotations

import gc
import threading
import time

import pytest
from PySide6.QtCore import SIGNAL, QAbstractEventDispatcher, QEventLoop, QObject, QTimer

from explorer.analysis.pauses import pause_point
from explorer.gui.drawing import event_loop_turn
from explorer.gui.drawing.background import Background
from explorer.gui.drawing.event_loop_turn import EventLoopTurn

pytestmark = pytest.mark.usefixtures("qapp")

LIMIT = 5.0


def run_once(act):
    """Handle one event in an event loop, and let that idle for a while."""
    loop = QEventLoop()
    QTimer.singleShot(0, act)
    QTimer.singleShot(100, loop.quit)
    loop.exec()


def test_there_is_one_for_all_of_a_thread():
    assert EventLoopTurn.of_this_thread() is EventLoopTurn.of_this_thread()


def test_it_is_whole_after_all_who_used_it_are_gone():
    EventLoopTurn.of_this_thread()
    gc.collect()
    EventLoopTurn.of_this_thread().wait()


def test_a_thread_goes_on_once_the_loop_idles(monkeypatch):
    monkeypatch.setattr(event_loop_turn, "_LONGEST_WAIT", LIMIT)
    turn, order, begun = EventLoopTurn.of_this_thread(), [], threading.Event()

    def compute():
        begun.set()
        turn.wait()
        order.append("thread")
        turn.leave()

    def handle():
        turn.enter()
        thread.start()
        assert begun.wait(LIMIT)
        time.sleep(0.02)
        order.append("window")

    thread = threading.Thread(target=compute)
    run_once(handle)
    thread.join()
    assert order == ["window", "thread"]


def test_a_long_turn_does_not_stop_a_thread():
    turn, done = EventLoopTurn.of_this_thread(), threading.Event()

    def handle():
        turn.enter()
        thread.start()
        assert done.wait(LIMIT)

    thread = threading.Thread(target=lambda: (turn.wait(), turn.leave(), done.set()))
    run_once(handle)
    thread.join()


def test_what_the_window_waits_for_does_not_wait_for_the_window():
    points = 200
    results, owner = [], EventLoopTurn.of_this_thread()

    def compute():
        for _ in range(points):
            pause_point()
        return points

    def handle():
        background = Background(results.append, pytest.fail, owner, at_once=0.0)
        background.request(compute)
        background.finish()

    run_once(handle)
    assert results == [points]


def followers():
    """Return how many are told of each turn of the event loop of this thread."""
    return QAbstractEventDispatcher.instance().receivers(SIGNAL("awake()"))


def test_the_event_loop_is_followed_only_while_a_thread_computes(qtbot):
    """Each of its turns, such as at every move of the pointer, costs two calls otherwise."""
    EventLoopTurn.of_this_thread()
    qtbot.waitUntil(lambda: followers() == 0)  # a thread of another test may be about to end
    owner, results, go_on = QObject(), [], threading.Event()
    background = Background(results.append, pytest.fail, owner, at_once=0.0)
    background.request(lambda: go_on.wait(LIMIT))
    assert followers() == 1
    go_on.set()
    qtbot.waitUntil(lambda: followers() == 0)
    assert results == [True]
