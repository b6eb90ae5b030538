"""The dimension is chosen from a menu of usual ones, stepped through them, or typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.core.settings.config import find_param
from explorer.core.settings.network import OFFERED_DIMENSIONS
from explorer.gui.controls.editors.offered import OfferedEditor
from explorer.gui.controls.param_row import ParamRow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_usual_numbers_are_chosen_and_others_typed(qtbot: QtBot) -> None:
    row = ParamRow("network.dim", find_param("network.dim"))
    qtbot.addWidget(row)
    row.show()
    row.activateWindow()
    qtbot.waitExposed(row)
    editor, log = row.editor, []
    row.paramRequested.connect(lambda _name, value: log.append(value))
    assert isinstance(editor, OfferedEditor)
    assert not editor.slider.isVisible()
    actions = editor.menu.actions()
    assert [action.data() for action in actions] == list(OFFERED_DIMENSIONS)
    actions[OFFERED_DIMENSIONS.index(128)].trigger()
    assert log.pop() == 128
    assert [action.data() for action in actions if action.isChecked()] == [128]
    field = editor.field
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert log.pop() == 512
    for typed, expected in (("100", [100]), ("1", []), ("600", [])):
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert log == expected
        assert bool(row.error) != bool(expected)
        log.clear()
        field.setFocus()
    row.set_value(100)
    assert not any(action.isChecked() for action in actions)
