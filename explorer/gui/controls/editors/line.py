"""TextEditor: a line of text, with a menu of data sets where it names one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from explorer.core.params import Param, Value
from explorer.core.texts import _
from explorer.gui.controls.descriptions import spoken_name
from explorer.gui.controls.editors.editor import Editor
from explorer.gui.controls.fields import TextLine
from explorer.gui.data_sets.menu import SourceMenu
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped


class TextEditor(Editor):
    """Line of text; with ``data``, a button beside it offers data sets."""

    def __init__(self, param: Param, data: bool, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.line = TextLine()
        self.line.setAccessibleName(spoken_name(param))
        self.line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.line.setMinimumWidth(60)
        self._listen_to(self.line)
        self.input = self.line
        self._layout.addWidget(self.line, 1)
        self.button = QToolButton()
        self.button.setIcon(icon("folder", self.palette()))
        self.button.setAccessibleName(_("Choose a data set"))
        self.button.setToolTip(wrapped(_("Choose a data set")))
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layout.addWidget(self.button)
        self.button.setVisible(data)
        self._sources = SourceMenu(self) if data else None
        if self._sources is not None:
            self._sources.sourceRequested.connect(self._on_entered)
            self.button.setMenu(self._sources)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.button.setIcon(icon("folder", self.palette()))

    def show_value(self, value: Value) -> None:
        """Show the text."""
        self.line.show_text(str(value))
        if self._sources is not None:
            self._sources.current = str(value)

    def text_menu(self) -> QMenu | None:
        """Return the line's menu while it has the focus."""
        return self.line.createStandardContextMenu() if self.line.hasFocus() else None
