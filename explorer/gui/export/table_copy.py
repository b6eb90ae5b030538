"""TableCopier: copies what a table shows as text, with tabs between the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from explorer.core.texts import _
from explorer.gui.commands.keys import pressed


class TableCopier(QObject):
    """Copies a table on its key, and offers to in a menu.

    Parameters
    ----------
    table : QWidget
        The table; its owner.
    words : str
        Entry of the menu, a message id such as "Copy table".
    text_of : callable
        Returns the text of the table. It is called with the table, so that the copier keeps nothing alive.
    has_menu : bool
        Whether a right click on the table opens a menu with this entry alone; views have one of their own.
    """

    def __init__(
        self, table: QWidget, words: str, text_of: Callable[[Any], str], *, has_menu: bool = False
    ) -> None:
        super().__init__(table)
        self.words = words
        self._text_of, self._has_menu = text_of, has_menu
        table.installEventFilter(self)

    @property
    def table(self) -> QWidget:
        """The table, which owns this: a reference to it from here would keep both alive."""
        table = self.parent()
        assert isinstance(table, QWidget), "a copier has its table from the beginning"
        return table

    def copy(self) -> None:
        """Copy the table to the clipboard."""
        QGuiApplication.clipboard().setText(self._text_of(self.table))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Copy on the key, and open the menu."""
        if isinstance(event, QKeyEvent) and pressed(event, "table") == "table.copy":
            if event.type() == QEvent.Type.KeyPress:
                self.copy()
            event.accept()
            return True
        if self._has_menu and isinstance(event, QContextMenuEvent):
            menu = QMenu(self.table)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(_(self.words)).triggered.connect(self.copy)
            menu.popup(event.globalPos())
            return True
        return False


def add_copies(menu: QMenu, part: QWidget) -> None:
    """Add an entry to a menu for each table in sight in a part of a window."""
    for copier in part.findChildren(TableCopier):
        if copier.table.isVisible():
            menu.addAction(_(copier.words)).triggered.connect(copier.copy)


def lines_of(rows: Iterable[Sequence[object]]) -> str:
    """Return rows of cells as text."""
    return "\n".join("\t".join(map(str, row)) for row in rows)


def view_text(table: QTableView) -> str:
    """Return what a table view shows, with the titles of its columns, in its order."""
    model, across = table.model(), Qt.Orientation.Horizontal
    columns = [column for column in range(model.columnCount()) if not table.isColumnHidden(column)]
    titles = [model.headerData(column, across) for column in columns]
    rows = ([model.index(row, column).data() for column in columns] for row in range(model.rowCount()))
    return lines_of([titles, *rows])
