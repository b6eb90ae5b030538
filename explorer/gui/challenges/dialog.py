"""CheckDialog: takes the text or the file of a result that is to be checked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.challenges.records import read_result
from explorer.gui.challenges.result import ResultError, is_result, parse_result, to_text
from explorer.gui.controls.labels import WrappedLabel
from explorer.gui.controls.note import Note
from explorer.gui.messages.questions import file_to_open


class CheckDialog(QDialog):
    """Asks for a result; what is wrong with a text is said below it.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.

    Signals
    -------
    checkRequested(object)
        The `ChallengeResult` to check.
    """

    checkRequested = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Check a result"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("Result"))
        self.text.setPlaceholderText(_("Paste the text of a result here, or open its file."))
        clipboard = QGuiApplication.clipboard().text()
        if is_result(clipboard):
            self.text.setPlainText(clipboard)
        self.fault = Note("error")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_button = buttons.addButton(_("Open file…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.check_button = buttons.addButton(_("Check"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.open_button.clicked.connect(self._on_open_clicked)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(
            WrappedLabel(
                _("The run of the result is repeated with its seed, settings and changes, and compared.")
            )
        )
        column.addWidget(self.text, 1)
        column.addWidget(self.fault)
        column.addWidget(buttons)
        self.resize(560, 420)

    def accept(self) -> None:
        """Check the result, and close; show what is wrong with it otherwise."""
        try:
            result = parse_result(self.text.toPlainText())
        except ResultError as error:
            self.fault.show_text(str(error))
            return
        self.checkRequested.emit(result)
        super().accept()

    def open_file(self, path: Path) -> None:
        """Show the result in a file."""
        try:
            self.text.setPlainText(to_text(read_result(path)))
        except ResultError as error:
            self.fault.show_text(str(error))
        else:
            self.fault.show_text("")

    def _on_open_clicked(self) -> None:
        path = file_to_open(self, _("Open result"), _("Text (*.txt)"))
        if path is not None:
            self.open_file(path)
