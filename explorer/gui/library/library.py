"""Library: lists the recorded runs of a folder, and reads each file only once."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtGui import QImage

from explorer.core.files import read_regular, write_whole
from explorer.core.recording.header import RecordingError
from explorer.core.recording.locks import is_written
from explorer.core.recording.reader import read_header
from explorer.core.texts import Text
from explorer.gui.library.files import (
    RunNotes,
    StoredRun,
    picture_path,
    read_notes,
    stored_runs,
)
from explorer.gui.library.summary import RunSummary, read_run, summary_of_header

_INDEX = ".index.msgpack"
_VERSION = 1
_READ_SECONDS = 0.1


class RunItem(Struct, frozen=True):
    """A run in the list.

    Parameters
    ----------
    path : Path
        Its file.
    size : int
        Bytes of the file.
    modified : int
        When the file was last changed, in nanoseconds.
    summary : RunSummary, optional
        Facts about it; None while it has not been read, and where it cannot be read.
    fault : Text, optional
        Why it cannot be read.
    notes : RunNotes
        What a person has noted, or else what the recording says.
    recording : bool
        Whether it is being recorded.
    """

    path: Path
    size: int
    modified: int
    summary: RunSummary | None = None
    fault: Text | None = None
    notes: RunNotes = RunNotes()
    recording: bool = False


class Listing(Struct, frozen=True):
    """The runs of a folder, the newest first; of ``unread`` ones the facts are still to be read."""

    items: tuple[RunItem, ...]
    unread: int = 0


class _Entry(Struct, frozen=True):
    """What is known of a file of this size and time of change."""

    size: int
    modified: int
    summary: RunSummary | None = None
    fault: Text | None = None


class _Index(Struct, frozen=True):
    version: int
    files: dict[str, _Entry]


class Library:
    """The recorded runs of a folder. One thread at a time may use it.

    What has been read of a file is kept in an index in the folder, so that a thousand runs are listed at
    once. The index can be deleted at any time. Several windows may write it: what one of them has not put
    down is read again.

    Parameters
    ----------
    folder : Path
        The folder, which need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._entries: dict[str, _Entry] | None = None

    def list_runs(self, seconds: float = _READ_SECONDS) -> Listing:
        """Return the runs; read new and changed ones for about so long, the newest first."""
        known = self._entries if self._entries is not None else self._read_index()
        end = time.monotonic() + seconds
        entries: dict[str, _Entry] = {}
        items, unread, changed = [], 0, False
        for run in stored_runs(self.folder):
            try:
                live = is_written(run.path)
            except OSError:
                continue  # deleted meanwhile
            entry = known.get(run.path.name)
            if live:
                entry = _Entry(run.size, run.modified, _live_summary(run.path))
            elif entry is None or (entry.size, entry.modified) != (run.size, run.modified):
                if time.monotonic() < end or not changed:
                    entry, changed = _read(run), True
                    entries[run.path.name] = entry
                else:
                    entry, unread = _Entry(run.size, run.modified), unread + 1
            else:
                entries[run.path.name] = entry
            items.append(_item(run, entry, live=live))
        self._entries = entries
        if changed and not unread:
            self._write_index(entries)
        return Listing(tuple(items), unread)

    def _read_index(self) -> dict[str, _Entry]:
        try:
            index = msgspec.msgpack.decode(read_regular(self.folder / _INDEX), type=_Index)
        except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
            return {}
        return index.files if index.version == _VERSION else {}

    def _write_index(self, entries: dict[str, _Entry]) -> None:
        with suppress(OSError, UnicodeEncodeError):  # the runs can be listed without; a name may be no text
            write_whole(self.folder / _INDEX, msgspec.msgpack.encode(_Index(_VERSION, entries)))


def _live_summary(path: Path) -> RunSummary | None:
    try:
        return summary_of_header(read_header(path))
    except RecordingError:
        return None  # its header is just being written


def _read(run: StoredRun) -> _Entry:
    try:
        summary, picture = read_run(run.path)
    except RecordingError as error:
        return _Entry(run.size, run.modified, fault=error.text)
    if picture is not None:
        _save_picture(picture, picture_path(run.path))
    return _Entry(run.size, run.modified, summary)


def _item(run: StoredRun, entry: _Entry, *, live: bool) -> RunItem:
    notes = read_notes(run.path)
    if notes is None:
        summary = entry.summary
        notes = RunNotes(summary.name, summary.notes) if summary is not None else RunNotes()
    return RunItem(run.path, run.size, run.modified, entry.summary, entry.fault, notes, live)


def _save_picture(picture: QImage, path: Path) -> None:
    with suppress(OSError):  # a run is listed without its picture where the folder cannot be written
        path.parent.mkdir(exist_ok=True)
        picture.save(str(path))
