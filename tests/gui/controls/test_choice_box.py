"""A choice box shows by an ellipsis that its text goes on."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from explorer.gui.controls.inputs import ChoiceBox


@pytest.mark.parametrize("picture", [QIcon, lambda: QIcon(QPixmap(64, 64))], ids=["no icon", "icon"])
def test_text_and_ellipsis_have_room_beside_the_icon(qtbot: QtBot, picture: type[QIcon]) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItem(picture(), "Softmax with a very long name that nobody can read")
    box.resize(160, 30)
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part, control = QStyle.SubControl.SC_ComboBoxEditField, QStyle.ComplexControl.CC_ComboBox
    room = box.style().subControlRect(control, option, part, box).width()
    icon = 0 if option.currentIcon.isNull() else option.iconSize.width()
    assert option.currentText.startswith("Softmax")
    assert option.currentText.endswith("…")
    assert icon + box.fontMetrics().horizontalAdvance(option.currentText) <= room
