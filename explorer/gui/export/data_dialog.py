"""DataDialog: which data of a run are written, in which format and where; and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.texts import _, capitalised, ngettext
from explorer.export.formats import FORMATS, ExportFormat, format_of
from explorer.export.process import Job, Written
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.export.data_choices import (
    ExportChoices,
    ExportSource,
    kind_text,
    missing_package,
    takes_all,
)
from explorer.gui.export.data_export import EXPORT_COMMAND, DataExport
from explorer.gui.export.work_dialog import FileKind, WorkDialog
from explorer.gui.figures.choices import choice_box

_WIDTH = 430


class DataDialog(WorkDialog):
    """Asks for format and frames, then for the file, and exports in the background.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.
    source : ExportSource
        The run.
    choices : ExportChoices
        How data were exported last.
    command : sequence of str
        What starts the process that exports.
    """

    def __init__(
        self,
        parent: QWidget | None,
        source: ExportSource,
        choices: ExportChoices,
        command: Sequence[str] = EXPORT_COMMAND,
    ) -> None:
        self.export = DataExport(command)
        super().__init__(parent, _("Export data"), self.export, _("Export…"))
        self.source, self._written = source, Path()
        self.format = choice_box(_("Format"), [(one.name, _(one.title)) for one in FORMATS])
        self.format.setCurrentIndex(max(0, self.format.findData(choices.format)))
        shown = _("The frame that is shown, of step {step:,}").format(step=source.step)
        self.one = QRadioButton(_("The newest frame") if source.at is None else shown)
        self.every = QRadioButton(
            ngettext("All frames: {count:,}", "All frames: {count:,}", source.frames).format(
                count=source.frames
            )
        )
        self._every = choices.every  # also while a format leaves no choice
        self.summary = WrappedLabel()
        set_role(self.summary, "role", "muted")
        self.folder = self.buttons.addButton(_("Show folder"), QDialogButtonBox.ButtonRole.ActionRole)
        self.folder.hide()
        self._lay_out()
        self.format.activated.connect(self._show_format)
        for button in (self.one, self.every):
            button.clicked.connect(self._on_frames_clicked)
        self.folder.clicked.connect(self._on_folder_clicked)
        self._show_format()

    @property
    def choices(self) -> ExportChoices:
        """What is chosen now."""
        return ExportChoices(self.format.currentData(), self._every)

    @property
    def file_kind(self) -> FileKind:
        """The file or folder that would be written now."""
        suffix = self._chosen.suffix
        return FileKind(f"{self.source.path.stem}{suffix}", kind_text(self._chosen), suffix)

    def begin(self, target: Path) -> None:
        """Export to a file or folder, which is replaced if it is there."""
        chosen, choices, source = self._chosen, self.choices, self.source
        self.choicesChanged.emit(choices)
        job = Job(
            file=str(source.path),
            format=chosen.name,
            out=str(target),
            at=source.at,
            every=takes_all(chosen, every=choices.every),
            force=True,  # the dialog for the file has asked
        )
        self.folder.hide()
        self.cancel_button.setText(_("Cancel"))
        self.export.start(job)

    def end(self, result: object) -> None:
        """Say what was written, and stay: there may be something to be said of it."""
        assert isinstance(result, Written), "that is what comes of an export"
        lines = [_("Written: {file}").format(file=path) for path in result.paths]
        self.show_message("\n".join([*lines, *map(str, result.notices)]))
        self.cancel_button.setText(_("Close"))
        self._written = Path(result.paths[0])
        self.folder.show()
        self.saved.emit(self._written)

    def show_message(self, words: str, *, fault: bool = False) -> None:
        """Show a sentence, in as much room as it needs."""
        super().show_message(words, fault=fault)
        self.adjustSize()

    @property
    def _chosen(self) -> ExportFormat:
        return format_of(self.format.currentData())

    def _lay_out(self) -> None:
        title = QLabel(self.source.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        form = QFormLayout(self.fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("Run"), title)
        form.addRow(_("Format"), self.format)
        form.addRow("", self.summary)
        form.addRow(_("Frames"), self.one)
        form.addRow("", self.every)
        for label in (self.summary, self.message):
            label.setMinimumWidth(_WIDTH)  # for which its height is then reckoned
        column = QVBoxLayout(self)
        column.addWidget(self.fields)
        column.addWidget(self.status)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def _show_format(self) -> None:
        """Say what a format writes, of which frames, and what it needs."""
        chosen = self._chosen
        self.summary.setText(capitalised(_(chosen.summary)))
        (self.every if takes_all(chosen, every=self._every) else self.one).setChecked(True)
        missing = missing_package(chosen)
        self.one.setEnabled(chosen.frames != "all")
        self.every.setEnabled(chosen.frames != "one")
        self.folder.hide()
        self.cancel_button.setText(_("Cancel"))
        self.show_fault("" if missing is None else str(missing))

    def _on_frames_clicked(self) -> None:
        self._every = self.every.isChecked()

    def _on_folder_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))
