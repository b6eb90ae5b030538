"""PadButtons: the commands of the drawing pad."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from explorer.core.texts import _
from explorer.gui.commands.command import tip_with_key
from explorer.gui.commands.plot_commands import plot_command


class PadButtons(QWidget):
    """A row of buttons: undo, clear, open, paste and load a sample; the owner connects them."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = _button("pad.undo")
        self.clear = _button("pad.clear")
        self.open = _button("pad.open")
        self.paste = _button("pad.paste")
        self.sample = _button("pad.sample")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for button in (self.undo, self.clear, self.open, self.paste, self.sample):
            row.addWidget(button)
        row.addStretch(1)

    def show_possible(self, *, undo: bool, clear: bool, sample: bool) -> None:
        """Enable the buttons whose command is possible now."""
        self.undo.setEnabled(undo)
        self.clear.setEnabled(clear)
        self.sample.setEnabled(sample)


def _button(id_: str) -> QPushButton:
    command = plot_command(id_)
    button = QPushButton(_(command.text))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(tip_with_key(command))
    button.setAccessibleName(command.name)
    button.setAccessibleDescription(_(command.tip))
    button.setStyleSheet("padding-left: 7px; padding-right: 7px;")
    return button
