"""Note: a sentence below a control, with an optional button that applies the remedy."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from explorer.gui.controls.labels import WrappedLabel, set_role

Level = Literal["info", "warning", "error"]


class Note(QFrame):
    """Tinted strip with text and an optional button; hidden while the text is empty."""

    remedyRequested = Signal()

    def __init__(self, level: Level, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "note", level)
        self._text = WrappedLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.remedyRequested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(9, 6, 9, 6)
        layout.setSpacing(6)
        layout.addWidget(self._text)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    @property
    def text(self) -> str:
        """Sentence that is shown."""
        return self._text.text()

    def show_text(self, text: str, remedy: str = "") -> None:
        """Show a sentence and, where ``remedy`` is given, a button with these words; hide for no text."""
        self._text.setText(text)
        self.button.setText(remedy)
        self.button.setAccessibleName(remedy)
        self.button.setVisible(bool(remedy))
        self.setAccessibleName(text)
        self.setVisible(bool(text))
