"""What is to be called later comes once, or not at all where its receiver is gone, which it does not keep."""

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from explorer.gui.drawing.later import call_later

pytestmark = pytest.mark.usefixtures("qapp")


class Receiver(QObject):
    """Counts the calls."""

    calls = 0

    def call(self):
        self.calls += 1


def ways(receiver):
    """Return its method, and a function that knows of it."""
    return receiver.call, lambda: receiver.call()


def test_each_comes_once_after_this_turn_of_the_event_loop(qtbot):
    receiver = Receiver()
    for act in ways(receiver):
        call_later(receiver, act)
    assert receiver.calls == 0
    qtbot.waitUntil(lambda: receiver.calls == 2)
    qtbot.wait(20)
    assert receiver.calls == 2
    assert receiver.findChildren(QTimer) == []


def test_none_comes_to_a_receiver_that_is_gone_or_keeps_it():
    for way in range(2):
        receiver = Receiver()
        gone = weakref.ref(receiver)
        call_later(receiver, ways(receiver)[way])
        receiver.deleteLater()
        del receiver
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        assert gone() is None
