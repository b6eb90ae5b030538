"""Memory of the C library, which Qt and NumPy allocate from: gives back to the system what is free.

Only that of Linux (glibc) needs it, and has the functions; elsewhere nothing is done.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_LARGE_BYTES = 4 << 20
"""Size from which a block is returned to the system once it is freed; a new one costs its pages, 1 ms."""
_M_MMAP_THRESHOLD = -3


def return_large_blocks() -> None:
    """Let the C library give blocks such as pictures of a large window back to the system.

    That of Linux raises the size from which it does so to that of the largest block freed so far, up to 32 MB
    (mallopt(3), M_MMAP_THRESHOLD), and keeps smaller ones in its heap. There they are cut up for whatever
    comes next, and what is free between blocks in use stays: tens of megabytes after ten minutes.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def return_free_pages() -> None:
    """Give the pages of the heap that are free back to the system, also those between blocks in use.

    The C library returns only the end of its heap by itself. A dialog, a film or another window leaves holes
    below that: 90 of 600 MB after half an hour of use. It takes some milliseconds of the processor.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
