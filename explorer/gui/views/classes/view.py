"""ClassesView: the confusion matrix, and how compact and how far apart the classes are."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.classes import ClassFacts, class_facts, confused_rows
from explorer.core.protocol.messages import TEST
from explorer.core.texts import N_, _
from explorer.gui.drawing.background import Background
from explorer.gui.faults import fault_text, report
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.empty_state import StartHint, style_empty_state
from explorer.gui.theme.theme import Theme
from explorer.gui.views.classes.columns import ColumnName
from explorer.gui.views.classes.confusion import ConfusionPlot
from explorer.gui.views.classes.table import ClassTable
from explorer.gui.views.view import View

_PARTS = 10_000
"""Height that Qt is given to divide; it takes only the ratio from it."""
_AT_ONCE = 200_000
"""Scores, images by classes, up to which facts take a few milliseconds; more are computed in a thread."""


class ClassOptions(Struct, frozen=True):
    """The order of the table, and the height of the matrix.

    ``sort`` is the column to sort by; ``matrix`` is the fraction of the height that the matrix has, None
    until the handle between the two has been moved.
    """

    sort: ColumnName = "class"
    descending: bool = False
    matrix: Annotated[float, Meta(gt=0, lt=1)] | None = None


class ClassContent(Struct, frozen=True, eq=False):
    """A frame, and the facts of its classes over the test images."""

    snapshot: Snapshot
    facts: ClassFacts


def class_content(snapshot: Snapshot) -> ClassContent:
    """Return what is shown of a frame."""
    return ClassContent(snapshot, class_facts(snapshot, TEST))


class ClassesView(View[ClassOptions]):
    """A confusion matrix and a table of classes, both over the test images."""

    title = N_("Classes")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, ClassOptions(), parent)
        self.confusion = ConfusionPlot(theme)
        self.table = ClassTable(theme)
        self._caption = Caption(theme)
        self._background = Background(self._show_content, self._on_failed, self)
        self._taken = 0.0
        self._shown: ClassContent | None = None
        self._empty_state = StartHint(_("Start training to compare classes"))
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

    def cancel_gesture(self) -> bool:
        """Take the frame from the current cell, as the selection that was made with it is cleared."""
        self.confusion.hide_frame()
        return False

    def draw(self) -> None:
        """Show the facts of the snapshot, in the colours of the theme."""
        snapshot = self.snapshot
        self._pages.setCurrentIndex(0 if snapshot is None else 1)
        if snapshot is None:
            self._background.cancel()
            self._shown = None
            style_empty_state(self._empty_state, self.theme)
            return
        shown = self._shown
        if shown is not None and shown.snapshot is snapshot:
            self._background.cancel()  # what was asked for since is no longer wanted
            self._show_content(shown)
        elif len(snapshot.features) * snapshot.probe.num_classes <= _AT_ONCE:
            self._background.cancel()
            self._show_content(class_content(snapshot))
        else:
            self._background.request(partial(class_content, snapshot))

    def finish_content(self) -> None:
        """Wait until the facts of the frame are shown."""
        self._background.finish()

    def take_background_seconds(self) -> float:
        """Return the processor seconds spent on facts in a thread since the last call."""
        taken, self._taken = self._taken, self._background.seconds
        return self._taken - taken

    def _show_content(self, content: ClassContent) -> None:
        snapshot, facts = content.snapshot, content.facts
        self._shown = content
        self.confusion.show_counts(facts.confusion, self.theme, facts.unseen, snapshot.probe)
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

    def _on_failed(self, error: Exception) -> None:
        report(error)
        self._show_fault(fault_text(error))

    def _on_cell_requested(self, label: int, prediction: int, mode: SelectionMode) -> None:
        if self._shown is not None:
            self.selectionRequested.emit(confused_rows(self._shown.snapshot, TEST, label, prediction), mode)

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
        if self._shown is not None:
            self.selectionRequested.emit(confused_rows(self._shown.snapshot, TEST, label, None), "replace")
