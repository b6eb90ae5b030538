"""DataExporting: exports the data of the run that is shown, or of one in the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from explorer.core.recording.header import RecordingError
from explorer.core.recording.reader import Recording
from explorer.core.texts import _
from explorer.gui.export.data_choices import ExportChoices, ExportSource
from explorer.gui.library.files import run_title

if TYPE_CHECKING:
    from explorer.gui.app import App


class DataExporting(QObject):
    """Opens the dialog in which data are exported, and remembers what was chosen there.

    Parameters
    ----------
    app : App
        The program; its library asks for the export of its runs.
    choices : ExportChoices
        How data were exported last.

    Signals
    -------
    choicesChanged()
        ``choices`` are others: data were exported.
    """

    choicesChanged = Signal()

    def __init__(self, app: App, choices: ExportChoices) -> None:
        super().__init__(app)
        self.choices = choices
        self._app = app
        self.choicesChanged.connect(app.autosave.note_change)
        app.window.runs.exportRequested.connect(self.export_file)

    def export_shown(self, format_: str = "") -> None:
        """Export the run that is shown, or say why that is not possible; first in a format, by its name."""
        app = self._app
        app.announcements.withdraw_refusal()
        viewer, cursor = app.viewer, app.viewer.cursor
        path = app.recorder.path if viewer.recording is None else viewer.recording.path
        shown = cursor.snapshot
        if shown is None or not len(cursor.steps):
            app.announcements.refuse(_("There is no frame to export yet."))
        elif path is None:
            app.announcements.refuse(
                _("This run is not recorded, so it cannot be exported. Recording is switched on in Runs.")
                if shown.step
                else _("There is nothing to export before the first step.")
            )
        else:
            title = _("Live run") if viewer.recording is None else viewer.recording.title
            at = None if cursor.following else shown.step
            self._open(ExportSource(path, title, len(cursor.steps), shown.step, at), format_)

    def export_file(self, path: Path) -> None:
        """Export a run of the library, its last frame or all, or say why that is not possible."""
        self._app.announcements.withdraw_refusal()
        try:
            with Recording(path) as recording:
                frames, steps = recording.frames, recording.steps
                title = run_title(path, recording.header)
        except RecordingError as error:
            self._app.announcements.refuse(str(error))
            return
        if not frames:
            self._app.announcements.refuse(_("There is no frame to export yet."))
            return
        self._open(ExportSource(path, title, frames, steps[-1]))

    def _open(self, source: ExportSource, format_: str = "") -> None:
        from explorer.gui.export.data_dialog import DataDialog  # not before it is needed

        window = self._app.window
        for opened in window.findChildren(DataDialog):
            if opened.isVisible():  # one at a time: it is raised, unless another run is wanted
                if (opened.source.path == source.path and not format_) or opened.work.working:
                    opened.raise_()
                    opened.activateWindow()
                    return
                opened.close()
        choices = replace(self.choices, format=format_) if format_ else self.choices
        dialog = DataDialog(window, source, choices)
        dialog.choicesChanged.connect(self._on_choices_changed)
        dialog.saved.connect(self._on_saved)
        window.closeRequested.connect(dialog.close)
        dialog.show()

    def _on_choices_changed(self, choices: ExportChoices) -> None:
        self.choices = choices
        self.choicesChanged.emit()

    def _on_saved(self, path: Path) -> None:
        self._app.window.status.show_event(_("Saved as {path}.").format(path=path))
