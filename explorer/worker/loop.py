"""The main loop of the worker: handle commands, train, send events.

Standard output carries the protocol only; all other output is redirected to standard error.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from typing import NoReturn

import torch

from explorer import __version__
from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import ProtocolError, command_decoder, encode
from explorer.worker.device.devices import available_devices
from explorer.worker.session import Session

_READ_SIZE = 1 << 16
_WATCHER_CORES = 1
_GRACE = 3.0
"""Seconds that the current step may take after the input has closed."""


def serve() -> int:
    """Serve the protocol on standard input and output until `Shutdown`; return the exit code."""
    lower_priority()  # first: on Linux only threads started later inherit the priority
    output = _claim_standard_output()
    inbox: queue.SimpleQueue[m.Command | ProtocolError] = queue.SimpleQueue()
    outbox: queue.SimpleQueue[m.Event | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(0, inbox), daemon=True).start()
    writer = threading.Thread(target=_write, args=(output, outbox), daemon=True)
    writer.start()
    torch.set_flush_denormal(True)
    outbox.put(m.Hello(m.PROTOCOL_VERSION, __version__, str(torch.__version__), available_devices()))
    code = _run(Session(outbox.put, _WATCHER_CORES), inbox, outbox)
    outbox.put(None)
    writer.join(_GRACE)
    return code


def _run(
    session: Session,
    inbox: queue.SimpleQueue[m.Command | ProtocolError],
    outbox: queue.SimpleQueue[m.Event | None],
) -> int:
    while True:
        while not (session.busy and inbox.empty()):
            command = inbox.get()
            if isinstance(command, m.Shutdown):
                return 0
            if isinstance(command, ProtocolError):
                print(f"loss-explorer: {command}", file=sys.stderr)
                outbox.put(m.Failed(run=0, what=command.text, where="stdin"))
                return 1
            session.handle(command)
        session.tick()


def _claim_standard_output() -> int:
    """Return a descriptor for the protocol, and redirect all other output to standard error."""
    output = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(output, os.O_BINARY)
        msvcrt.setmode(0, os.O_BINARY)
    return output


def _read(descriptor: int, inbox: queue.SimpleQueue[m.Command | ProtocolError]) -> None:
    decoder = command_decoder()
    try:
        while data := os.read(descriptor, _READ_SIZE):
            for command in decoder.feed(data):
                inbox.put(command)
        decoder.close()
    except ProtocolError as error:
        inbox.put(error)
        return
    except OSError:
        pass
    inbox.put(m.Shutdown())
    _leave_soon()


def _write(descriptor: int, outbox: queue.SimpleQueue[m.Event | None]) -> None:
    try:
        while (event := outbox.get()) is not None:
            data = memoryview(encode(event))
            while data:
                data = data[os.write(descriptor, data) :]
    except OSError:
        _leave_soon()
    except BaseException:
        # The window would wait forever for an event that cannot be sent.
        traceback.print_exc()
        os._exit(1)


def _leave_soon() -> None:
    """Exit after a grace period even if a step hangs: the window is gone."""

    def leave() -> NoReturn:
        os._exit(1)

    timer = threading.Timer(_GRACE, leave)
    timer.daemon = True
    timer.start()


_NICE = 5


def lower_priority() -> None:
    """Lower the priority of this process, so that the window stays responsive."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(_NICE)
