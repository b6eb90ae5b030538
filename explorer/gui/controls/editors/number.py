"""NumberEditor: a slider where there is room for one, and a field for the exact number."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QMenu, QWidget

from explorer.core.params import Param, Value
from explorer.core.texts import _
from explorer.gui.controls.descriptions import spoken_name
from explorer.gui.controls.editors.editor import Editor
from explorer.gui.controls.fields import NumberField
from explorer.gui.controls.inputs import Slider
from explorer.gui.controls.stops import format_number, nearest, stepped, stops

_LEAST_SLIDER = 30
"""Pixels in which a slider can still be aimed at."""


class NumberEditor(Editor):
    """Slider over the parameter's stops, and a field for the exact number."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self._stops = () if param.offered else stops(param)
        self._value: float = 0.0
        self.slider = Slider()
        self.slider.setMinimumWidth(_LEAST_SLIDER)
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
