"""Panes are placed so that their plots are as large as the window permits."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from explorer.gui.compare.panes.grid import PaneGrid, columns_for


@pytest.mark.parametrize(
    ("count", "width", "height", "columns"),
    [
        (1, 800, 600, 1),
        (2, 1350, 560, 2),
        (2, 500, 1200, 1),
        (3, 1350, 560, 3),
        (4, 1350, 500, 4),
        (4, 900, 900, 2),
    ],
)
def test_the_number_of_columns_makes_the_shorter_side_of_a_plot_longest(count, width, height, columns):
    assert columns_for(count, width, height) == columns


def test_widgets_move_when_the_window_gets_another_shape(qtbot):
    grid = PaneGrid()
    qtbot.addWidget(grid)
    panes = [QWidget() for _ in range(4)]
    grid.set_widgets(panes)
    grid.resize(1400, 420)
    grid.show()
    qtbot.waitUntil(lambda: len({pane.y() for pane in panes}) == 1)
    grid.resize(700, 700)
    qtbot.waitUntil(
        lambda: (
            sorted({(pane.x() > 100, pane.y() > 100) for pane in panes})
            == [(a, b) for a in (False, True) for b in (False, True)]
        )
    )
    grid.set_widgets(panes[:1])
    panes[1].hide()
    qtbot.waitUntil(lambda: panes[0].width() == 700)
