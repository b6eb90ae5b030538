"""PadButtons: what can be done with a pad besides drawing on it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget


class PadButtons(QWidget):
    """A row of buttons; their owner connects them."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = _button("Undo", "Take back the last line (Ctrl+Z on the pad)")
        self.clear = _button("Clear", "Take everything away (Delete on the pad)")
        self.open = _button("Open …", "Put a picture from a file on the pad")
        self.paste = _button("Paste", "Put a picture from the clipboard on the pad (Ctrl+V on the pad)")
        self.sample = _button(
            "Test image", "Put the selected image on the pad, or any test image, to draw over it"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for button in (self.undo, self.clear, self.open, self.paste, self.sample):
            row.addWidget(button)
        row.addStretch(1)

    def show_possible(self, *, undo: bool, clear: bool, sample: bool) -> None:
        """Enable what can be done now."""
        self.undo.setEnabled(undo)
        self.clear.setEnabled(clear)
        self.sample.setEnabled(sample)


def _button(text: str, help_: str) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(help_)
    button.setAccessibleName(text.removesuffix(" …"))
    button.setAccessibleDescription(help_)
    button.setStyleSheet("padding-left: 7px; padding-right: 7px;")
    return button
