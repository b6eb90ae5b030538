"""FileOpener: opens recordings, settings and pictures, from the command line, a drop or the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImageReader

from explorer.core.data.datasets import is_data
from explorer.core.recording.header import SUFFIX, RecordingError
from explorer.core.recording.records import MAGIC
from explorer.core.settings.config import ConfigError
from explorer.core.texts import N_, _
from explorer.gui.challenges.records import read_result
from explorer.gui.challenges.result import FIRST_LINE, ResultError, is_result
from explorer.gui.comparing import Comparing
from explorer.gui.data_sets.menu import FILE_PATTERNS
from explorer.gui.figures.carried import carried_settings, carried_text
from explorer.gui.figures.figure import FIGURE_FORMATS
from explorer.gui.films.film import FILM_FORMATS
from explorer.gui.layout.workspace import SUFFIX as WORKSPACE
from explorer.gui.layout.workspace import WorkspaceError, read_workspace
from explorer.gui.main_window import MainWindow
from explorer.gui.messages.announcements import Announcements
from explorer.gui.messages.questions import files_to_open
from explorer.gui.reproduction.settings_text import load_settings
from explorer.gui.reproduction.sharing import SettingsSharing
from explorer.gui.timeline.run_viewer import RunViewer
from explorer.gui.views.draw.picture_reader import picture_formats
from explorer.gui.views.draw.view import DrawView

FileKind = Literal[
    "data", "recording", "settings", "figure", "picture", "result", "workspace", "missing", "unknown"
]

_SETTINGS = (".toml", ".json")
_UNOPENED: Mapping[FileKind, str] = MappingProxyType(
    {
        "missing": N_("File not found: {file}."),
        "unknown": N_(
            "{file} is neither a recording, nor settings (.toml, .json), nor a data set, nor a workspace, "
            "nor a picture."
        ),
    }
)
_ONLY_ONE: Mapping[FileKind, str] = MappingProxyType(
    {
        "settings": N_("Only one settings file can be applied at a time. Not opened: {files}."),
        "figure": N_("Only the settings of one figure can be applied at a time. Not opened: {files}."),
        "picture": N_("The drawing pad holds one picture only. Not opened: {files}."),
        "workspace": N_("Only one workspace can be opened at a time. Not opened: {files}."),
        "data": N_("Only one data set can be trained on at a time. Not opened: {files}."),
        "result": N_("Only one result can be checked at a time. Not opened: {files}."),
    }
)


def kind_of(path: Path) -> FileKind:
    """Return what a file is: by the end of its name, or else by its content."""
    if not path.exists():
        return "missing"
    if path.suffix.lower() == SUFFIX:
        return "recording"
    if is_data(path):
        return "data"
    if not path.is_file():
        return "unknown"
    if path.suffix.lower() == WORKSPACE:
        return "workspace"
    if path.suffix.lower() in _SETTINGS:
        return "settings"
    if carried_text(path):
        return "figure"
    if _begins_as_recording(path):
        return "recording"
    if _begins_as_result(path):
        return "result"
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    return "picture" if reader.canRead() else "unknown"


class FileOpener(QObject):
    """Opens files in a window: shows a recording, applies settings, puts a picture on the drawing pad.

    Several recordings are compared, too. There is room for one settings file and one picture; what is not
    opened is said in the banner.

    Signals
    -------
    dataRequested(str)
        The live run is to train on the data set in a file or folder.
    workspaceRequested(object)
        The `SavedWorkspace` in a file is to be used, and kept.
    """

    dataRequested = Signal(str)
    workspaceRequested = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        viewer: RunViewer,
        announcements: Announcements,
        comparing: Comparing,
        sharing: SettingsSharing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._viewer = window, viewer
        self._announcements, self._comparing, self._sharing = announcements, comparing, sharing
        window.openRequested.connect(self.open)
        window.runs.openRequested.connect(self.open_recording)

    def open(self, paths: Sequence[Path]) -> None:
        """Open files of any kind, and say which are not opened, and why."""
        self._announcements.withdraw_refusal()
        files: dict[FileKind, list[Path]] = {}
        for path in map(Path.absolute, paths):  # a session is restored from another folder
            files.setdefault(kind_of(path), []).append(path)
        complaints = [
            _(sentence).format(file=path)
            for kind, sentence in _UNOPENED.items()
            for path in files.get(kind, ())
        ]
        # A recording comes last: it is what should be seen, while settings are for the live run.
        for kind, open_one in self._openers().items():
            chosen = files.get(kind, [])
            try:
                for path in chosen[:1]:
                    open_one(path)
            except (ConfigError, RecordingError, ResultError, WorkspaceError) as error:
                complaints.append(str(error))
            if chosen[1:] and kind in _ONLY_ONE:
                names = _(", ").join(path.name for path in chosen[1:])
                complaints.append(_(_ONLY_ONE[kind]).format(files=names))
        recordings = files.get("recording", [])
        for path in recordings if len(recordings) > 1 else ():
            self._comparing.add_recording(path)
        if complaints:
            self._announcements.refuse(" ".join(complaints))

    def open_recording(self, path: Path) -> bool:
        """Show a recorded run, or say why that is not possible; return whether it was.

        The live run goes on meanwhile.
        """
        self._announcements.withdraw_refusal()
        try:
            self._viewer.open(path)
        except RecordingError as error:
            self._announcements.refuse(str(error))
            return False
        return True

    def choose(self) -> None:
        """Ask for files, and open them."""
        patterns = [
            f"*{SUFFIX}",
            f"*{WORKSPACE}",
            *(f"*{suffix}" for suffix in _SETTINGS),
            *picture_formats(),
            *FILE_PATTERNS,
        ]
        patterns += [
            f"*.{name}" for name in (*FIGURE_FORMATS, "html", *FILM_FORMATS) if f"*.{name}" not in patterns
        ]
        kinds = (
            _("Recordings, settings and pictures ({patterns})").format(patterns=" ".join(patterns)),
            _("Recordings ({patterns})").format(patterns=f"*{SUFFIX}"),
        )
        paths = files_to_open(self._window, _("Open"), ";;".join(kinds))
        if paths:
            self.open(paths)

    def _openers(self) -> dict[FileKind, Callable[[Path], object]]:
        return {
            "settings": lambda path: self._sharing.apply(load_settings(path), path),
            "figure": lambda path: self._sharing.apply(carried_settings(path), path),
            "picture": self._draw,
            "recording": self._viewer.open,
            "data": lambda path: self.dataRequested.emit(str(path)),
            "workspace": lambda path: self.workspaceRequested.emit(read_workspace(path)),
            "result": lambda path: self._sharing.resultRequested.emit(read_result(path)),
        }

    def _draw(self, path: Path) -> None:
        self._window.show_panel("draw")
        self._window.pane.view(DrawView).load_picture(path)


def _begins_as_recording(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def _begins_as_result(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_result(file.read(4 * len(FIRST_LINE)).decode("utf-8", "replace"))
    except OSError:
        return False
