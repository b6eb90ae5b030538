"""SessionSlot: gives each open window a session file of its own.

Beside ``session-N.json`` stands ``session-N.lock``, which the operating system locks while a window is open,
and releases after a crash. Its content is the number of starts that did not get through. ``window-N.lock`` is
locked as well: its number tells the windows apart that are open at once.
"""

from __future__ import annotations

import re
import sys
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from explorer.gui.memory.window_session import load_session

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NAME = re.compile(r"session-(\d+)\.json")
_MOST_SLOTS = 100


class SessionSlot:
    """A session file, claimed for one window until `release` or the end of the process.

    Without a folder that can be written, a slot claims nothing and keeps no count.

    Attributes
    ----------
    path : Path
        The session file, which need not exist.
    failed_starts : int
        How many starts in a row did not get through, up to this one.
    window_number : int
        1 for a window that is open alone; another one for each that is open beside it.
    """

    def __init__(self, path: Path, lock: IO[bytes] | None, *, beside: bool = False) -> None:
        self.path = path
        self.window_number, numbered = _window_number(path.parent) if lock is not None else (1, None)
        self._lock, self._beside = lock, beside
        self._locks = [each for each in (lock, numbered) if each is not None]
        for each in self._locks:
            weakref.finalize(self, each.close)  # for a window that goes without being closed
        self.failed_starts = self._read()

    @classmethod
    def claim(cls, folder: Path, *, beside: bool = False) -> SessionSlot:
        """Return the newest session that no window has open, or else a new one; ``beside`` them a new one."""
        numbers = sorted(_saved(folder), key=lambda number: _modified(_path(folder, number)), reverse=True)
        for number in _unused(numbers) if beside else (*numbers, *_unused(numbers)):
            path = _path(folder, number)
            try:
                lock = _locked(path.with_suffix(".lock"))
            except OSError:
                break
            if lock is not None:
                return cls(path, lock, beside=beside)
        return cls(_path(folder, numbers[0] if numbers else 1), None)

    def note_start(self) -> None:
        """Count a start that has not got through yet."""
        self._write(self.failed_starts + 1)

    def note_offered(self) -> None:
        """Let one more start try to get through, in place of the one that offers safe mode."""
        self._write(self.failed_starts - 1)

    def note_opened(self) -> None:
        """Forget failed starts: the window is open and idle, or was closed by the person."""
        self._write(0)

    def forget_closed(self) -> None:
        """Delete the sessions of windows that were closed before this one; those that crashed stay.

        Of a window beside the last session, which has one of these left, delete its own instead.
        """
        folder = self.path.parent
        for path in (_path(folder, number) for number in _saved(folder)):
            with suppress(OSError):
                lock = None if path == self.path else _locked(path.with_suffix(".lock"))
                if lock is not None:
                    with lock:
                        session, _complaint = load_session(path)
                        if session.closed:
                            (self.path if self._beside else path).unlink(missing_ok=True)

    def release(self) -> None:
        """Let another window use the session."""
        for lock in self._locks:
            lock.close()
        self._locks, self._lock = [], None

    def _read(self) -> int:
        if self._lock is None:
            return 0
        self._lock.seek(0)
        content = self._lock.read(8)
        return int(content) if content.isdigit() else 0

    def _write(self, failed_starts: int) -> None:
        if self._lock is not None:
            with suppress(OSError):  # the count is a precaution; a full disk is told of elsewhere
                self._lock.seek(0)
                self._lock.truncate()
                self._lock.write(str(failed_starts).encode())


def _path(folder: Path, number: int) -> Path:
    return folder / f"session-{number}.json"


def _saved(folder: Path) -> list[int]:
    """Return the numbers of the sessions in a folder."""
    with suppress(OSError):
        return [int(match[1]) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    return []


def _unused(numbers: list[int]) -> Iterator[int]:
    return (number for number in range(1, _MOST_SLOTS) if number not in numbers)


def _window_number(folder: Path) -> tuple[int, IO[bytes] | None]:
    """Return the lowest number that no open window has, and its lock; 1 where there can be no locks."""
    with suppress(OSError):
        for number in range(1, _MOST_SLOTS):
            lock = _locked(folder / f"window-{number}.lock")
            if lock is not None:
                return number, lock
    return 1, None


def _modified(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_mtime_ns
    return 0


def _locked(path: Path) -> IO[bytes] | None:
    """Return a file opened and locked, None if another window has locked it.

    Raises
    ------
    OSError
        If it cannot be opened or created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+b", buffering=0)  # else a full disk would be told when it is closed
    try:
        if sys.platform == "win32":
            file.seek(1 << 20)  # a region behind the content, which stays readable
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.close()
        return None
    except OSError:
        pass  # not every network drive has locks
    return file
