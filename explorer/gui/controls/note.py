"""Note: a sentence below a control, with optional buttons that apply remedies."""

from __future__ import annotations

from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from explorer.gui.controls.labels import WrappedLabel, set_role

Level = Literal["info", "warning", "error"]


class Note(QFrame):
    """Tinted strip with text and optional buttons; hidden while the text is empty.

    Attributes
    ----------
    buttons : list of QPushButton
        Those for remedies; the ones without a remedy are hidden.

    Signals
    -------
    remedyRequested(int)
        The number of the remedy whose button was pressed.
    """

    remedyRequested = Signal(int)

    def __init__(self, level: Level, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "note", level)
        self._text = WrappedLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons: list[QPushButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(9, 6, 9, 6)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._text)
        self._add_button()
        self.hide()

    @property
    def text(self) -> str:
        """Sentence that is shown."""
        return self._text.text()

    @property
    def button(self) -> QPushButton:
        """The button of the first remedy."""
        return self.buttons[0]

    def show_text(self, text: str, *remedies: str) -> None:
        """Show a sentence, and a button with these words for each remedy; hide for no text."""
        self._text.setText(text)
        while len(self.buttons) < len(remedies):
            self._add_button()
        for number, button in enumerate(self.buttons):
            words = remedies[number] if number < len(remedies) else ""
            button.setText(words)
            button.setAccessibleName(words)
            button.setVisible(bool(words))
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def _add_button(self) -> None:
        button = QPushButton()
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self.remedyRequested.emit, len(self.buttons)))
        self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.buttons.append(button)
