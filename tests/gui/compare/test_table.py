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
    assert rows.textElideMode() == Qt.TextElideMode.ElideRight
    assert table.verticalHeaderItem(1).toolTip() == LONG
    assert LONG in table.content_text(), "the copy is whole"


def test_the_tip_of_a_head_says_it_whole(table):
    for number, figure in enumerate(FIGURES):
        assert table.horizontalHeaderItem(number).toolTip() == f"{figure.label}\n{figure.tip}"


@pytest.mark.parametrize(("width", "lines"), [(1_366, 1), (1_100, 2)])
def test_a_small_window_cuts_no_head_and_no_figure(table, width, lines):
    columns = [
        Column(each.label, "", (Cell(each.text(1.0)), Cell(each.text(1.0), each.difference_text(1.0, 1.0))))
        for each in FIGURES
    ]
    table.set_figures([], [])  # it keeps what other figures have needed
    table.set_figures(["ArcFace", "CosFace (AM-Softmax)"], columns)
    table.resize(width, 120)
    metrics, heads = table.fontMetrics(), []
    for number, figure in enumerate(FIGURES):
        head = table.horizontalHeaderItem(number).text().split("\n")
        widest = max(map(metrics.horizontalAdvance, (*head, table.item(1, number).text())))
        assert table.columnWidth(number) >= widest + 12, figure.label
        assert " ".join(head) == figure.label
        heads.append(len(head))
    assert max(heads) == lines
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert "Closest class means\t" in table.content_text()
