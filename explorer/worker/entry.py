"""Entry point of the worker: what must be done before torch, or anything else, is loaded."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import MutableMapping

_SPINS = {"GOMP_SPINCOUNT": "10000"}
"""Iterations that a waiting OpenMP thread spins before it sleeps.

Two threads on two idle cores trained 23,000 images/s with the library's own count, 26,000 with this one and
11,000 without spinning; beside other work 2,400, 7,200 and 7,800, because one that spins takes the core that
another needs.
"""
_NICE = 5


def main() -> int:
    """Serve the protocol on standard input and output until `Shutdown`; return the exit code."""
    _leave_terminal()
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


def _leave_terminal() -> None:
    """Leave the process group of the window, so that Ctrl+C in a terminal reaches the window only.

    Not its session: Linux groups processes by session ("autogroup"), and the lower priority of the worker
    counts only within its own.
    """
    if sys.platform != "win32" and os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
