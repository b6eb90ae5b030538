"""LabPage: a lab on screen: controls and examples on the left, picture and numbers on the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from explorer.core.params import Param, ParamError, Value
from explorer.core.texts import _
from explorer.gui.controls.collapsible import Collapsible
from explorer.gui.controls.labels import SmallLabel, set_role
from explorer.gui.focus import tab_through
from explorer.gui.labs.control_row import ControlRow
from explorer.gui.labs.demonstration import Demonstration
from explorer.gui.labs.lab import FIRST_CONTROLS, Example, LabContext, LabSpec
from explorer.gui.labs.lab_plot import LabPlot
from explorer.gui.labs.readings_table import scrolling
from explorer.gui.labs.sheet import Sheet
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped

_CONTROLS_WIDTH = 300


class LabPage(QWidget):
    """A lab with its options, which only this page changes.

    Parameters
    ----------
    spec : LabSpec
        The lab.
    context : LabContext
        Theme and folder.
    smooth : callable
        Returns whether demonstrations move smoothly.

    Signals
    -------
    demonstrationChanged(bool)
        A demonstration begins or ends.
    """

    demonstrationChanged = Signal(bool)

    def __init__(self, spec: LabSpec[Any], context: LabContext, smooth: Callable[[], bool]) -> None:
        super().__init__()
        self.spec, self.options, self.theme = spec, spec.initial, context.theme
        self._smooth = smooth
        self._example: Example[Any] | None = None
        self.rows: dict[str, ControlRow] = {}
        self._params: tuple[Param, ...] = ()
        self.sheet = Sheet(spec, context)
        self.demonstration = Demonstration(self)
        self.demonstrate = QPushButton()
        self.demonstrate.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(self.demonstrate, "role", "primary")
        self.demonstrate.clicked.connect(self.toggle_demonstration)
        self.restore = QPushButton(_("Reset"))
        self.restore.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.restore.clicked.connect(self.reset)
        self.examples: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._panel())
        layout.addWidget(scrolling(self.sheet), 1)
        self.sheet.figure.optionsRequested.connect(self._on_options_requested)
        self.sheet.figure.measured.connect(self._on_measured)
        self.demonstration.optionsRequested.connect(self._replace_options)
        self.demonstration.textChanged.connect(self._on_text_changed)
        self._on_text_changed("")
        self._set_options(self.sheet.figure.first_options(self.options))

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.theme = theme
        self.sheet.set_theme(theme)
        self._show()

    def toggle_demonstration(self) -> None:
        """Play the demonstration from the beginning, or stop it."""
        if self.demonstration.playing:
            self.demonstration.stop()
            return
        self._clear()
        self._replace_options(self.spec.initial)
        self.demonstration.play(self.spec.initial, self.spec.steps, self._smooth())

    def reset(self) -> None:
        """Use the options that the lab opened with."""
        self.demonstration.stop()
        self._clear()
        self._replace_options(self.spec.initial)

    def show_example(self, example: Example[Any]) -> None:
        """Use the options of an example and say what is right about it."""
        self.demonstration.stop()
        self._clear()
        self._replace_options(example.options)
        self._example = example
        self.sheet.card.show_example(example, self.options)

    def stop(self) -> None:
        """Stop what runs: the window closes."""
        self.demonstration.stop()
        self.sheet.figure.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the demonstration: nobody sees it."""
        self.demonstration.stop()
        super().hideEvent(event)

    def _panel(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.addWidget(self.demonstrate, 1)
        buttons.addWidget(self.restore)
        layout.addLayout(buttons)
        first = QFrame()
        set_role(first, "card", "true")
        self._first = QVBoxLayout(first)
        self._first.setContentsMargins(12, 8, 12, 6)
        layout.addWidget(first)
        more = QWidget()
        self._more = QVBoxLayout(more)
        self._more.setContentsMargins(10, 0, 0, 0)
        self.more = Collapsible(_("More"), more, expanded=False)
        layout.addWidget(self.more)
        layout.addWidget(self._example_list())
        layout.addStretch(1)
        return scrolling(content, _CONTROLS_WIDTH)

    def _example_list(self) -> QWidget:
        frame = QFrame()
        set_role(frame, "card", "true")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(4)
        head = SmallLabel(_("Examples"))
        set_role(head, "role", "muted")
        layout.addWidget(head)
        for example in self.spec.examples:
            button = QPushButton(_(example.title))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setToolTip(wrapped(_(example.claim)))
            button.clicked.connect(lambda _checked=False, example=example: self.show_example(example))
            self.examples[example.id] = button
            layout.addWidget(button)
        return frame

    def _clear(self) -> None:
        """Remove what is said of another state: what a person changes is no example any more."""
        self._example = None
        self.sheet.card.show_example(None, self.options)
        self.sheet.remark.setText("")

    def _replace_options(self, options: Any) -> None:
        self._set_options(self.spec.carry(self.options, options))

    def _set_options(self, options: Any) -> None:
        self.options = options
        self._show()

    def _show(self) -> None:
        controls = self.spec.controls(self.options)
        params = tuple(control.param for control in controls)
        if params != self._params:
            self._params = params
            self._build_rows()
        for control in controls:
            self.rows[control.param.name].show_value(control.read(self.options))
        self.sheet.figure.show_options(self.options, self.theme)
        self.sheet.readings.show_readings(self.spec.readings(self.options))

    def _build_rows(self) -> None:
        kept = {row.param: row for row in self.rows.values() if row.param in self._params}
        for row in self.rows.values():
            if row.param not in kept:
                row.hide()
                row.deleteLater()
        self.rows = {}
        for place, param in enumerate(self._params):
            row = kept.get(param) or self._row(param)
            self.rows[param.name] = row
            (self._first if place < FIRST_CONTROLS else self._more).addWidget(row)
        self.more.setVisible(len(self._params) > FIRST_CONTROLS)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Let Tab go down the panel and then to the picture: rows are made anew with other controls."""
        inputs = [row.editor.input for row in self.rows.values()]
        figure = self.sheet.figure
        tab_through(
            self.demonstrate,
            self.restore,
            *inputs[:FIRST_CONTROLS],
            self.more.header,
            *inputs[FIRST_CONTROLS:],
            *self.examples.values(),
            *figure.findChildren(LabPlot),
            *figure.findChildren(QPushButton),
        )

    def _row(self, param: Param) -> ControlRow:
        first = self.spec.initial
        initial = {one.param: one.read(first) for one in self.spec.controls(first)}
        row = ControlRow(param, initial.get(param, param.default))
        row.valueRequested.connect(lambda value, name=param.name: self._on_value_requested(name, value))
        return row

    def _on_value_requested(self, name: str, value: Value) -> None:
        self.demonstration.stop()
        control = next(one for one in self.spec.controls(self.options) if one.param.name == name)
        try:
            options = control.write(self.options, value)
        except ParamError as error:
            self.rows[name].show_error(str(error))
            return
        self._clear()
        self._set_options(options)

    def _on_options_requested(self, options: object) -> None:
        self.demonstration.stop()
        self._clear()
        self._set_options(options)

    def _on_measured(self, options: object) -> None:
        self._set_options(options)
        if self._example is not None:
            self.sheet.card.show_example(self._example, self.options)

    def _on_text_changed(self, text: str) -> None:
        playing = self.demonstration.playing
        self.demonstrate.setText(_("Stop") if playing else _("Show me"))
        if text:  # the last sentence stays: it describes what is still shown
            self.sheet.remark.setText(text)
        self.demonstrationChanged.emit(playing)
