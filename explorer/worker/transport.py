"""Transport: the commands and events of a worker on its streams, each in a thread of its own."""

from __future__ import annotations

import os
import queue
import threading
import time
import traceback
from typing import NoReturn

from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import KEEP_ALIVE, ProtocolError, command_decoder, encode

_READ_SIZE = 1 << 16
_GRACE = 3.0
"""Seconds that the current step may take after the input has closed."""
_ALIVE_SECONDS = 1.0
"""Interval at which a worker that has nothing to say tells that it is at work."""
_AT_WORK = 0.01
"""Seconds of processor time in such an interval that count as work."""


class Transport:
    """Reads commands from standard input, and writes events to a descriptor.

    While there is no event, it writes once a second that the process is at work, as long as it uses processor
    time: the window tells a long computation from one that hangs by that.

    Parameters
    ----------
    output : int
        Where to write.

    Attributes
    ----------
    inbox : SimpleQueue
        The commands that have arrived, the last of them `Shutdown`; or why one could not be read.
    """

    def __init__(self, output: int) -> None:
        self.inbox: queue.SimpleQueue[m.Command | ProtocolError] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[m.Event | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, args=(output,), daemon=True)
        self._writer.start()

    def listen(self) -> None:
        """Begin to read commands from standard input; once it is closed, this process ends soon."""
        threading.Thread(target=self._read, args=(0,), daemon=True).start()

    def send(self, event: m.Event) -> None:
        """Send an event, and return at once."""
        self._outbox.put(event)

    def close(self) -> None:
        """Write what has been sent, for as long as that is possible soon."""
        self._outbox.put(None)
        self._writer.join(_GRACE)

    def _read(self, descriptor: int) -> None:
        decoder = command_decoder()
        try:
            while data := os.read(descriptor, _READ_SIZE):
                for command in decoder.feed(data):
                    self.inbox.put(command)
            decoder.close()
        except ProtocolError as error:
            self.inbox.put(error)
            return
        except OSError:
            pass
        self.inbox.put(m.Shutdown())
        _leave_soon()

    def _write(self, descriptor: int) -> None:
        try:
            while (data := self._next()) is not None:
                while data:
                    data = data[os.write(descriptor, data) :]
        except OSError:
            _leave_soon()
        except BaseException:
            # The window would wait forever for an event that cannot be sent.
            traceback.print_exc()
            os._exit(1)

    def _next(self) -> memoryview | None:
        """Return what to write next, once there is something; None at the end."""
        while True:
            used = time.process_time()
            try:
                event = self._outbox.get(timeout=_ALIVE_SECONDS)
            except queue.Empty:
                if time.process_time() - used > _AT_WORK:
                    return memoryview(KEEP_ALIVE)
            else:
                return None if event is None else memoryview(encode(event))


def _leave_soon() -> None:
    """Exit after a grace period even if a step hangs: the window is gone."""

    def leave() -> NoReturn:
        os._exit(1)

    timer = threading.Timer(_GRACE, leave)
    timer.daemon = True
    timer.start()
