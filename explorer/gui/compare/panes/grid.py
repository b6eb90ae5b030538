"""PaneGrid: panes beside and below each other, so that each is as nearly square as the window permits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel, set_role

_HEAD = 80
"""Pixels of a pane above its plot."""
_SPACING = 6


def columns_for(count: int, width: float, height: float) -> int:
    """Return the number of columns in which the plots of so many panes are largest, the fewest of several.

    Features are drawn with equal scales on both axes: what counts is the shorter side of a plot.
    """

    def side(columns: int) -> float:
        rows = -(-count // columns)
        return min(width / columns, height / rows - _HEAD)

    return max(range(1, max(1, count) + 1), key=side)


class PaneGrid(QWidget):
    """Places widgets in a grid, and anew where another number of columns suits the size better."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets: tuple[QWidget, ...] = ()
        self._columns = 0
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_SPACING)

    def set_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show these, row by row; others stay children without a place."""
        for widget in self._widgets:
            self._layout.removeWidget(widget)
        self._widgets = tuple(widgets)
        self._columns = 0
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use another number of columns where that makes the plots larger."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        columns = columns_for(len(self._widgets), self.width(), self.height())
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-len(self._widgets) // columns)
        for widget in self._widgets:
            self._layout.removeWidget(widget)
        for number, widget in enumerate(self._widgets):
            self._layout.addWidget(widget, number // columns, number % columns)
        for column in range(max(self._layout.columnCount(), columns)):
            self._layout.setColumnStretch(column, int(column < columns))
        for row in range(max(self._layout.rowCount(), rows)):
            self._layout.setRowStretch(row, int(row < rows))


class EmptyPane(QFrame):
    """Says that there is room for a run, with a button that opens a menu of what can be added."""

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.text = WrappedLabel(_("Add runs to compare them step by step, from the same start."))
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.text, "role", "muted")
        self.add = QPushButton(_("Add run"))
        self.add.setAccessibleName(_("Add run"))
        self.add.setMenu(menu)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.text)
        layout.addSpacing(8)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
