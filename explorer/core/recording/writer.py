"""RecordingWriter: puts a run on disk while it is shown, without holding up whoever shows it."""

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
from explorer.core.recording.header import RecordingError, RunHeader
from explorer.core.recording.run_file import Configuration, Item, RunFile
from explorer.core.settings.config import RunConfig

WAITING_LIMIT = 128 * 1024 * 1024
"""Bytes that may wait for a slow disk; frames and checkpoints beyond are left out."""
_PATIENCE = 30.0
"""Seconds that `close` waits for what is still to be written."""

_FAULTS = (OSError, ValueError, OverflowError, msgspec.MsgspecError)
"""What ends a recording: the disk, or a value that has no place in the format."""


class WriterStatus(Struct, frozen=True):
    """What has become of a recording so far.

    Parameters
    ----------
    frames, bytes : int
        Written.
    left_out : int
        Frames and checkpoints that were not written because the disk is too slow.
    seconds : float
        Time that the writing thread has spent.
    error : RecordingError, optional
        Why nothing more is written; what was, can be read.
    """

    frames: int = 0
    bytes: int = 0
    left_out: int = 0
    seconds: float = 0.0
    error: RecordingError | None = None


class RecordingWriter:
    """Writes one run to one file, in a thread of its own. Use as a context, or `close` it.

    Every method but `close` returns at once, and all may be called from any thread. Each message goes to the
    operating system as soon as it is written, so that it outlives this process. After a fault, such as a full
    disk, the file ends with the last whole message, and everything else is ignored: `status` says so.

    Parameters
    ----------
    path : Path
        The file, which must not exist.
    header : RunHeader, or a function that returns it
        What is known of the run. A function is called by the writing thread, which then creates the file: the
        digest of the data set takes tens of milliseconds. Where that fails, `status` says so.
    overwrite : bool
        Replace a file that exists.

    Raises
    ------
    RecordingError
        By the constructor with a header, where the file cannot be created.
    """

    def __init__(
        self, path: Path, header: RunHeader | Callable[[], RunHeader], *, overwrite: bool = False
    ) -> None:
        self.path = path
        self._status = WriterStatus()
        self._items: deque[Item | None] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._closed = False
        if isinstance(header, RunHeader):
            work = partial(self._write_all, _create(path, header, overwrite))
        else:
            work = partial(self._create_and_write, header, overwrite)
        self._thread = threading.Thread(target=work, name="recording", daemon=True)
        self._thread.start()

    @property
    def status(self) -> WriterStatus:
        """What has become of the recording so far."""
        return self._status

    @property
    def writing(self) -> bool:
        """Whether the file is open; it is until everything that waits is written after `end`."""
        return self._thread.is_alive()

    def configured(self, seq: int, config: RunConfig) -> None:
        """Note a configuration that was asked for; it is written when the run takes it."""
        self.write(Configuration(seq, config))

    def write(self, item: Item) -> None:
        """Record an event of the worker, or something found in the frames.

        What belongs to no recording, such as where a drawn digit lands, is ignored, and so is what another
        run sends.
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
        """Have what waits and the table of contents written and the file closed, and return at once.

        A file in which no run has started is removed.
        """
        with self._changed:
            if not self._closed:
                self._closed = True
                self._items.append(None)
                self._changed.notify()

    def close(self) -> WriterStatus:
        """`end`, wait for it, and return the final status."""
        self.end()
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            error = RecordingError("{file}: the disk does not answer; recording has stopped.", file=self.path)
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
            file = _create(self.path, header(), overwrite)
        except RecordingError as error:
            self._stop(error)
        except _FAULTS as error:
            self._stop(_cannot_record(self.path, error))
        else:
            self._write_all(file)

    def _write_all(self, file: RunFile) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._items)
                item = self._items.popleft()
                self._bytes -= _size(item)
            began = time.perf_counter()
            try:
                if item is None:
                    file.finish()
                else:
                    file.write(item)
            except _FAULTS as error:
                file.abandon()
                self._stop(_cannot_record(self.path, error))
                return
            with self._changed:
                self._status = replace(
                    self._status,
                    frames=file.frames,
                    bytes=file.size,
                    seconds=self._status.seconds + time.perf_counter() - began,
                )
            if item is None:
                return

    def _stop(self, error: RecordingError) -> None:
        with self._changed:
            self._status = replace(self._status, error=error)
            self._items.clear()


def _create(path: Path, header: RunHeader, overwrite: bool) -> RunFile:
    try:
        return RunFile(path, header, overwrite=overwrite)
    except FileExistsError:
        raise RecordingError("{file} exists; choose another name.", file=path) from None
    except _FAULTS as error:
        raise _cannot_record(path, error) from None


def _size(item: Item | None) -> int:
    """Return how many bytes of a queue an item takes; 0 for what is small and never left out."""
    match item:
        case m.Frame(features=features):
            return len(features.data)
        case m.Checkpoint(data=data):
            return len(data)
        case _:
            return 0


def _cannot_record(path: Path, error: Exception) -> RecordingError:
    problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return RecordingError("Cannot record to {file}: {error}.", file=path, error=problem)
