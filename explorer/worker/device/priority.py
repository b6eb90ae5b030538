"""Priority: a worker steps back behind the window that it serves, so that a click is answered at once."""

from __future__ import annotations

import os
import sys

_NICE = 5


def step_back() -> None:
    """Lower the priority of this process below that of usual programs."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(_NICE)
