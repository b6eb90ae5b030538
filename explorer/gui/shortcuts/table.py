"""ShortcutTable: all commands with their keys, or those that a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from explorer.core.texts import N_, _
from explorer.gui.commands.command import native
from explorer.gui.commands.keymap import keymap
from explorer.gui.export.table_copy import TableCopier, view_text
from explorer.gui.shortcuts.entries import ShortcutEntry
from explorer.gui.theme.tooltips import wrapped

_COLUMNS = (N_("Command"), N_("Where"), N_("Keys"))
_KEYS = 2
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class ShortcutModel(QAbstractTableModel):
    """A row for each command: its name, its place and its keys, bold where they are not the usual ones."""

    def __init__(self, entries: Sequence[ShortcutEntry]) -> None:
        super().__init__()
        self.entries = entries

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of commands."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_COLUMNS[section])
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            keys = "   ".join(map(native, entry.command.keys))
            return (entry.name, entry.place, keys)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrapped(_(entry.command.tip))
        if role == Qt.ItemDataRole.FontRole and index.column() == _KEYS:
            font = QFont()
            font.setBold(entry.command.keys != entry.command.shortcuts)
            return font
        return None

    def refresh(self) -> None:
        """Show the keys that commands have now."""
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.entries) - 1, _KEYS))


class ShortcutTable(QTableView):
    """The rows of a `ShortcutModel`.

    Signals
    -------
    currentEntryChanged(object)
        Another `ShortcutEntry` is current, or None.
    """

    currentEntryChanged = Signal(object)

    def __init__(self, entries: Sequence[ShortcutEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ShortcutModel(entries)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self.rows)
        self._found.setFilterKeyColumn(-1)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._found)
        self.setAccessibleName(_("Commands and their keys"))
        TableCopier(self, N_("Copy table"), view_text, has_menu=True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(1.7 * self.fontMetrics().height()))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        keymap().keysChanged.connect(self.rows.refresh)

    def sizeHint(self) -> QSize:
        """Return the width of all commands with their keys."""
        columns = sum(map(self.sizeHintForColumn, range(_KEYS + 1)))
        edges = self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        return QSize(columns + edges, super().sizeHint().height())

    @property
    def current(self) -> ShortcutEntry | None:
        """The command whose row is current."""
        index = self._found.mapToSource(self.currentIndex())
        return self.rows.entries[index.row()] if index.isValid() else None

    @property
    def count(self) -> int:
        """Number of rows that are shown."""
        return self._found.rowCount()

    def search_for(self, words: str) -> None:
        """Show the commands with these words in name, place or keys; make the first one current."""
        self._found.setFilterFixedString(words.strip())
        if not self.currentIndex().isValid() and self.count:
            self.selectRow(0)

    def go_to(self, id_: str) -> None:
        """Make the row of a command current."""
        for row, entry in enumerate(self.rows.entries):
            if entry.id == id_:
                self.setCurrentIndex(self._found.mapFromSource(self.rows.index(row, 0)))
                return

    def _on_current_changed(self) -> None:
        self.currentEntryChanged.emit(self.current)
