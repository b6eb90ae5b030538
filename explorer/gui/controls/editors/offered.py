"""OfferedEditor: a field for an exact number, with a menu of the usual ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from explorer.core.params import Param, Value
from explorer.core.texts import _
from explorer.gui.controls.descriptions import spoken_name
from explorer.gui.controls.editors.number import NumberEditor
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped


class OfferedEditor(NumberEditor):
    """A field in which any number can be typed, and a button with a menu of ``param.offered``."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.menu = QMenu(self)
        for number in param.offered:
            action = self.menu.addAction(str(number))
            action.setCheckable(True)
            action.setData(number)
        self.menu.triggered.connect(self._on_menu_triggered)
        self.button = QToolButton()
        name = _("{name}, usual values").format(name=spoken_name(param))
        self.button.setAccessibleName(name)
        self.button.setToolTip(wrapped(name))
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setMenu(self.menu)
        self.button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._layout.addWidget(self.button)
        self._color_icon()

    def show_value(self, value: Value) -> None:
        """Show the number, and mark it in the menu."""
        super().show_value(value)
        for action in self.menu.actions():
            action.setChecked(action.data() == value)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color_icon()

    def _color_icon(self) -> None:
        self.button.setIcon(icon("down", self.palette()))

    def _on_menu_triggered(self, action: QAction) -> None:
        number = action.data()
        self.show_value(int(self._value))  # a click has changed the mark; the owner's answer sets it
        self.valueRequested.emit(number)
