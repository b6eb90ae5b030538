"""Calls in a later turn of the event loop, without keeping alive whom they are for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def call_later(receiver: QObject, act: Callable[[], object], milliseconds: int = 0) -> None:
    """Call a function once, unless its receiver is gone by then.

    `QTimer.singleShot` does so, too, but in PySide (6.11) it keeps the function of a receiver that is gone
    for ever, and with it all that the function knows of: a window, or a run with its frames.
    """
    timer = QTimer(receiver, singleShot=True, interval=milliseconds)
    timer.timeout.connect(act)
    timer.timeout.connect(timer.deleteLater)
    timer.start()
