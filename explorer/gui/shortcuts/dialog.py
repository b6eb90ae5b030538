"""ShortcutDialog: shows the keys of all commands, and changes them by pressing others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.texts import _
from explorer.gui.commands.command import native
from explorer.gui.commands.keymap import Keys, keymap
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.controls.note import Note
from explorer.gui.shortcuts.entries import ShortcutEntry, overriding, sharers, without_usual
from explorer.gui.shortcuts.table import ShortcutTable

_SIZE = (720, 560)
_PORTABLE = QKeySequence.SequenceFormat.PortableText


class ShortcutDialog(QDialog):
    """A table of commands with a search, and a field that takes the key pressed for the current one.

    A key is given at once, for all windows. One that another command has is taken from it only on request.
    """

    def __init__(self, entries: Sequence[ShortcutEntry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keyboard shortcuts"))
        self._entries = entries
        self._wanted: tuple[ShortcutEntry, Keys] | None = None
        self._before: Mapping[str, Keys] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search commands and keys"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.table = ShortcutTable(entries)
        self.label = WrappedLabel()
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(True)
        self.reset = QPushButton(_("Reset"))
        self.reset_all = QPushButton(_("Reset all"))
        self.note, self.hint = Note("warning"), Note("info")
        self._arrange()
        self.search.textChanged.connect(self._on_search_changed)
        self.table.currentEntryChanged.connect(self._show_current)
        self.field.editingFinished.connect(self._on_key_entered)
        self.reset.clicked.connect(self._on_reset_clicked)
        self.reset_all.clicked.connect(self._on_reset_all_clicked)
        self.note.remedyRequested.connect(self._on_take_requested)
        self.hint.remedyRequested.connect(self._on_undo_requested)
        keymap().keysChanged.connect(self._show_possible)
        self.table.selectRow(0)
        self._show_possible()

    def _arrange(self) -> None:
        set_role(self.label, "role", "muted")
        close = QPushButton(_("Close"))
        close.clicked.connect(self.close)
        for button in (self.reset, self.reset_all, close):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.reset)
        ends = QHBoxLayout()
        ends.addWidget(self.reset_all)
        ends.addStretch(1)
        ends.addWidget(close)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.label)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.hint)
        column.addLayout(ends)
        width, height = _SIZE
        self.resize(max(width, self.table.sizeHint().width() + 2 * column.contentsMargins().left()), height)

    def _on_search_changed(self, words: str) -> None:
        self.table.search_for(words)

    def _show_current(self) -> None:
        """Show the key of the current command, and nothing about another one."""
        entry = self.table.current
        self._wanted = None
        self.note.show_text("")
        self.hint.show_text("")
        name = "" if entry is None else entry.name
        self.label.setText(_("Press the new key for “{command}”:").format(command=name) if entry else "")
        for part in (self.field, *self.field.findChildren(QLineEdit)):
            part.setAccessibleName(_("Key for {command}").format(command=name))
        self._show_key()
        self._show_possible()

    def _show_key(self) -> None:
        entry = self.table.current
        keys = () if entry is None else entry.command.keys
        self.field.blockSignals(True)
        self.field.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
        self.field.blockSignals(False)

    def _show_possible(self) -> None:
        entry = self.table.current
        self.field.setEnabled(entry is not None)
        changed = entry is not None and entry.command.keys != entry.command.shortcuts
        self.reset.setEnabled(changed)
        self.reset_all.setEnabled(bool(keymap().own))
        usual = " ".join(map(native, entry.command.shortcuts)) if entry is not None else ""
        self.reset.setToolTip(_("Reset to {value}").format(value=usual or _("no key")))

    def _on_key_entered(self) -> None:
        entry = self.table.current
        key = self.field.keySequence().toString(_PORTABLE)
        if entry is not None and (key,) != entry.command.keys[:1]:
            self._request(entry, (key,) if key else ())

    def _request(self, entry: ShortcutEntry, keys: Keys) -> None:
        """Give keys to a command, or say which command has one of them."""
        others = sharers(entry, keys, self._entries, keymap().own)
        self._wanted = (entry, keys) if others else None
        if not others:
            self.note.show_text("")
            self._give(entry, keys)
            return
        names = _(", ").join(f"“{other.name}” ({other.place})" for other in others)
        shared = next(native(key) for key in keys if any(key in other.command.keys for other in others))
        self.note.show_text(
            _("{key} is the key of {commands}.").format(key=shared, commands=names), _("Use it here instead")
        )

    def _give(self, entry: ShortcutEntry, keys: Keys, taken: Sequence[ShortcutEntry] = ()) -> None:
        """Give keys to a command, and take them from others."""
        own = {**keymap().own, entry.id: keys}
        for other in taken:
            own[other.id] = tuple(key for key in other.command.keys if key not in keys)
        keymap().use(without_usual(own, self._entries))
        self._show_key()
        covering = overriding(entry, keys, self._entries, keymap().own)
        self.hint.show_text(
            _("In these places the key keeps its own meaning: {places}.").format(
                places=_(", ").join(dict.fromkeys(other.place for other in covering))
            )
            if covering
            else ""
        )

    def _on_take_requested(self) -> None:
        if self._wanted is not None:
            entry, keys = self._wanted
            self._wanted = None
            self.note.show_text("")
            self._give(entry, keys, sharers(entry, keys, self._entries, keymap().own))

    def _on_reset_clicked(self) -> None:
        entry = self.table.current
        if entry is not None:
            self._request(entry, entry.command.shortcuts)

    def _on_reset_all_clicked(self) -> None:
        self._before = keymap().own
        keymap().use({})
        self._show_current()
        self.hint.show_text(_("All commands have their usual keys again."), _("Undo"))

    def _on_undo_requested(self) -> None:
        keymap().use(self._before)
        self._show_current()
