"""The table of figures fits into a small window, and what it cuts can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from explorer.gui.compare.figures import FIGURES, Cell, Column
from explorer.gui.compare.table import FiguresTable

pytestmark = pytest.mark.usefixtures("themed")
LONG = "ArcFace, Margin 0.3 rad · Learning rate 0.05 · Batch size 256 · Seed 12"


@pytest.fixture
def table(qtbot):
    table = FiguresTable()
    qtbot.addWidget(table)
    table.resize(1_340, 120)
    table.show()
    cells = (Cell("97.53%"), Cell("97.12%", "−0.41"))
    table.set_figures(["Softmax", LONG], [Column(figure.label, figure.tip, cells) for figure in FIGURES])
    return table


def test_a_long_title_leaves_room_for_the_figures_and_can_be_read_whole(table):
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    assert rows.width() <= table.width() / 4
    assert rows.width() + columns.length() <= table.width()
    assert {rows.textElideMode(), columns.textElideMode()} == {Qt.TextElideMode.ElideRight}
    assert table.verticalHeaderItem(1).toolTip() == LONG
    assert LONG in table.content_text(), "the copy is whole"


def test_the_tip_of_a_head_says_it_whole(table):
    for number, figure in enumerate(FIGURES):
        assert table.horizontalHeaderItem(number).toolTip() == f"{figure.label}\n{figure.tip}"
