"""Locks recordings that are in use, so that no other process deletes them.

A lock of the operating system on the open file, exclusive while it is written and shared while it is read. It
is released when the process ends, even by a crash. On Windows an open file cannot be deleted anyway.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

if sys.platform != "win32":
    import fcntl

Use = Literal["", "open", "written"]
"""How a file is in use by any process, including this one: not at all, open for reading, or being written."""


def mark_written(file: IO[bytes]) -> None:
    """Lock a file that is being written, until it is closed."""
    if sys.platform != "win32":
        with suppress(OSError):  # some network drives have no locks
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def mark_open(file: IO[bytes]) -> None:
    """Lock a file that is being read, until it is closed; a lock for writing has precedence."""
    if sys.platform != "win32":
        with suppress(OSError):
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)


def use_of(path: Path) -> Use:
    """Return how a file is in use.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    with path.open("rb") as file:
        if sys.platform != "win32":
            states: tuple[tuple[int, Use], ...] = ((fcntl.LOCK_SH, "written"), (fcntl.LOCK_EX, "open"))
            for kind, state in states:
                try:
                    fcntl.flock(file.fileno(), kind | fcntl.LOCK_NB)
                except BlockingIOError:
                    return state
                except OSError:
                    return ""
    return ""
