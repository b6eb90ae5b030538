"""A disk that fails on purpose: the N-th operation on a folder raises, or the power is cut between two.

Both replace the calls by which Python reaches the operating system, so that whatever the program and its
libraries do with files passes through here. What a library does in C is not seen.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
SECTOR = 512
"""Bytes that a disk writes whole; SQLite assumes the same."""

_OF_PATHS = ("replace", "rename", "link", "mkdir", "rmdir", "unlink", "remove", "scandir", "listdir")
_NEED_ROOM = ("open", "write", "fsync", "mkdir", "link")

Watch = Callable[[str, tuple[Any, ...]], None]
"""Is told of an operation and what it acts on: paths, or a file's number, offset and data."""


def _nothing(_operation: str, _parts: tuple[Any, ...]) -> None:
    return


class _Files:
    """Replaces the calls that reach the disk, and tells of those on a folder before and after each."""

    def __init__(self, folder: Path, before: Watch = _nothing, after: Watch = _nothing) -> None:
        self.folder = os.path.realpath(folder)
        self._before, self._after = before, after
        self._descriptors: dict[int, str] = {}
        self._real: dict[str, Any] = {}

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch for the length of a block."""
        with pytest.MonkeyPatch.context() as patch:
            for name in _OF_PATHS:
                self._real[name] = getattr(os, name)
                patch.setattr(os, name, self._of_paths(name))
            for name in ("write", "fsync", "close"):
                self._real[name] = getattr(os, name)
                patch.setattr(os, name, getattr(self, name))
            self._real["os.open"], self._real["open"] = os.open, builtins.open
            patch.setattr(os, "open", self._os_open)
            patch.setattr(builtins, "open", self._open)
            patch.setattr(io, "open", self._open)
            yield

    def _inside(self, path: Any) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        name = os.path.abspath(os.fsdecode(path))
        return name == self.folder or name.startswith(self.folder + os.sep)

    def _of_paths(self, name: str) -> Callable[..., Any]:
        real = self._real[name]

        def call(*parts: Any, **options: Any) -> Any:
            if not any(self._inside(part) for part in parts):
                return real(*parts, **options)
            paths = tuple(os.path.abspath(os.fsdecode(part)) for part in parts if self._inside(part))
            self._before(name, paths)
            result = real(*parts, **options)
            self._after(name, paths)
            return result

        return call

    def _os_open(self, path: Any, flags: int, mode: int = 0o777, **options: Any) -> int:
        if not self._inside(path):
            return self._real["os.open"](path, flags, mode, **options)
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        self._before("open" if writes else "read", (os.fspath(path),))
        number = self._real["os.open"](path, flags, mode, **options)
        self._note(number, path, emptied=bool(flags & os.O_TRUNC))
        return number

    def _note(self, number: int, path: Any, *, emptied: bool) -> None:
        self._descriptors[number] = os.path.abspath(os.fsdecode(path))
        self._after("open", (number, self._descriptors[number], emptied))

    def forget(self, number: int) -> None:
        """Take note that a file is closed."""
        self._descriptors.pop(number, None)

    def close(self, number: int) -> None:
        """Do as `os.close`."""
        self.forget(number)
        self._real["close"](number)

    def write(self, number: int, data: Any) -> int:
        """Do as `os.write`."""
        if number not in self._descriptors:
            return self._real["write"](number, data)
        place = os.lseek(number, 0, os.SEEK_CUR)
        self._before("write", (number,))
        written = self._real["write"](number, data)
        self._after("write", (number, place, bytes(data[:written])))
        return written

    def fsync(self, number: int) -> None:
        """Do as `os.fsync`."""
        if number in self._descriptors:
            self._before("fsync", (number,))
        self._real["fsync"](number)
        if number in self._descriptors:
            self._after("fsync", (number, self._descriptors[number]))

    def _open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if not self._inside(file) or not set(mode) & set("wax+"):
            if self._inside(file):
                self._before("read", (file,))
            return self._real["open"](file, mode, buffering, encoding, errors, newline, closefd, opener)
        self._before("open", (file,))
        raw = _Raw(self, file, mode.replace("b", "").replace("t", ""), opener)
        self._note(raw.fileno(), file, emptied="w" in mode)
        if buffering == 0:
            return raw
        binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, encoding, errors, newline)


class _Raw(io.FileIO):
    """A file whose every write is told."""

    def __init__(self, files: _Files, path: Any, mode: str, opener: Any) -> None:
        super().__init__(path, mode, opener=opener)
        self._files = files

    def write(self, data: Any) -> int:
        return self._files.write(self.fileno(), data)

    def close(self) -> None:
        if not self.closed:
            self._files.forget(self.fileno())
        super().close()


@contextmanager
def failing_disk(folder: Path, at: int, number: int) -> Iterator[list[str]]:
    """Let the operation ``at``, counted from 0, fail with an error number; yields the operations made.

    A disk that is full stays so: all that needs room fails from then on.
    """
    made: list[str] = []

    def before(operation: str, _parts: tuple[Any, ...]) -> None:
        made.append(operation)
        full = number == errno.ENOSPC and len(made) > at and operation in _NEED_ROOM
        if full or len(made) == at + 1:
            raise OSError(number, os.strerror(number))

    with _Files(folder, before).watched():
        yield made


class Journal:
    """What was done to a folder, for finding out what a power cut in the middle of it would leave.

    A file system that writes its journal in order is assumed, as ext4, XFS, Btrfs, APFS and NTFS do: names
    survive up to some moment after the last `fsync` of a folder. Of the content of a file what is written
    after its last `fsync` survives in any selection of sectors; the others are zeros, or missing at its end.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.realpath(folder))
        self._events: list[tuple[str, tuple[Any, ...]]] = []
        self._first = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def __len__(self) -> int:
        return len(self._events)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Note what is done in a block."""
        with _Files(self.folder, after=self._add).watched():
            yield

    def _add(self, operation: str, parts: tuple[Any, ...]) -> None:
        self._events.append((operation, parts))

    def after_cut(self, at: int, chance: random.Random) -> dict[str, bytes]:
        """Return names and contents of the files that a cut after ``at`` operations may leave."""
        disk = _Disk(self._first, str(self.folder))
        for operation, parts in self._events[:at]:
            disk.take(operation, parts)
        return disk.after_cut(chance)

    def synced(self, at: int, name: str) -> bytes:
        """Return what is certain to be in a file after a cut; all its writes up to its last `fsync`."""
        disk = _Disk(self._first, str(self.folder))
        for operation, parts in self._events[:at]:
            disk.take(operation, parts)
        file = disk.names.get(os.path.join(self.folder, name))
        return b"" if file is None else bytes(file.synced)


class _File:
    """The content of a file: as it is, as it is on the disk for certain, and what is written since."""

    def __init__(self, data: bytes = b"") -> None:
        self.data, self.synced = bytearray(data), bytearray(data)
        self.writes: list[tuple[int, bytes]] = []

    def write(self, place: int, data: bytes) -> None:
        self.data[place : place + len(data)] = data
        self.writes.append((place, data))

    def sync(self) -> None:
        self.synced = bytearray(self.data)
        self.writes = []

    def after_cut(self, chance: random.Random) -> bytes:
        found, share = bytearray(self.synced), chance.choice((0.0, 0.5, 0.9, 1.0))
        for place, data in self.writes:
            for begin in range(0, len(data), SECTOR):
                part = data[begin : begin + SECTOR]
                if chance.random() < share:
                    at = place + begin
                    found.extend(bytes(max(0, at - len(found))))
                    found[at : at + len(part)] = part
        return bytes(found)


class _Disk:
    """The files of a folder while its operations are repeated."""

    def __init__(self, first: dict[Path, bytes], folder: str) -> None:
        self.names = {str(path): _File(data) for path, data in first.items()}
        self._folder = folder
        self._certain = dict(self.names)
        self._unsynced: list[dict[str, _File]] = []
        self._open: dict[int, _File] = {}

    def take(self, operation: str, parts: tuple[Any, ...]) -> None:
        """Repeat an operation."""
        match operation:
            case "open":
                number, path, emptied = parts
                if Path(path).is_dir():
                    self._open.pop(number, None)
                    return
                if path not in self.names or emptied:
                    self.names = {**self.names, path: _File()}
                    self._unsynced.append(self.names)
                self._open[number] = self.names[path]
            case "write":
                number, place, data = parts
                self._open[number].write(place, data)
            case "fsync":
                number, _path = parts
                if number in self._open:
                    self._open[number].sync()
                else:  # a folder
                    self._certain, self._unsynced = self.names, []
            case "replace" | "rename":
                old, new = parts
                names = dict(self.names)
                if old in names:
                    names[new] = names.pop(old)
                self._change(names)
            case "unlink" | "remove":
                self._change({name: file for name, file in self.names.items() if name != parts[0]})

    def _change(self, names: dict[str, _File]) -> None:
        self.names = names
        self._unsynced.append(names)

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return what may be left of it."""
        names = chance.choice([self._certain, *self._unsynced])
        return {os.path.relpath(name, self._folder): file.after_cut(chance) for name, file in names.items()}
