"""Editors: the input part of a parameter's row, one for each kind of value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget
from superqt import QFlowLayout

from explorer.core.class_sets import classes_text, parse_classes
from explorer.core.params import Param, Value
from explorer.core.settings.config import LEAST_TRAINED
from explorer.core.texts import _
from explorer.gui.controls.descriptions import spoken_name
from explorer.gui.controls.fields import NumberField, TextLine
from explorer.gui.controls.inputs import ChoiceBox, Slider, Switch
from explorer.gui.controls.labels import set_role
from explorer.gui.controls.stops import format_number, nearest, stepped, stops
from explorer.gui.data_sets.menu import SourceMenu
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped

_MOST_BUTTONS = 20  # classes for which there is a button each


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


class NumberEditor(Editor):
    """Slider over the parameter's stops, and a field for the exact number."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self._stops = () if param.offered else stops(param)
        self._value: float = 0.0
        self.slider = Slider()
        self.slider.setRange(0, max(len(self._stops) - 1, 0))
        self.slider.setPageStep(max(len(self._stops) // 10, 1))
        self.slider.setAccessibleName(_("{name}, slider").format(name=spoken_name(param)))
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.slider.resetRequested.connect(self.resetRequested)
        if self._stops:
            places = (nearest(self._stops, float(value)) for value in (*param.defaults, *param.published))
            self.slider.set_marks(*places)
        self.field = NumberField()
        self.field.setAccessibleName(spoken_name(param))
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.stepRequested.connect(self._on_step_requested)
        self._listen_to(self.field)
        self.input = self.field
        self._layout.addWidget(self.slider, 1)
        self._layout.addWidget(self.field, 0 if self._stops else 1)
        self.slider.setVisible(bool(self._stops))

    def show_value(self, value: Value) -> None:
        """Show the exact number, and the slider at the nearest stop."""
        self._value = float(value) if self.param.kind == "float" else int(value)
        word = "" if self._value else self.param.zero
        self.field.show_text(_(word) if word else format_number(self._value))
        if self._stops:
            with QSignalBlocker(self.slider):
                self.slider.setValue(nearest(self._stops, self._value))

    def set_limit(self, value: float | None) -> None:
        """Draw the groove of the slider red beyond this number."""
        self.slider.set_limit(None if value is None or not self._stops else nearest(self._stops, value))

    def text_menu(self) -> QMenu | None:
        """Return the field's menu while it has the focus."""
        return self.field.lineEdit().createStandardContextMenu() if self.field.hasFocus() else None

    def release_keyboard(self) -> None:
        """Give the keyboard to the slider, which has the same arrow keys and leaves all others."""
        (self.slider if self._stops else self).setFocus()

    def _on_slider_moved(self, position: int) -> None:
        self.valueRequested.emit(self._stops[position])

    def _on_step_requested(self, steps: int) -> None:
        self.valueRequested.emit(stepped(self.param, self._value, steps))


class SwitchEditor(Editor):
    """Switch for a yes or no."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.switch = Switch()
        self.switch.setAccessibleName(spoken_name(param))
        self.switch.clicked.connect(self._on_entered)
        self.input = self.switch
        self._layout.addWidget(self.switch)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Value) -> None:
        """Show on or off."""
        self.switch.setChecked(bool(value))


class ChoiceEditor(Editor):
    """Combo box for one of a few choices, under their words on screen."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.box = ChoiceBox()
        self.box.setMinimumContentsLength(4)
        self._items = {choice: QStandardItem(_(param.title(choice))) for choice in param.choices}
        model = QStandardItemModel(self.box)
        for item in self._items.values():
            model.appendRow(item)
        self.box.setModel(model)
        self.box.setAccessibleName(spoken_name(param))
        self.box.activated.connect(self._on_box_activated)
        self.input = self.box
        self._layout.addWidget(self.box)

    def show_value(self, value: Value) -> None:
        """Show the chosen word, also one that is greyed out."""
        self.box.setCurrentIndex(self.param.choices.index(str(value)))

    def set_unavailable(self, reasons: Mapping[str, str]) -> None:
        """Grey out these words, each with the reason as its tooltip, and no others; emits nothing."""
        for choice, item in self._items.items():
            item.setEnabled(choice not in reasons)
            item.setToolTip(wrapped(reasons.get(choice, "")))

    def _on_box_activated(self, index: int) -> None:
        self.valueRequested.emit(self.param.choices[index])


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
