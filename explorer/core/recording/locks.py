"""Locks recordings that are in use, so that no other process deletes them.

A lock of the operating system on the open file, exclusive while it is written and shared while it is read. It
is released when the process ends, even by a crash. On Windows an open file cannot be deleted anyway.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

from explorer.core.files import open_regular

if sys.platform != "win32":
    import fcntl

Use = Literal["", "open", "written"]
"""How a file is in use by any process, including this one: not at all, open for reading, or being written."""

_ATTEMPTS, _PAUSE = 3, 0.01


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


def is_written(path: Path) -> bool:
    """Return whether any process writes a file.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    with open_regular(path) as file:
        return _is_locked(file, exclusive=False)


def use_of(path: Path) -> Use:
    """Return how a file is in use; raises as `is_written`.

    The check itself takes the lock for a moment, so a single refusal may come from another check.
    """
    with open_regular(path) as file:
        for _ in range(_ATTEMPTS):
            if not _is_locked(file, exclusive=True):
                return ""
            time.sleep(_PAUSE)
        return "written" if _is_locked(file, exclusive=False) else "open"


def _is_locked(file: IO[bytes], *, exclusive: bool) -> bool:
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file.fileno(), (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # not every network drive has locks
    return False
