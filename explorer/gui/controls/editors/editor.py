"""Editor: the input part of a parameter's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from explorer.core.params import Param, Value
from explorer.gui.controls.fields import NumberField, TextLine


class Editor(QWidget):
    """Shows a value, and requests what a person enters.

    ``valueRequested`` carries a value or typed text, unchecked; ``attemptEnded`` tells that what was refused
    is no longer shown; ``resetRequested`` asks for the default. ``input`` is what takes the keyboard.
    """

    valueRequested = Signal(object)
    attemptEnded = Signal()
    resetRequested = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self.input: QWidget = self
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_value(self, value: Value) -> None:
        """Show a value in place of whatever was being typed; emits nothing."""
        raise NotImplementedError

    def set_unavailable(self, reasons: Mapping[str, str]) -> None:
        """Grey out these choices, each with the reason, and no others; emits nothing."""

    def set_classes(self, count: int, names: Sequence[str] = ()) -> None:
        """Offer so many classes, by their numbers where there are no ``names``; emits nothing."""

    def text_menu(self) -> QMenu | None:
        """Return the menu for the text being edited, or None where there is none."""
        return None

    def release_keyboard(self) -> None:
        """Leave the keys to the window once a person has entered something; Tab goes on from here."""
        self.setFocus()

    def _listen_to(self, line: TextLine | NumberField) -> None:
        line.textRequested.connect(self._on_entered)
        line.attemptEnded.connect(self.attemptEnded)
        line.entered.connect(self.release_keyboard)

    def _on_entered(self, entered: object) -> None:
        self.valueRequested.emit(entered)
