"""RunDetails: what a person notes of the chosen run, and what can be done with it."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.library.files import RunNotes
from explorer.gui.library.library import RunItem

_NOTE_LINES = 3


class RunDetails(QFrame):
    """Name, tags and notes of a run, facts about it, and buttons; hidden while no run is shown.

    Signals
    -------
    notesRequested(object, object)
        The run of this path should have these `RunNotes`.
    openRequested(), continueRequested(), comparisonRequested()
        The run should be opened, continued from its end, or compared with others.
    exportRequested()
        Its data should be exported.
    folderRequested(), deletionRequested()
        Its folder should be shown; the run should be deleted.
    """

    notesRequested = Signal(object, object)
    openRequested = Signal()
    continueRequested = Signal()
    comparisonRequested = Signal()
    exportRequested = Signal()
    folderRequested = Signal()
    deletionRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self._item: RunItem | None = None
        self.name = _line(_("Name"), _("Name this run"))
        self.tags = _line(_("Tags"), _("Tags, separated by spaces"))
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(_("Notes"))
        self.notes.setPlaceholderText(_("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(_NOTE_LINES * self.notes.fontMetrics().lineSpacing() + 14)
        self.notes.installEventFilter(self)
        self.facts = WrappedLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.facts, "role", "muted")
        self.open = _button(_("Open"), _("Show this run from the first frame to the last"))
        self.continue_ = _button(
            _("Continue"), _("Continue training from the last step of this run, as a new run")
        )
        self.compare = _button(_("Compare with…"), _("Compare this run with others, side by side"))
        self.export = _button(_("Export…"), _("Write the data of this run for other programs"))
        self.pin = _button(_("Pin"), _("Never delete this run to free space"))
        self.pin.setCheckable(True)
        self.folder = _button(_("Show folder"), _("Show the folder of this run in the file manager"))
        self.delete = _button(_("Delete"), _("Move this run to the bin"))
        self._arrange()
        for field in (self.name, self.tags):
            field.editingFinished.connect(self._on_edited)
            field.returnPressed.connect(field.clearFocus)
        self.pin.clicked.connect(self._on_edited)
        self.open.clicked.connect(self.openRequested)
        self.continue_.clicked.connect(self.continueRequested)
        self.compare.clicked.connect(self.comparisonRequested)
        self.export.clicked.connect(self.exportRequested)
        self.folder.clicked.connect(self.folderRequested)
        self.delete.clicked.connect(self.deletionRequested)
        self.hide()

    def show_run(self, item: RunItem | None, facts: str) -> None:
        """Show a run and facts about it; what is being typed about the same run stays."""
        before, self._item = self._item, item
        self.setVisible(item is not None)
        if item is None:
            return
        self.facts.setText(facts)
        self._fit()
        for button in (self.open, self.continue_, self.compare, self.export):
            button.setEnabled(can_open(item))
        self.delete.setEnabled(not item.recording)
        if before is None or (before.path, before.notes) != (item.path, item.notes):
            notes = item.notes
            for field, text in ((self.name, notes.name), (self.tags, " ".join(notes.tags))):
                if field.text() != text:
                    field.setText(text)
            if self.notes.toPlainText() != notes.notes:
                self.notes.setPlainText(notes.notes)
            self.pin.setChecked(notes.pinned)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the facts the lines that they need."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Keep the facts from being cut: a window that is low takes the height of the list."""
        least = max(0, self.facts.heightForWidth(self.facts.width()))
        if least != self.facts.minimumHeight():
            self.facts.setMinimumHeight(least)

    def commit(self) -> None:
        """Ask for what was typed, before another run is shown."""
        self._on_edited()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take over the notes once the keyboard goes elsewhere."""
        if event.type() == QEvent.Type.FocusOut:
            self._on_edited()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        rows = [QHBoxLayout(), QHBoxLayout()]
        for row, buttons in zip(
            rows,
            ((self.open, self.continue_, self.compare), (self.export, self.pin, self.folder, self.delete)),
            strict=True,
        ):
            row.setSpacing(6)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        for widget in (self.name, self.tags, self.notes, self.facts):
            layout.addWidget(widget)
        for row in rows:
            layout.addLayout(row)

    def _on_edited(self) -> None:
        if self._item is None:
            return
        notes = RunNotes(
            name=self.name.text().strip(),
            notes=self.notes.toPlainText(),
            tags=tuple(dict.fromkeys(word.lstrip("#") for word in self.tags.text().split())),
            pinned=self.pin.isChecked(),
        )
        if notes != self._item.notes:
            self._item = replace(self._item, notes=notes)
            self.notesRequested.emit(self._item.path, notes)


def can_open(item: RunItem) -> bool:
    """Return whether a run can be opened or continued: it has frames, and is not being trained."""
    return not item.recording and item.summary is not None and item.summary.frames > 0


def _line(name: str, placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    return field


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
