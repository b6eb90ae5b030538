"""Entry point of the worker: what must be done before torch, or anything else, is loaded."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import Path

_SPINS = {"GOMP_SPINCOUNT": "10000"}
"""Iterations that a waiting OpenMP thread spins before it sleeps.

Two threads on two idle cores trained 23,000 images/s with the library's own count, 26,000 with this one and
11,000 without spinning; beside other work 2,400, 7,200 and 7,800, because one that spins takes the core that
another needs.
"""
_NICE = 5
_ATTEMPTS, _PAUSE = 5, 0.1


def main() -> int:
    """Serve the protocol on standard input and output until `Shutdown`; return the exit code."""
    output = _claim_standard_output()  # before any import: what libraries print then is no message
    _lower_priority()  # on Linux only threads that start later inherit it
    spin_briefly(os.environ)
    from explorer.core.protocol import messages as m
    from explorer.worker.torch_check import TorchError, load_torch
    from explorer.worker.transport import Transport

    transport = Transport(output)
    try:
        load_torch()
    except TorchError as error:
        traceback.print_exc()
        transport.send(m.Failed(run=0, what=error.text, where="start"))
        transport.close()
        return 1
    from explorer.worker.loop import serve

    return serve(transport)


def spin_briefly(environment: MutableMapping[str, str]) -> None:
    """Set the spin count in an environment in which torch will be loaded, unless it is set already."""
    for name, value in _SPINS.items():
        environment.setdefault(name, value)


def _claim_standard_output() -> int:
    """Return a descriptor for the protocol, and redirect all other output to standard error."""
    output = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(output, os.O_BINARY)
        msvcrt.setmode(0, os.O_BINARY)
    return output


def _lower_priority() -> None:
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
        if os.getsid(0) == os.getpid():
            _lower_session()


def _lower_session() -> None:
    """Lower the priority of a session of its own, which the window gives to its worker.

    Linux shares the processor evenly among sessions where it groups processes by them ("autogroup"):
    the priority of a process counts only within its own.
    """
    for _attempt in range(_ATTEMPTS):
        try:
            Path("/proc/self/autogroup").write_text(str(_NICE), "ascii")
        except BlockingIOError:  # one process may do so in a tenth of a second, and workers start together
            time.sleep(_PAUSE)
        except OSError:  # no such system, or one that does not group processes
            return
        else:
            return
