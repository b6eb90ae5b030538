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
_AROUND = 12
"""Pixels around a text of a cell, as `_SHEET` has them."""
_BELOW = 6
"""Pixels below the last row, and at the left and right of all, as `_SHEET` has them."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROOM = 5
"""Pixels between two lines."""
_SHEET = """
QTableWidget { border: none; margin: 0 6px 6px 6px; }
QTableWidget::item { padding: 0px 6px; border-bottom: 1px solid palette(mid); }
QHeaderView::section {
    background: palette(base); color: palette(text); border: none; border-bottom: 1px solid palette(mid);
    padding: 2px 6px;
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
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self._labels: list[str] = []
        self._widest: list[int] = []
        """Widths of cells so far: a column that followed its figures would not keep still."""
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setDefaultAlignment(_RIGHT)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(1)
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
        self._labels = [column.label for column in columns]
        metrics, widths = self.fontMetrics(), []
        for number, column in enumerate(columns):
            texts = [
                f"{each.text}  ({each.difference})" if each.difference else each.text for each in column.cells
            ]
            for row, words in enumerate(texts):
                self._item(row, number).setText(words)
            widths.append(max(map(metrics.horizontalAdvance, texts), default=0))
        before = self._widest if len(self._widest) == len(widths) else widths
        self._widest = [max(pair) for pair in zip(before, widths, strict=True)]
        self._share_width()
        for number, column in enumerate(columns):
            words = f"{column.label}\n{column.tip}"
            self.model().setHeaderData(number, Qt.Orientation.Horizontal, words, tip)

    def content_text(self) -> str:
        """Return the whole table as text, with a tab between two cells."""
        lines = ["\t".join(("", *self._labels))]
        for row in range(self.rowCount()):
            cells = (self._item(row, column).text() for column in range(self.columnCount()))
            lines.append("\t".join((self._header_text(Qt.Orientation.Vertical, row), *cells)))
        return "\n".join(lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the titles their part of the width."""
        letters = _TITLE_LETTERS * self.fontMetrics().averageCharWidth()
        self.verticalHeader().setMaximumWidth(max(letters, self.width() // _TITLE_SHARE))
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Give each column what it needs and as much of the rest as the others; less where there is no rest.

        Where there is none, titles are in two lines.
        """
        room, titles, elide = self.viewport().width(), self._labels, Qt.TextElideMode.ElideRight
        needs = self._needs(titles)
        if sum(needs) > room:
            titles = [_in_two(label) for label in self._labels]
            needs = self._needs(titles)
            elide = Qt.TextElideMode.ElideNone  # Qt measures both lines as one
        self.horizontalHeader().setTextElideMode(elide)
        if titles != [self._header_text(Qt.Orientation.Horizontal, column) for column in range(len(titles))]:
            self.setHorizontalHeaderLabels(titles)
            self._fit()
        rest = max(0, room - sum(needs)) / max(1, len(needs))
        part = min(1.0, room / max(1, sum(needs)))
        for column, need in enumerate(needs):
            self.setColumnWidth(column, int(part * need + rest))

    def _needs(self, titles: Sequence[str]) -> list[int]:
        metrics = self.fontMetrics()
        heads = [max(map(metrics.horizontalAdvance, title.split("\n"))) for title in titles]
        return [max(pair) + _AROUND for pair in zip(heads, self._widest, strict=True)]

    def _fit(self) -> None:
        """Be as high as the rows are together."""
        rows = max(1, self.rowCount()) * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + _BELOW)

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(_RIGHT)
            self.setItem(row, column, item)
        return item

    def _header_text(self, orientation: Qt.Orientation, section: int) -> str:
        return str(self.model().headerData(section, orientation))


def _in_two(label: str) -> str:
    """Return a title in the two lines that are the least wide."""
    words = label.split(" ")
    lines = [(" ".join(words[:count]), " ".join(words[count:])) for count in range(1, len(words))]
    return min(
        ("\n".join(pair) for pair in lines), key=lambda two: max(map(len, two.split("\n"))), default=label
    )
