"""CurveBar: above the curves, which panels they have, along what, on which scale, and where the cursor is."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.theme import Theme, palette
from explorer.gui.views.caption import Caption
from explorer.gui.views.curve_options import PANELS, Axis, CurveOptions
from explorer.gui.views.menu_button import MenuButton
from explorer.gui.views.plot_style import color

_AXES: tuple[Axis, ...] = ("step", "time", "epoch")


class CurveBar(QWidget):
    """Shows `CurveOptions` and emits those that a person wants.

    Signals
    -------
    optionsChosen(object)
        The `CurveOptions` wanted.
    """

    optionsChosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.options = CurveOptions()
        self._theme: Theme | None = None
        self.panels = MenuButton("Panels")
        self.panels.setText("Panels")
        self.panels.setToolTip("Which curves are shown")
        self.panels.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        titles = [(name, panel.title) for name, panel in PANELS.items()]
        self.switches = self.panels.add_switches("Show", "panels", titles)
        self.panels.content.setToolTipsVisible(True)
        for name, panel in PANELS.items():
            self.switches[name].setToolTip(panel.help)
        self.logarithmic = QToolButton()
        self.logarithmic.setText("Log")
        self.logarithmic.setCheckable(True)
        self.logarithmic.setAutoRaise(True)
        self.logarithmic.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.logarithmic.setAccessibleName("Logarithmic scale")
        self.logarithmic.setToolTip("Loss, spread, their ratio and learning rate on a logarithmic scale")
        self.axis = ChoiceBox()
        self.axis.addItems([f"by {axis}" for axis in _AXES])
        self.axis.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.axis.setAccessibleName("What the curves run along")
        self.axis.setToolTip("Curves by step, by seconds of training without pauses, or by epoch")
        self.moment = Caption(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 0, 0)
        row.setSpacing(2)
        for widget in (self.panels, self.logarithmic, self.axis):
            row.addWidget(widget)
        row.addWidget(self.moment, 1)
        self.setAutoFillBackground(True)
        self.panels.chosen.connect(self._on_panels_chosen)
        self.logarithmic.clicked.connect(self._on_logarithmic_clicked)
        self.axis.activated.connect(self._on_axis_activated)

    def show_options(self, options: CurveOptions, theme: Theme) -> None:
        """Bring the controls in line."""
        self.options = options
        if theme is not self._theme:
            self._theme = theme
            ground = palette(theme)
            ground.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(ground)
        for name, action in self.switches.items():
            action.setChecked(name in options.panels)
        self.logarithmic.setChecked(options.logarithmic)
        self.axis.setCurrentIndex(_AXES.index(options.axis))

    def _on_panels_chosen(self, option: str, value: str) -> None:
        """Wish for the panels that are ticked; the last one stays."""
        ticked = tuple(name for name in PANELS if self.switches[name].isChecked())
        if not ticked:
            self.switches[value].setChecked(True)
        else:
            self.optionsChosen.emit(replace(self.options, panels=ticked))

    def _on_logarithmic_clicked(self, checked: bool) -> None:
        self.optionsChosen.emit(replace(self.options, logarithmic=checked))

    def _on_axis_activated(self, index: int) -> None:
        self.optionsChosen.emit(replace(self.options, axis=_AXES[index]))
