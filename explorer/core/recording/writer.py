"""RecordingWriter: records a run in a thread, without delaying the caller."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from explorer.core.protocol import messages as m
from explorer.core.recording.growing import FrameLog
from explorer.core.recording.header import RecordingError, RunHeader
from explorer.core.recording.run_file import Configuration, Item, RunFile
from explorer.core.settings.config import RunConfig

WAITING_LIMIT = 128 * 1024 * 1024
"""Maximum bytes in the queue for a slow disk; further frames and checkpoints are skipped."""
_PATIENCE = 30.0
"""Seconds that `close` waits for the queue to be written."""

_FAULTS = (OSError, ValueError, OverflowError, msgspec.MsgspecError)
"""Errors that end a recording: from the disk, or for a value that the format cannot represent."""


class WriterStatus(Struct, frozen=True):
    """The state of a recording.

    Parameters
    ----------
    frames, bytes : int
        Number of frames and bytes written.
    left_out : int
        Frames and checkpoints skipped because the disk is too slow.
    seconds : float
        Time spent by the writing thread.
    error : RecordingError, optional
        Why the recording has ended early; what was written can be read.
    """

    frames: int = 0
    bytes: int = 0
    left_out: int = 0
    seconds: float = 0.0
    error: RecordingError | None = None


class RecordingWriter:
    """Writes a run to a file, in its own thread. Use it as a context manager, or `close` it.

    All methods are thread-safe, and all but `close` and `settle` return at once. Each message is passed to
    the operating system as soon as it is written, so that it survives a crash of this process. After an
    error, such as a full disk, the file ends with the last complete message and further items are ignored;
    see `status`.

    Parameters
    ----------
    path : Path
        The file; it must not exist.
    header : RunHeader, or a function that returns it
        The description of the run. A function is called by the writing thread, which then creates the file,
        because the digest of the data set takes tens of milliseconds; errors are then reported by `status`.
    overwrite : bool
        Replace an existing file.

    Attributes
    ----------
    log : FrameLog
        The frames that are on disk so far; a `GrowingRecording` reads them.

    Raises
    ------
    RecordingError
        By the constructor with a header, if the file cannot be created.
    """

    def __init__(
        self, path: Path, header: RunHeader | Callable[[], RunHeader], *, overwrite: bool = False
    ) -> None:
        self.path = path
        self.log = FrameLog()
        self._status = WriterStatus()
        self._items: deque[Item | threading.Event | None] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._closed = False
        file = _create(path, header, self.log, overwrite) if isinstance(header, RunHeader) else None
        if file is not None:
            work = partial(self._write_all, file)
        else:
            assert callable(header), "it is made by the thread"
            work = partial(self._create_and_write, header, overwrite)
        self._thread = threading.Thread(target=work, name="recording", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # the system gives this process no more threads
            if file is not None:
                file.abandon()
            self._stop(_cannot_record(path, error))

    @property
    def status(self) -> WriterStatus:
        """The current state of the recording."""
        return self._status

    @property
    def writing(self) -> bool:
        """Whether the file is open; after `end`, until the queue is written."""
        return self._thread.is_alive()

    def configured(self, seq: int, config: RunConfig) -> None:
        """Store a requested configuration; it is written when the run applies it."""
        self.write(Configuration(seq, config))

    def write(self, item: Item) -> None:
        """Record an event of the worker, or one detected in the frames.

        Events that do not belong to a recording, such as embedded digits, and events of other runs are
        ignored.
        """
        size = _size(item)
        with self._changed:
            if self._closed or self._status.error is not None:
                return
            if size and self._bytes + size > WAITING_LIMIT:
                self._status = replace(self._status, left_out=self._status.left_out + 1)
                return
            self._bytes += size
            self._items.append(item)
            self._changed.notify()

    def end(self) -> None:
        """Finish the file in the writing thread, and return at once.

        The file is removed if no run has started.
        """
        with self._changed:
            if not self._closed:
                self._closed = True
                self._items.append(None)
                self._changed.notify()

    def settle(self, seconds: float) -> None:
        """Wait until all that it was given is on the disk, at most so many seconds; more may follow.

        After an error there is nothing to wait for.
        """
        settled = threading.Event()
        with self._changed:
            ending = self._closed
            if self._status.error is not None:
                return
            if not ending:
                self._items.append(settled)
                self._changed.notify()
        if not ending:
            settled.wait(seconds)
        elif self._thread.ident is not None:
            self._thread.join(seconds)

    def close(self) -> WriterStatus:
        """Finish the file, wait for that, and return the final status."""
        self.end()
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            error = RecordingError(
                "{file}: the disk does not respond; the recording has stopped.", file=self.path
            )
            with self._changed:
                self._status = replace(self._status, error=error)
        return self._status

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def _create_and_write(self, header: Callable[[], RunHeader], overwrite: bool) -> None:
        try:
            file = _create(self.path, header(), self.log, overwrite)
        except RecordingError as error:
            self._stop(error)
        except _FAULTS as error:
            self._stop(_cannot_record(self.path, error))
        else:
            self._write_all(file)

    def _write_all(self, file: RunFile) -> None:
        try:
            while self._write_next(file):
                pass
        except _FAULTS as error:
            file.abandon()
            self._stop(_cannot_record(self.path, error))

    def _write_next(self, file: RunFile) -> bool:
        """Wait for an item and write it, or bring what is written to the disk; return whether to go on."""
        wait = file.sync_in
        with self._changed:
            if wait != 0.0 and self._changed.wait_for(lambda: self._items, wait):
                item = self._items.popleft()
                self._bytes -= _size(item)
                due = False
            else:
                item, due = None, True
        began = time.perf_counter()
        if item is None and not due:
            file.finish()
        elif due:
            file.sync()
        elif isinstance(item, threading.Event):
            try:
                file.sync()
            finally:
                item.set()
        elif item is not None:
            file.write(item)
        with self._changed:
            self._status = replace(
                self._status,
                frames=file.frames,
                bytes=file.size,
                seconds=self._status.seconds + time.perf_counter() - began,
            )
        return due or item is not None

    def _stop(self, error: RecordingError) -> None:
        with self._changed:
            self._status = replace(self._status, error=error)
            for item in self._items:
                if isinstance(item, threading.Event):
                    item.set()
            self._items.clear()


def _create(path: Path, header: RunHeader, log: FrameLog, overwrite: bool) -> RunFile:
    try:
        return RunFile(path, header, log, overwrite=overwrite)
    except FileExistsError:
        raise RecordingError("{file} already exists. Choose another name.", file=path) from None
    except _FAULTS as error:
        raise _cannot_record(path, error) from None


def _size(item: Item | threading.Event | None) -> int:
    """Return the size of an item in the queue in bytes; 0 for small items, which are never skipped."""
    match item:
        case m.Frame(features=features):
            return len(features.data)
        case m.Checkpoint(data=data):
            return len(data)
        case _:
            return 0


def _cannot_record(path: Path, error: Exception) -> RecordingError:
    return RecordingError("Cannot record to {file}: {error}.", file=path, error=error)
