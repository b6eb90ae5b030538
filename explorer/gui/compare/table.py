"""FiguresTable: the figures of the compared runs, with their differences from the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from explorer.core.texts import _
from explorer.gui.compare.figures import Column

_TITLE_LETTERS, _TITLE_SHARE = 34, 5
"""Width of the titles of the rows at most: letters, or a part of the window. The figures need the rest."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROOM = 5
"""Pixels between two lines."""
_SHEET = """
QTableWidget { border: none; }
QTableWidget::item { padding: 0px 8px; }
QHeaderView::section {
    background: palette(base); color: palette(text); border: none; border-bottom: 1px solid palette(mid);
    padding: 2px 8px;
}
QTableCornerButton::section { background: palette(base); border: none; }
"""


class FiguresTable(QTableWidget):
    """A row for each run, a column for each figure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Metrics of the compared runs"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setDefaultAlignment(_RIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _ROOM)
        self.setStyleSheet(_SHEET)
        self._fit()

    def set_figures(self, titles: Sequence[str], columns: Sequence[Column]) -> None:
        """Show these columns, with a row for each run."""
        if len(titles) != self.rowCount():
            self.setRowCount(len(titles))
            self._fit()
        self.setColumnCount(len(columns))
        tip = Qt.ItemDataRole.ToolTipRole  # says what may be cut
        self.setVerticalHeaderLabels(list(titles))
        for row, title in enumerate(titles):
            self.model().setHeaderData(row, Qt.Orientation.Vertical, title, tip)
        self.setHorizontalHeaderLabels([column.label for column in columns])
        last = len(columns) - 1  # it may be the widest
        for number, column in enumerate(columns):
            mode = (
                QHeaderView.ResizeMode.ResizeToContents if number == last else QHeaderView.ResizeMode.Stretch
            )
            self.horizontalHeader().setSectionResizeMode(number, mode)
            words = f"{column.label}\n{column.tip}"
            self.model().setHeaderData(number, Qt.Orientation.Horizontal, words, tip)
            for row, cell in enumerate(column.cells):
                words = f"{cell.text}  ({cell.difference})" if cell.difference else cell.text
                self._item(row, number).setText(words)

    def content_text(self) -> str:
        """Return the whole table as text, with a tab between two cells."""
        titles = [
            self._header_text(Qt.Orientation.Horizontal, column) for column in range(self.columnCount())
        ]
        lines = ["\t".join(("", *titles))]
        for row in range(self.rowCount()):
            cells = (self._item(row, column).text() for column in range(self.columnCount()))
            lines.append("\t".join((self._header_text(Qt.Orientation.Vertical, row), *cells)))
        return "\n".join(lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the titles their part of the width."""
        letters = _TITLE_LETTERS * self.fontMetrics().averageCharWidth()
        self.verticalHeader().setMaximumWidth(max(letters, self.width() // _TITLE_SHARE))
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Be as high as the rows are together."""
        rows = max(1, self.rowCount()) * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth())

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(_RIGHT)
            self.setItem(row, column, item)
        return item

    def _header_text(self, orientation: Qt.Orientation, section: int) -> str:
        return str(self.model().headerData(section, orientation))
