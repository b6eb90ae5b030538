"""PadButtons: the commands of the drawing pad."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from explorer.core.texts import _
from explorer.gui.commands.command import key_text, tip_with_key
from explorer.gui.commands.keymap import keymap
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.draw.words import PadWords


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
        self._show_tips()
        keymap().keysChanged.connect(self._show_tips)

    def _show_tips(self) -> None:
        """Say what each button does, and which key does the same."""
        buttons = {"undo": self.undo, "clear": self.clear, "open": self.open}
        for name, button in {**buttons, "paste": self.paste, "sample": self.sample}.items():
            button.setToolTip(tip_with_key(plot_command(f"pad.{name}")))

    def show_possible(self, *, undo: bool, clear: bool, sample: bool) -> None:
        """Enable the buttons whose command is possible now."""
        self.undo.setEnabled(undo)
        self.clear.setEnabled(clear)
        self.sample.setEnabled(sample)


def describe_pad(pad: QWidget, words: PadWords) -> None:
    """Give the pad its name, and say what can be done on it and with which keys."""
    keys = {name: key_text(plot_command(f"pad.{name}")) for name in ("paste", "undo", "clear")}
    pad.setAccessibleName(_(words.name))
    pad.setAccessibleDescription(
        _("Without a mouse, press {paste} to paste a picture, or use the buttons.").format(**keys)
    )
    pad.setToolTip(wrapped(_(words.tip).format(**keys)))


def _button(id_: str) -> QPushButton:
    command = plot_command(id_)
    button = QPushButton(_(command.text))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(command.name)
    button.setAccessibleDescription(_(command.tip))
    button.setStyleSheet("padding-left: 7px; padding-right: 7px;")
    return button
