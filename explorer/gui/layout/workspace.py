"""Workspace: an arrangement of the panels with a name; built in, or saved as a file."""

from __future__ import annotations

import tomllib
import zlib
from pathlib import Path
from typing import Annotated

import msgspec
import tomli_w
from msgspec import Meta, Struct
from PySide6.QtCore import QByteArray

from explorer.core.files import write_whole
from explorer.core.texts import N_, TextError

SUFFIX = ".workspace"
_FORMAT = 2
"""Without a checksum before 2."""
_MOST_BYTES = 100_000
_LONGEST_TITLE = 60


class WorkspaceError(TextError):
    """A workspace cannot be read or saved; the message names the file and the reason."""


class Workspace(Struct, frozen=True, kw_only=True):
    """A built-in workspace.

    Parameters
    ----------
    id, title, tip : str
        Name in commands, and message ids of its name on screen and of what it is for.
    panels : tuple of str
        Ids of the open panels; those of one place are tabs, the last of them in front.
    large_type : bool
        Whether it is for a projector.
    """

    id: str
    title: str
    tip: str
    panels: tuple[str, ...]
    large_type: bool = False


BUILT_IN = (
    Workspace(
        id="lecture",
        title=N_("&Lecture"),
        tip=N_("Features, angles and curves in large type, for a projector."),
        panels=("settings", "angles", "curves"),
        large_type=True,
    ),
    Workspace(
        id="tuning",
        title=N_("&Tuning"),
        tip=N_("Settings beside margin curve, two classes, curves and classes."),
        panels=("settings", "angles", "two-classes", "margin-curve", "samples", "classes", "curves"),
    ),
    Workspace(
        id="figure",
        title=N_("&Paper figure"),
        tip=N_("The features alone, as large as the window."),
        panels=(),
    ),
    Workspace(
        id="compare",
        title=N_("&Compare"),
        tip=N_("Runs and events beside features, verification and curves."),
        panels=("settings", "events", "runs", "verification", "curves"),
    ),
)


class SavedWorkspace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A workspace of the person's own, as its file has it: ``docks`` is Qt's state, in hexadecimal.

    The checksum is there because Qt trusts these bytes: one that is damaged can end the process.
    """

    format: int
    title: Annotated[str, Meta(min_length=1, max_length=_LONGEST_TITLE)]
    docks: Annotated[str, Meta(max_length=_MOST_BYTES, pattern="^([0-9a-f]{2})+$")]
    checksum: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where the state is not as it was saved."""
        if self.checksum != (None if self.format < _FORMAT else zlib.crc32(self.docks.encode())):
            raise ValueError

    @property
    def state(self) -> QByteArray:
        """What Qt restores."""
        return QByteArray(bytes.fromhex(self.docks))


def read_workspace(path: Path) -> SavedWorkspace:
    """Return the workspace in a file.

    Raises
    ------
    WorkspaceError
        If it cannot be read, is no workspace, or is one of a newer version of the program.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise WorkspaceError("Cannot read {file}: {error}.", file=path, error=error) from None
    try:
        if len(data) > _MOST_BYTES:
            raise ValueError
        table = tomllib.loads(data.decode("utf-8"))
        newer = isinstance(table.get("format"), int) and table["format"] > _FORMAT
        saved = None if newer else msgspec.convert(table, SavedWorkspace)
    except (ValueError, RecursionError):  # not UTF-8, not TOML, or other fields; nested without end
        raise WorkspaceError("{file} is not a workspace file, or it is damaged.", file=path) from None
    if saved is None:
        raise WorkspaceError("{file} was saved by a newer version of Loss Explorer.", file=path)
    return saved


def save_workspace(folder: Path, title: str, docks: bytes) -> Path:
    """Save a workspace in a folder, in place of one with the same title, and return its file.

    Raises
    ------
    WorkspaceError
        If the title is empty or too long, or the folder cannot be written.
    """
    title = " ".join(title.split())
    if not 0 < len(title) <= _LONGEST_TITLE:
        raise WorkspaceError("The name of a workspace must have 1 to {most} characters.", most=_LONGEST_TITLE)
    name = "".join(c if c.isalnum() else f"%{ord(c):02x}" for c in title)  # each title has its own
    path = folder / f"{name}{SUFFIX}"
    state = docks.hex()
    table = {"format": _FORMAT, "title": title, "docks": state, "checksum": zlib.crc32(state.encode())}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, tomli_w.dumps(table).encode())
    except OSError as error:
        raise WorkspaceError("Cannot save {file}: {error}.", file=path, error=error) from None
    return path
