"""Editors for a switch and for one of several choices."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.core.params import Param, Value
from explorer.core.texts import _
from explorer.gui.controls.descriptions import spoken_name
from explorer.gui.controls.editors.editor import Editor
from explorer.gui.controls.inputs import ChoiceBox, Switch
from explorer.gui.theme.tooltips import wrapped


class SwitchEditor(Editor):
    """Switch for a yes or no."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.switch = Switch()
        self.switch.setAccessibleName(spoken_name(param))
        self.switch.clicked.connect(self._on_entered)
        self.input = self.switch
        self._layout.addWidget(self.switch)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Value) -> None:
        """Show on or off."""
        self.switch.setChecked(bool(value))


class ChoiceEditor(Editor):
    """Combo box for one of a few choices, under their words on screen."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.box = ChoiceBox()
        self.box.setMinimumContentsLength(4)
        self._items = {choice: QStandardItem(_(param.title(choice))) for choice in param.choices}
        model = QStandardItemModel(self.box)
        for item in self._items.values():
            model.appendRow(item)
        self.box.setModel(model)
        self.box.setAccessibleName(spoken_name(param))
        self.box.activated.connect(self._on_box_activated)
        self.input = self.box
        self._layout.addWidget(self.box)

    def show_value(self, value: Value) -> None:
        """Show the chosen word, also one that is greyed out."""
        self.box.setCurrentIndex(self.param.choices.index(str(value)))

    def set_unavailable(self, reasons: Mapping[str, str]) -> None:
        """Grey out these words, each with the reason as its tooltip, and no others; emits nothing."""
        for choice, item in self._items.items():
            item.setEnabled(choice not in reasons)
            item.setToolTip(wrapped(reasons.get(choice, "")))

    def _on_box_activated(self, index: int) -> None:
        self.valueRequested.emit(self.param.choices[index])
