"""WorkDialog: fields, and work that begins with them: its progress, its end, and a way to cancel it."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.export.files import ExportError
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.export.target import ask_for_file, with_ending
from explorer.gui.export.work import Work
from explorer.gui.session.continuation import duration

_PARTS = 1_000
"""Steps of the progress bar."""
_KNOWN = 0.05
"""Share of the work from which on the time left can be told."""


class FileKind(Struct, frozen=True):
    """A kind of file: a name to begin with, words for the dialog of the system, and the end of names."""

    name: str
    words: str
    ending: str


class WorkDialog(QDialog):
    """Asks for a file, and saves what is chosen while the window goes on: whole or not at all.

    A dialog is its fields, `file_kind` and `begin`; the rest is the same in all. They are laid out by it,
    with ``status``, which has the progress and what is told, and ``buttons``.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.
    title : str
        Its title.
    work : Work
        What saves; the dialog becomes its parent.
    save : str
        What the button that saves is called; empty for none.

    Signals
    -------
    saved(object)
        It is saved: the `Path`.
    choicesChanged(object)
        Something is saved with these choices.

    Attributes
    ----------
    fields : QWidget
        Where the fields are: nothing can be changed in it during the work.
    message : QLabel
        What came of the work, or why it cannot begin.
    """

    saved = Signal(object)
    choicesChanged = Signal(object)

    def __init__(self, parent: QWidget | None, title: str, work: Work, save: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.work = work
        work.setParent(self)
        self.fields = QWidget()
        self.message = WrappedLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar(maximum=_PARTS, textVisible=False)
        self.bar.setAccessibleName(_("Progress"))
        self.left = QLabel()
        set_role(self.left, "role", "muted")
        self.status = QWidget()
        column = QVBoxLayout(self.status)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.bar, self.left, self.message):
            column.addWidget(widget)
        self.buttons = QDialogButtonBox()
        self.cancel_button = self.buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.save_button = self.buttons.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        self.save_button.setVisible(bool(save))
        self._target = Path()
        self._began = 0.0
        self._ready = True
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        work.progressed.connect(self._on_progressed)
        work.finished.connect(self._on_finished)
        work.failed.connect(self.show_failure)
        work.cancelled.connect(self._on_cancelled)
        self.show_working(working=False)

    @property
    def file_kind(self) -> FileKind:
        """The file that would be saved now."""
        raise NotImplementedError

    def begin(self, target: Path) -> None:
        """Begin the work; raises ExportError where that is not possible."""
        raise NotImplementedError

    def accept(self) -> None:
        """Ask for the file and save it; stay open where that fails or is cancelled."""
        kind = self.file_kind
        path = ask_for_file(self, self.windowTitle(), kind.name, kind.words, kind.ending)
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Save to a file, which is replaced if it is there: the dialog for the file has asked."""
        self._target = with_ending(path, self.file_kind.ending)
        self.show_message("")
        self.show_working(working=True)
        try:
            self.begin(self._target)
        except ExportError as error:
            self.show_failure(str(error))

    def reject(self) -> None:
        """Cancel what is under way, or close."""
        if self.work.working:
            self.work.cancel()
            self.bar.setRange(0, 0)
            self.left.setText(_("Cancelling…"))
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close; nothing is left of what is under way."""
        self.work.abandon()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once."""
        self.work.abandon()
        super().closeEvent(event)

    def show_message(self, words: str, *, fault: bool = False) -> None:
        """Show a sentence, below the progress."""
        set_role(self.message, "role", "error" if fault else "")
        self.message.setText(words)
        self.message.setVisible(bool(words))

    def show_fault(self, sentence: str) -> None:
        """Say why nothing can be saved now, until that is called without a sentence."""
        self.show_message(sentence, fault=True)
        self._ready = not sentence
        self.save_button.setEnabled(self._ready)

    def show_working(self, *, working: bool) -> None:
        """Show the progress, and let nothing be changed meanwhile; or let all be changed."""
        self.fields.setEnabled(not working)
        self.save_button.setEnabled(self._ready and not working)
        self.bar.setVisible(working)
        self.left.setVisible(working)
        self.bar.setRange(0, 0)
        self.left.setText(_(self.work.beginning))
        self._began = time.monotonic()

    def show_failure(self, sentence: str) -> None:
        """Say why nothing came of the work; all can be changed again."""
        self.show_working(working=False)
        self.show_message(sentence, fault=True)

    def end(self, result: object) -> None:  # noqa: ARG002  # for those who tell what came of it
        """Close, once the work is done."""
        self.saved.emit(self._target)
        super().accept()

    def _on_progressed(self, share: float, doing: str) -> None:
        self.bar.setRange(0, _PARTS if share >= 0 else 0)
        self.bar.setValue(round(_PARTS * share))
        if doing:
            self.left.setText(doing)
        elif share >= _KNOWN:
            seconds = (time.monotonic() - self._began) * (1 - share) / share
            self.left.setText(_("About {time} left").format(time=duration(seconds)))

    def _on_finished(self, result: object) -> None:
        self.show_working(working=False)
        self.end(result)

    def _on_cancelled(self) -> None:
        self.show_working(working=False)
        self.show_message(_("Cancelled: nothing was written."))
