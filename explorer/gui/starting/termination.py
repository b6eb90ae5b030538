"""TerminationSignals: closes the window in the proper way when the process is asked to end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl+C in the terminal, a request of the system such as at its shutdown, and the end of the terminal."""


class TerminationSignals(QObject):
    """Calls a function, in the event loop, for each signal that asks the process to end.

    Python runs handlers of signals between two of its instructions, and there may be none for seconds while
    Qt waits for events. So Python is told to write a byte to a socket, which Qt watches.

    Parameters
    ----------
    end : callable
        What to do; until then the process goes on.

    Attributes
    ----------
    sockets : tuple of socket
        The end that Qt watches, and the one that Python writes to.
    """

    def __init__(self, end: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._end = end
        self._reader, self._writer = self.sockets = socket.socketpair()
        for end_of_pair in self.sockets:
            end_of_pair.setblocking(False)
        self._told_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]  # Windows lacks some
        self._handled_before = {number: signal.signal(number, lambda *_: None) for number in numbers}
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)

    def close(self) -> None:
        """Let signals do again what they did before, and close the sockets."""
        self._notifier.setEnabled(False)
        for number, handler in self._handled_before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)  # None: not set by Python
        signal.set_wakeup_fd(self._told_before)
        for end_of_pair in self.sockets:
            end_of_pair.close()

    def _on_activated(self) -> None:
        self._reader.recv(64)
        self._end()
