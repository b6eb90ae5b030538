"""WindowSession: what a window showed, and where, so that the next one can show it again."""

from __future__ import annotations

import zlib
from contextlib import suppress
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from explorer.core.files import read_regular, write_whole
from explorer.core.texts import _, showable
from explorer.gui.compare.state import CompareState
from explorer.gui.views.features.framing import Framing


class Layout(Struct, frozen=True):
    """Size and position of a window, and the arrangement of its docks, in the format of Qt.

    The checksum is there because Qt trusts these bytes: one that is damaged can end the process. The width
    of the theory panel before it was hidden, in pixels, is there because Qt forgets it; 0 is the usual one.
    """

    geometry: bytes = b""
    docks: bytes = b""
    checksum: int = 0
    theory_width: int = 0

    @classmethod
    def of(cls, geometry: bytes, docks: bytes, theory_width: int = 0) -> Layout:
        """Return a layout with its checksum."""
        return cls(geometry, docks, _checksum(geometry, docks), theory_width)

    def checked(self) -> Layout:
        """Return this layout; raises ValueError where its bytes are not as they were saved."""
        if self.checksum != _checksum(self.geometry, self.docks):
            raise ValueError(_("the checksum of the layout is wrong"))
        return self


class WindowSession(Struct, frozen=True, kw_only=True):
    """What a window showed when it was closed, or ended by a crash.

    Parameters
    ----------
    recording : str
        Absolute path of the recording that was shown, or in which the live run was recorded; empty for none.
    step : int, optional
        Step of the frame that was shown; None for the newest.
    selection : tuple of int
        The selected rows of the probe set.
    framing : Framing
        The part of the features that was seen.
    compare : CompareState, optional
        What the comparison window showed; None where it was closed.
    layout : Layout
        The window itself.
    closed : bool
        Whether the window was closed; otherwise it ended by a crash, or is open.
    """

    recording: str = ""
    step: int | None = None
    selection: tuple[int, ...] = ()
    framing: Framing = Framing()
    compare: CompareState | None = None
    layout: Layout = Layout()
    closed: bool = False


def load_session(path: Path) -> tuple[WindowSession, str]:
    """Return the saved session, and a sentence if its file is damaged and has been renamed."""
    try:
        session = msgspec.json.decode(read_regular(path), type=WindowSession)
        session.layout.checked()
    except FileNotFoundError:
        return WindowSession(), ""
    except (OSError, ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        aside = set_aside(path)
        if aside is None:
            sentence = _("The last session in {path} cannot be read ({error}). Opening the default one.")
            return WindowSession(), sentence.format(path=path, error=showable(error))
        sentence = _(
            "The last session cannot be read ({error}). Opening the default one; the file was renamed to "
            "{aside}."
        )
        return WindowSession(), sentence.format(error=showable(error), aside=aside)
    return session, ""


def save_session(path: Path, session: WindowSession) -> None:
    """Save a session; a crash while writing leaves the old file.

    Runs in files whose names are no text, which can only be read by this process, are left out.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    try:
        content = msgspec.json.encode(session)
    except UnicodeEncodeError:
        content = msgspec.json.encode(replace(session, recording="", compare=None))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, msgspec.json.format(content))


def set_aside(path: Path) -> Path | None:
    """Rename a file, so that its content is kept; return its new path, None if that is not possible."""
    names = (f"{path.stem}-kept-{number}{path.suffix}" for number in count(1))
    with suppress(OSError):
        return path.rename(next(aside for name in names if not (aside := path.with_name(name)).exists()))
    return None


def _checksum(geometry: bytes, docks: bytes) -> int:
    return zlib.crc32(docks, zlib.crc32(geometry))
