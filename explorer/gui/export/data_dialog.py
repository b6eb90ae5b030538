"""DataDialog: which data of a run are written, in which format and where; and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.texts import Text, _, ngettext
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
from explorer.gui.export.target import ask_for_file, with_ending
from explorer.gui.session.continuation import duration

_WIDTH = 430


class DataDialog(QDialog):
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

    Signals
    -------
    choicesChanged(object)
        Data are exported with these `ExportChoices`.
    saved(object)
        The `Path` of what was written first.
    """

    choicesChanged = Signal(object)
    saved = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        source: ExportSource,
        choices: ExportChoices,
        command: Sequence[str] = EXPORT_COMMAND,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Export data"))
        self._source, self._command, self._written = source, command, Path()
        self.export: DataExport | None = None
        self.format = QComboBox()
        self.format.setAccessibleName(_("Format"))
        for one in FORMATS:
            self.format.addItem(_(one.title), one.name)
        self.format.setCurrentIndex(max(0, self.format.findData(choices.format)))
        shown = _("The frame that is shown, of step {step:,}").format(step=source.step)
        self.one = QRadioButton(_("The newest frame") if source.at is None else shown)
        self.every = QRadioButton(
            ngettext("All frames: {count:,}", "All frames: {count:,}", source.frames).format(
                count=source.frames
            )
        )
        self._every = choices.every  # also while a format leaves no choice
        self.summary, self.facts = WrappedLabel(), WrappedLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.summary, "role", "muted")
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("Progress"))
        self.bar.hide()
        self.buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.folder = self.buttons.addButton(_("Show folder"), role.ActionRole)
        self.save = self.buttons.addButton(_("Export…"), role.AcceptRole)
        self.cancel = self.buttons.addButton(_("Cancel"), role.RejectRole)
        self.folder.hide()
        self._lay_out()
        self.format.activated.connect(self._show_format)
        for button in (self.one, self.every):
            button.clicked.connect(self._on_frames_clicked)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self._on_rejected)
        self._show_format()

    @property
    def choices(self) -> ExportChoices:
        """What is chosen now."""
        return ExportChoices(self.format.currentData(), self._every)

    def accept(self) -> None:
        """Ask for the file or folder and write it; stay open where that is cancelled."""
        chosen = self._chosen
        name = f"{self._source.path.stem}{chosen.suffix}"
        path = ask_for_file(self, _("Export data"), name, kind_text(chosen), chosen.suffix)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Export to a file or folder, which is replaced if it is there."""
        chosen, choices, source = self._chosen, self.choices, self._source
        self.choicesChanged.emit(choices)
        job = Job(
            file=str(source.path),
            format=chosen.name,
            out=str(with_ending(path, chosen.suffix)),
            at=source.at,
            every=takes_all(chosen, every=choices.every),
            force=True,  # the dialog for the file has asked
        )
        self.export = DataExport(self._command, self)
        self.export.progressed.connect(self._on_progressed)
        self.export.completed.connect(self._on_completed)
        self.export.refused.connect(self._on_refused)
        self.export.cancelled.connect(self._on_cancelled)
        self.export.start(job)
        self.bar.setRange(0, 0)
        self._show(_("Exporting…"), running=True)

    def done(self, result: int) -> None:
        """Close; what is being exported is cancelled."""
        if self.export is not None:
            self.export.stop()
        super().done(result)

    @property
    def _chosen(self) -> ExportFormat:
        return format_of(self.format.currentData())

    def _lay_out(self) -> None:
        title = QLabel(self._source.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        form = QFormLayout()
        form.addRow(_("Run"), title)
        form.addRow(_("Format"), self.format)
        form.addRow("", self.summary)
        form.addRow(_("Frames"), self.one)
        form.addRow("", self.every)
        for label in (self.summary, self.facts):
            label.setMinimumWidth(_WIDTH)  # for which its height is then reckoned
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.bar)
        column.addWidget(self.facts)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def _show_format(self) -> None:
        """Say what a format writes, of which frames, and what it needs."""
        chosen = self._chosen
        summary = _(chosen.summary)
        self.summary.setText(summary[:1].upper() + summary[1:])
        (self.every if takes_all(chosen, every=self._every) else self.one).setChecked(True)
        missing = missing_package(chosen)
        self._show("" if missing is None else str(missing), fault=missing is not None)
        self.save.setEnabled(missing is None)

    def _on_frames_clicked(self) -> None:
        self._every = self.every.isChecked()

    def _on_progressed(self, done: int, total: int, left: float) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if done < total:
            self.facts.setText(_("About {time} left").format(time=duration(left)))
        else:
            self.facts.setText(_("Writing…"))

    def _on_completed(self, written: Written) -> None:
        lines = [_("Written: {file}").format(file=path) for path in written.paths]
        self._show("\n".join([*lines, *map(str, written.notices)]))
        self.cancel.setText(_("Close"))
        self._written = Path(written.paths[0])
        self.folder.show()
        self.saved.emit(self._written)

    def _on_refused(self, reason: Text) -> None:
        self._show(str(reason), fault=True)

    def _on_cancelled(self) -> None:
        self._show(_("Cancelled: nothing was written."))

    def _on_rejected(self) -> None:
        """Cancel the export, or close where none is under way."""
        if self.export is None or not self.export.running:
            self.reject()
            return
        self.export.cancel()
        self.bar.setRange(0, 0)
        self.facts.setText(_("Cancelling…"))

    def _on_folder_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    def _show(self, words: str, *, running: bool = False, fault: bool = False) -> None:
        """Show a sentence, and only what can be done now."""
        set_role(self.facts, "role", "error" if fault else "")
        self.facts.setText(words)
        self.bar.setVisible(running)
        self.folder.hide()
        for control in (self.format, self.one, self.every, self.save):
            control.setEnabled(not running)
        if not running:
            chosen = self._chosen
            self.one.setEnabled(chosen.frames != "all")
            self.every.setEnabled(chosen.frames != "one")
        self.cancel.setText(_("Cancel"))
        self.adjustSize()
