"""ClassesView: the confusion matrix, and how compact and how far apart the classes are."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.statistics.classes import class_facts, confused_rows
from explorer.core.protocol.messages import TEST
from explorer.core.texts import N_, _
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.style import empty_state, style_empty_state
from explorer.gui.theme.theme import Theme
from explorer.gui.views.classes.confusion import ConfusionPlot
from explorer.gui.views.classes.table import ClassTable, ColumnName
from explorer.gui.views.view import View

_PARTS = 10_000
"""Height that Qt is given to divide; it takes only the ratio from it."""


class ClassOptions(Struct, frozen=True):
    """The order of the table, and the height of the matrix.

    ``sort`` is the column to sort by; ``matrix`` is the fraction of the height that the matrix has, None
    until the handle between the two has been moved.
    """

    sort: ColumnName = "class"
    descending: bool = False
    matrix: Annotated[float, Meta(gt=0, lt=1)] | None = None


class ClassesView(View[ClassOptions]):
    """A confusion matrix and a table of classes, both over the test images."""

    title = N_("Classes")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, ClassOptions(), parent)
        self.confusion = ConfusionPlot(theme)
        self.table = ClassTable(theme)
        self._caption = Caption(theme)
        self._empty_state = empty_state(_("Start training to compare classes"))
        self._parts = parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.confusion)
        parts.addWidget(self.table)
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(parts, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_state)
        self._pages.addWidget(page)
        self.confusion.cellRequested.connect(self._on_cell_requested)
        self.table.classRequested.connect(self._on_class_requested)
        self.table.sortRequested.connect(self._on_sort_requested)
        parts.splitterMoved.connect(self._on_handle_moved)

    def set_options(self, options: ClassOptions) -> None:
        """Sort the table and divide the height as these options say."""
        super().set_options(options)
        self.table.sort_by(options.sort, descending=options.descending)
        if options.matrix is not None and options.matrix != self._matrix_fraction():
            above = round(_PARTS * options.matrix)
            self._parts.setSizes([above, _PARTS - above])

    def draw(self) -> None:
        """Show the facts of the snapshot, in the colours of the theme."""
        snapshot = self.snapshot
        self._pages.setCurrentIndex(0 if snapshot is None else 1)
        if snapshot is None:
            style_empty_state(self._empty_state, self.theme)
            return
        facts = class_facts(snapshot, TEST)
        self.confusion.show_counts(facts.confusion, self.theme)
        self.table.show_facts(facts, self.theme)
        count = int(np.count_nonzero(snapshot.probe.split == TEST))
        size = snapshot.probe.test_size
        self._caption.show_texts(
            self.theme,
            (
                _("{shown:,} of {count:,} test images").format(shown=count, count=size),
                _("{shown:,}/{count:,} test").format(shown=count, count=size),
            ),
            (step_text(snapshot.step), f"{snapshot.step:,}"),
        )

    def _on_cell_requested(self, label: int, prediction: int, mode: SelectionMode) -> None:
        if self.snapshot is not None:
            self.selectionRequested.emit(confused_rows(self.snapshot, TEST, label, prediction), mode)

    def _on_sort_requested(self, column: ColumnName, descending: bool) -> None:
        options = replace(self.options, sort=column, descending=descending)
        if options != self.options:  # the table tells of every new order, of the one that was set too
            self.optionsRequested.emit(options)

    def _matrix_fraction(self) -> float:
        above, below = self._parts.sizes()
        return round(above / max(1, above + below), 3)

    def _on_handle_moved(self) -> None:
        self.optionsRequested.emit(replace(self.options, matrix=self._matrix_fraction()))

    def _on_class_requested(self, label: int) -> None:
        if self.snapshot is not None:
            self.selectionRequested.emit(confused_rows(self.snapshot, TEST, label, None), "replace")
