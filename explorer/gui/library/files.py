"""The files of a library: recordings, what a person has noted of them, and the limit to their size.

Beside ``NAME.lossrun`` stand ``NAME.toml`` with the notes, once there are any, and ``.pictures/NAME.png``.
A file of its own for each run, because several windows write notes.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import tomli_w
from msgspec import Struct

from explorer.core.files import read_regular, write_whole
from explorer.core.recording.header import SUFFIX, RunHeader
from explorer.core.recording.locks import use_of
from explorer.core.texts import _

_UNNAMED = re.compile(rf"(\d{{4}}-\d\d-\d\d)-(\d\d)(\d\d)\d\d-.+-[0-9a-f]{{6}}{re.escape(SUFFIX)}")
"""The name that the program gives the file of a run."""
GIGABYTE = 1_000_000_000


class LibraryOptions(Struct, frozen=True):
    """Whether runs are recorded, and how many gigabytes they may take; 0 is no limit."""

    recording: bool = True
    limit: float = 2.0


class RunNotes(Struct, frozen=True):
    """What a person has noted of a run; a pinned one is never deleted to make room."""

    name: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False


class StoredRun(Struct, frozen=True):
    """A recording in the folder: its size in bytes and the time of its last change in nanoseconds."""

    path: Path
    size: int
    modified: int


def stored_runs(folder: Path) -> list[StoredRun]:
    """Return the recordings in a folder, the newest first; none where the folder cannot be read."""
    found = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(SUFFIX):
                with suppress(OSError):  # deleted meanwhile
                    state = entry.stat()
                    if not stat.S_ISREG(state.st_mode):
                        continue  # to open a pipe would wait for ever
                    found.append(StoredRun(Path(entry.path), state.st_size, state.st_mtime_ns))
    return sorted(found, key=lambda run: (run.modified, run.path), reverse=True)


def notes_path(path: Path) -> Path:
    """Return where the notes on a recording are kept."""
    return path.with_suffix(".toml")


def picture_path(path: Path) -> Path:
    """Return where the picture of a recording is kept."""
    return path.parent / ".pictures" / f"{path.stem}.png"


def read_notes(path: Path) -> RunNotes | None:
    """Return the notes on a recording; None where there are none that can be read."""
    try:
        return msgspec.convert(tomllib.loads(read_regular(notes_path(path)).decode("utf-8")), RunNotes)
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None


def run_title(path: Path, header: RunHeader) -> str:
    """Return what a person has called a run or its file, else when it began."""
    notes = read_notes(path)
    name = header.name if notes is None else notes.name
    began = _UNNAMED.fullmatch(path.name)
    if name or began is None:
        return name or path.name
    return _("run of {date}").format(date="{} {}:{}".format(*began.groups()))


def write_notes(path: Path, notes: RunNotes) -> None:
    """Keep the notes on a recording; a crash in between leaves the old ones.

    Raises
    ------
    OSError
        Where the folder cannot be written.
    """
    data: dict[str, Any] = msgspec.to_builtins(notes)
    write_whole(notes_path(path), tomli_w.dumps(data).encode())


def delete_run(path: Path) -> None:
    """Delete a recording and what belongs to it for good.

    Raises
    ------
    OSError
        Where that is not possible.
    """
    path.unlink(missing_ok=True)
    forget_run(path)


def forget_run(path: Path) -> None:
    """Delete what is kept of a recording that is gone."""
    for beside in (notes_path(path), picture_path(path)):
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def make_room(folder: Path, limit: float) -> list[Path]:
    """Delete the oldest runs until the others take at most ``limit`` bytes, and return those deleted.

    Runs that are pinned, or in use by any window, stay, and count.
    """
    runs = stored_runs(folder)
    excess = sum(run.size for run in runs) - limit
    deleted = []
    for run in reversed(runs):
        if excess <= 0:
            break
        notes = read_notes(run.path)
        if notes is not None and notes.pinned:
            continue
        with suppress(OSError):  # gone already, or open on a system that keeps open files
            if not use_of(run.path):
                delete_run(run.path)
                deleted.append(run.path)
                excess -= run.size
    return deleted
