"""Classes are left out of training with a click on their number."""

import pytest
from PySide6.QtCore import Qt

from explorer.core.settings.config import RunConfig
from explorer.gui.controls.settings_panel import SettingsPanel


@pytest.fixture
def panel(qtbot):
    result = SettingsPanel()
    qtbot.addWidget(result)
    result.set_config(RunConfig())
    return result


def pressed(row):
    return {label for label, button in enumerate(row.editor.buttons) if button.isChecked()}


def test_a_click_on_a_class_leaves_it_out_and_another_brings_it_back(panel, qtbot):
    row, asked = panel.row("data.left_out"), []
    panel.paramRequested.connect(lambda name, value: asked.append((name, value)))
    assert len(row.editor.buttons) == 10
    for label in (7, 9, 8, 3, 7):
        qtbot.mouseClick(row.editor.buttons[label], Qt.MouseButton.LeftButton)
    values = ["7", "7,9", "7-9", "3,7-9", "3,8,9"]
    assert asked == [("data.left_out", value) for value in values]
    assert pressed(row) == {3, 8, 9}
    assert row.editor.buttons[3].accessibleName() == "Class 3: left out"
    assert row.editor.buttons[4].accessibleName() == "Class 4: trained on"
    row.reset()
    assert asked[-1] == ("data.left_out", "")
    assert not pressed(row)


def test_the_last_two_classes_cannot_be_left_out(panel):
    panel.set_config(RunConfig().replace({"data.left_out": "0-2,5-9"}))
    buttons = panel.row("data.left_out").editor.buttons
    held = [label for label, button in enumerate(buttons) if not button.isEnabled()]
    assert held == [3, 4]
    assert buttons[3].toolTip() == "At least two classes must be trained on."
    panel.set_config(RunConfig().replace({"data.left_out": "0"}))
    assert all(button.isEnabled() for button in buttons)


def test_the_buttons_are_those_of_the_data_set_and_many_classes_are_typed(panel, qtbot):
    row, asked = panel.row("data.left_out"), []
    panel.paramRequested.connect(lambda _name, value: asked.append(value))
    panel.set_config(RunConfig().replace({"data.subset": 6, "data.left_out": "2"}))
    assert [button.text() for button in row.editor.buttons] == list("012345")
    assert pressed(row) == {2}
    panel.set_class_names(("ant", "bee & wasp", "cat"), "/insects")
    panel.set_config(RunConfig().replace({"data.classes": 3}))
    assert [button.text() for button in row.editor.buttons] == list("012"), "the names are of other data"
    insects = {"data.source": "/insects", "data.classes": 3, "data.left_out": "2"}
    panel.set_config(RunConfig().replace(insects))
    assert [button.text() for button in row.editor.buttons] == ["ant", "bee && wasp", "cat"]
    assert row.editor.buttons[2].accessibleName() == "Class cat: left out"
    panel.set_config(RunConfig().replace({"data.classes": 47, "data.left_out": "2"}))
    assert not row.editor.buttons
    assert row.editor.line.text() == "2"
    row.editor.line.clear()
    qtbot.keyClicks(row.editor.line, "40 - 46; 3")
    qtbot.keyClick(row.editor.line, Qt.Key.Key_Return)
    assert asked == ["3,40-46"]
    row.editor.line.clear()
    qtbot.keyClicks(row.editor.line, "all")
    qtbot.keyClick(row.editor.line, Qt.Key.Key_Return)
    assert "is not a list of classes" in row.error
