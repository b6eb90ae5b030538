"""ClassesEditor: which classes are chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget
from superqt import QFlowLayout

from explorer.core.class_sets import classes_text, parse_classes
from explorer.core.params import Param, Value
from explorer.core.settings.config import LEAST_TRAINED
from explorer.core.texts import _
from explorer.gui.controls.descriptions import spoken_name
from explorer.gui.controls.editors.editor import Editor
from explorer.gui.controls.fields import TextLine
from explorer.gui.controls.labels import set_role
from explorer.gui.theme.tooltips import wrapped

_MOST_BUTTONS = 20  # classes for which there is a button each


class ClassesEditor(Editor):
    """A button for each class, down where it is in the set; a line of text where there are many classes."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.buttons, self._names = list[QToolButton](), list[str]()
        self.line = TextLine()
        self.line.setAccessibleName(spoken_name(param))
        self.line.setPlaceholderText(_("such as {example}").format(example="3,5-9"))
        self._listen_to(self.line)
        self.input = self.line
        self._row = QWidget()
        self._flow = QFlowLayout(self._row)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setHorizontalSpacing(2)
        self._flow.setVerticalSpacing(2)
        self._row.hide()
        self._layout.addWidget(self._row, 1)
        self._layout.addWidget(self.line, 1)

    def show_value(self, value: Value) -> None:
        """Show the set."""
        self.line.show_text(str(value))
        chosen = parse_classes(value)
        for label, button in enumerate(self.buttons):
            button.setChecked(label in chosen)
        full = len(self.buttons) - len(chosen) <= LEAST_TRAINED
        for label, (button, name) in enumerate(zip(self.buttons, self._names, strict=True)):
            held = full and label not in chosen
            button.setEnabled(not held)
            words = _("Class {label}: left out") if label in chosen else _("Class {label}: trained on")
            text = _("At least two classes must be trained on.") if held else words.format(label=name)
            button.setToolTip(wrapped(text))
            button.setAccessibleName(text)

    def set_classes(self, count: int, names: Sequence[str] = ()) -> None:
        """Show buttons for so many classes, or the line of text for more than 20."""
        wanted = count if count <= _MOST_BUTTONS else 0
        texts = [*(names if len(names) == count else map(str, range(count)))][:wanted]
        if texts == self._names:
            return
        while self.buttons:
            button = self.buttons.pop()
            self._flow.removeWidget(button)
            button.deleteLater()
        self._names = texts
        for text in texts:
            button = QToolButton()
            button.setText(text.replace("&", "&&"))
            button.setCheckable(True)
            set_role(button, "role", "class")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._on_button_clicked)
            self.buttons.append(button)
            self._flow.addWidget(button)
        self._row.setVisible(bool(wanted))
        self.line.setVisible(not wanted)
        self.input = self.buttons[0] if wanted else self.line
        self.show_value(self.line.text())

    def _on_button_clicked(self) -> None:
        chosen = {label for label, button in enumerate(self.buttons) if button.isChecked()}
        self.valueRequested.emit(classes_text(chosen))
