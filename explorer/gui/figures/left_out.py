"""Tables in a figure: given the room that they need, or else it is said how many rows are left out."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel, QSplitter, QTableView

from explorer.core.texts import ngettext
from explorer.gui.controls.labels import set_role
from explorer.gui.plots.style import SMALL_TYPE
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.views.view import View

_LEAST_SHARE = 0.35
"""Of a height that a table shares, what is left at least to the other part."""
_MARGIN, _GAP = 8, 6


class LeftOut(QLabel):
    """How many rows of the tables of a view have no room, below it; hidden where all have.

    A table gets the room that it needs from what shares a splitter with it, which keeps a part of it all the
    same. A row is shown whole or not at all.
    """

    def __init__(self, view: View[Any]) -> None:
        super().__init__()
        self._tables = view.findChildren(QTableView)
        set_role(self, "role", "muted")
        RelativeFont(self, SMALL_TYPE)
        self.setContentsMargins(_MARGIN, 0, 0, _GAP)
        self.hide()

    def give_room(self) -> None:
        """Divide the height anew; the layout follows."""
        for table in self._tables:
            _show_all(table)
            splitter = table.parentWidget()
            if isinstance(splitter, QSplitter):
                _divide(splitter, table)

    def renew(self) -> None:
        """Hide rows that are cut, and say how many are not shown, once all is laid out."""
        count = 0
        for table in self._tables:
            _show_all(table)
            height = table.viewport().height()
            cut = [row for row in range(_row_count(table)) if _end_of(table, row) > height]
            for row in cut:
                table.setRowHidden(row, True)
            count += len(cut)
        words = ngettext("{count} row is left out.", "{count} rows are left out.", count)
        self.setText(words.format(count=count))
        self.setVisible(count > 0)


def _divide(splitter: QSplitter, table: QTableView) -> None:
    sizes = splitter.sizes()
    header = 0 if table.horizontalHeader().isHidden() else table.horizontalHeader().sizeHint().height()
    needed = header + table.verticalHeader().length() + 2 * table.frameWidth()
    others = sum(sizes) - sizes[splitter.indexOf(table)]
    room = min(needed, sum(sizes) - round(_LEAST_SHARE * sum(sizes)))
    if needed > sizes[splitter.indexOf(table)] and others:
        scale = (sum(sizes) - room) / others
        splitter.setSizes(
            [
                room if place == splitter.indexOf(table) else round(scale * size)
                for place, size in enumerate(sizes)
            ]
        )


def _show_all(table: QTableView) -> None:
    for row in range(_row_count(table)):
        table.setRowHidden(row, False)


def _row_count(table: QTableView) -> int:
    model = table.model()
    return 0 if model is None else model.rowCount()


def _end_of(table: QTableView, row: int) -> int:
    return table.rowViewportPosition(row) + table.rowHeight(row)
