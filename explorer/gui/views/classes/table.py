"""ClassTable: a row of numbers for each class, sorted by any column."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from explorer.analysis.statistics.classes import ClassFacts
from explorer.core.texts import N_, _
from explorer.gui.commands.keys import pressed
from explorer.gui.export.table_copy import TableCopier, view_text
from explorer.gui.plots.style import color
from explorer.gui.theme.theme import Theme
from explorer.gui.views.classes.columns import COLUMNS, WEIGHT, ColumnName

_NUMBER = Qt.ItemDataRole.UserRole
_SWATCH, _RIM = 12, 3
_AROUND, _ARROW = 6, 16
"""Pixels around a text at the least, and for the arrow that tells by which column it is sorted."""
Index = QModelIndex | QPersistentModelIndex


def _kind(facts: ClassFacts) -> tuple[int, frozenset[int], tuple[str, ...]]:
    """Return what rows are of: with other classes, they are other rows."""
    return len(facts.counts), facts.unseen, facts.names


class ClassModel(QAbstractTableModel):
    """The table model of `ClassFacts`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._facts: ClassFacts | None = None
        self._swatches: list[QPixmap] = []
        self._theme = theme

    def show_facts(self, facts: ClassFacts, theme: Theme) -> bool:
        """Show these facts, and return whether their classes are others: scroll position and selection go."""
        before = self._facts
        if before is None or _kind(facts) != _kind(before):
            self.beginResetModel()
            self._facts = facts
            self._paint_swatches(theme)
            self.endResetModel()
            return True
        self._facts = facts
        if theme is not self._theme:
            self._paint_swatches(theme)
        self.dataChanged.emit(self.index(0, 0), self.index(len(facts.counts) - 1, len(COLUMNS) - 1))
        return False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """Return the number of classes."""
        return 0 if self._facts is None or parent.isValid() else len(self._facts.counts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text, sort key or alignment of a cell, or the colour swatch of a class."""
        if self._facts is None:
            return None
        column = COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(self._facts, index.row())
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.DecorationRole if index.column() == 0:
                return self._swatches[index.row()]
            case Qt.ItemDataRole.ToolTipRole if index.row() in self._facts.unseen:
                return _(
                    "Class {label} is left out of training, so no image of it can be classified correctly."
                ).format(label=self._facts.name(index.row()))
            case _ if role == _NUMBER:
                number = column.number(self._facts, index.row())
                return -math.inf if math.isnan(number) else number
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the title or the tooltip of a column."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _(COLUMNS[section].title)
            if role == Qt.ItemDataRole.ToolTipRole:
                return _(COLUMNS[section].help)
        return None

    def _paint_swatches(self, theme: Theme) -> None:
        self._theme = theme
        self._swatches = []
        for label in range(self.rowCount()):
            swatch = QPixmap(_SWATCH, _SWATCH)
            swatch.fill(color(theme.class_color(label)))
            if self._facts is not None and label in self._facts.unseen:
                painter = QPainter(swatch)  # hollow, as its points are
                painter.fillRect(swatch.rect().adjusted(_RIM, _RIM, -_RIM, -_RIM), color(theme.plot))
                painter.end()
            self._swatches.append(swatch)


class ClassTable(QTableView):
    """A table of classes; a click on a header requests to sort by it, a second click reverses the order.

    Signals
    -------
    sortRequested(str, bool)
        The `ColumnName` to sort by, and whether in descending order.
    classRequested(int)
        The images of a class should be selected.
    """

    classRequested = Signal(int)
    sortRequested = Signal(str, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = ClassModel(theme)
        self._widest = [0] * len(COLUMNS)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(_NUMBER)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.sort_by("class", descending=False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(1)
        self.setAccessibleName(_("Classes"))
        TableCopier(self, N_("Copy table"), view_text)
        self.clicked.connect(self._on_clicked)
        self.horizontalHeader().sortIndicatorChanged.connect(self._on_sort_indicator_changed)

    def sort_by(self, column: ColumnName, *, descending: bool) -> None:
        """Sort by a column."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header, section = self.horizontalHeader(), [each.name for each in COLUMNS].index(column)
        if (header.sortIndicatorSection(), header.sortIndicatorOrder()) != (section, order):
            self.sortByColumn(section, order)

    def show_facts(self, facts: ClassFacts, theme: Theme) -> None:
        """Show the facts of classes."""
        if self._model.show_facts(facts, theme):
            self._widest = [0] * len(COLUMNS)
        hidden = [each.name for each in COLUMNS].index(WEIGHT)
        self.setColumnHidden(hidden, bool(np.isnan(facts.weight_length).all()))
        self._widest = [max(self.sizeHintForColumn(at), before) for at, before in enumerate(self._widest)]
        self._share_width()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Give each column what it has needed for these classes, and as much of the rest as the others."""
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        needs = [
            max(widest, metrics.horizontalAdvance(_(column.title)) + _AROUND)
            for column, widest in zip(COLUMNS, self._widest, strict=True)
        ]
        needs[header.sortIndicatorSection()] += _ARROW
        shown = [section for section in range(len(needs)) if not header.isSectionHidden(section)]
        rest = max(0, self.viewport().width() - sum(needs[at] for at in shown)) // len(shown)
        for section in shown:
            header.resizeSection(section, needs[section] + rest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Request the images of the current class."""
        if pressed(event, "class-table") == "class-table.select" and self.currentIndex().isValid():
            self._on_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_sort_indicator_changed(self, section: int, order: Qt.SortOrder) -> None:
        self._share_width()
        self.sortRequested.emit(COLUMNS[section].name, order == Qt.SortOrder.DescendingOrder)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.classRequested.emit(self._sorted.mapToSource(index).row())
