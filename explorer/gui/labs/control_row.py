"""ControlRow: a control of a lab, with its label above the editor and an error below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.core.params import Param, ParamError, Value
from explorer.core.texts import _
from explorer.gui.controls.descriptions import label_html
from explorer.gui.controls.editors import editor_for
from explorer.gui.controls.editors.choices import SwitchEditor
from explorer.gui.controls.labels import ClickableLabel
from explorer.gui.controls.note import Note


class ControlRow(QWidget):
    """Label and editor of a parameter of a lab; a double click on the label restores its first value.

    Parameters
    ----------
    param : Param
        The parameter.
    initial : Value
        The value that the lab opened with.

    Signals
    -------
    valueRequested(object)
        A person entered another value, checked by the parameter.
    """

    valueRequested = Signal(object)

    def __init__(self, param: Param, initial: Value, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param, self._initial = param, initial
        self.value: Value | None = None
        label = ClickableLabel(label_html(param))
        label.setTextFormat(Qt.TextFormat.RichText)
        label.doubleClicked.connect(self._on_label_double_clicked)
        self.editor = editor_for(param)
        self.editor.valueRequested.connect(self._on_value_requested)
        self.editor.setAccessibleDescription(_(param.help))
        self.setToolTip(_(param.help))
        self._note = Note("error", self)
        head = QHBoxLayout()
        head.addWidget(label, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 4)
        layout.setSpacing(2)
        layout.addLayout(head)
        if isinstance(self.editor, SwitchEditor):
            head.addWidget(self.editor)
        else:
            layout.addWidget(self.editor)
        layout.addWidget(self._note)

    @property
    def error(self) -> str:
        """The sentence about the last value that was refused, empty for none."""
        return self._note.text

    def show_value(self, value: Value) -> None:
        """Show a value; what is being typed stays where the value is the same."""
        if value != self.value:
            self.value = value
            self.editor.show_value(value)
            self._note.show_text("")

    def show_error(self, sentence: str) -> None:
        """Say why the value that was entered cannot be used."""
        self._note.show_text(sentence)

    def _on_value_requested(self, entered: object) -> None:
        try:
            value = self.param.check(entered, _(self.param.label))
        except ParamError as error:
            self.show_error(str(error))
            return
        self.show_error("")
        self.valueRequested.emit(value)
        if self.value is not None and value == self.value:  # such as " 2" in place of 2
            self.editor.show_value(value)

    def _on_label_double_clicked(self) -> None:
        self.valueRequested.emit(self._initial)
