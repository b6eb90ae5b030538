"""A row of a strip has room in a narrow window: its widgets go below each other."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from explorer.gui.central_area import ReflowRow, row_of
from explorer.gui.controls.labels import WrappedLabel


@pytest.fixture
def row(qtbot):
    buttons = row_of(QPushButton("First"), QPushButton("Second"))
    result = ReflowRow(WrappedLabel("A sentence that wraps."), buttons)
    qtbot.addWidget(result)
    result.resize(600, 60)
    result.show()
    return result


def test_a_row_is_a_column_only_where_it_is_narrow(row):
    assert not row.is_column
    row.resize(300, 120)
    assert row.is_column
    row.resize(600, 60)
    assert not row.is_column


def test_a_longer_text_makes_it_a_column_at_once(row, qtbot):
    row.findChildren(QPushButton)[0].setText("A button with many words " * 4)
    qtbot.waitUntil(lambda: row.is_column)


def test_what_is_hidden_takes_no_room(row, qtbot):
    row.resize(300, 120)
    row.findChildren(QPushButton)[0].parentWidget().hide()
    qtbot.waitUntil(lambda: not row.is_column)
