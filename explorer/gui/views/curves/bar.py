"""CurveBar: controls above the curves for panels, X axis and scale, and the moment under the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from explorer.core.texts import N_, _
from explorer.gui.plots.caption import Caption
from explorer.gui.plots.style import color
from explorer.gui.plots.view_bar import MenuButton
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.curves.options import PANELS, Axis, CurveOptions

_AXES: Mapping[Axis, str] = MappingProxyType(
    {"step": N_("Steps"), "time": N_("Training time (pauses excluded)"), "epoch": N_("Epochs")}
)


class CurveBar(QWidget):
    """Shows `CurveOptions` and requests changed ones.

    Signals
    -------
    optionsRequested(object)
        The requested `CurveOptions`.
    """

    optionsRequested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.options = CurveOptions()
        self._theme: Theme | None = None
        self.menu = MenuButton(_("Choose curves and X axis"))
        self.menu.setText(_("Show"))
        self.menu.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        titles = [(name, panel.title) for name, panel in PANELS.items()]
        self.switches = self.menu.add_switches(_("Curves"), "panels", titles)
        self.axes = self.menu.add_choices(_("X axis"), "axis", _AXES.items())
        self.menu.content.setToolTipsVisible(True)
        for name, panel in PANELS.items():
            self.switches[name].setToolTip(wrapped(_(panel.help)))
        self.logarithmic = QCheckBox(_("Log"))
        self.logarithmic.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.logarithmic.setAccessibleName(_("Logarithmic scale"))
        self.logarithmic.setToolTip(
            wrapped(_("Show loss, spread, their ratio and learning rate on a logarithmic scale"))
        )
        self.moment = Caption(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 0, 0)
        row.setSpacing(6)
        for widget in (self.menu, self.logarithmic):
            row.addWidget(widget)
        row.addWidget(self.moment, 1)
        self.setAutoFillBackground(True)
        self.menu.choiceRequested.connect(self._on_choice_requested)
        self.logarithmic.clicked.connect(self._on_logarithmic_clicked)

    def show_options(self, options: CurveOptions, theme: Theme) -> None:
        """Show these options, in the colours of the theme."""
        self.options = options
        if theme is not self._theme:
            self._theme = theme
            colors = palette(theme)
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)
            if theme.name == "dark":
                # The usual base colour is too close to the background here.
                colors.setColor(QPalette.ColorRole.Base, color(theme.line))
            self.logarithmic.setPalette(colors)
        for name, action in self.switches.items():
            action.setChecked(name in options.panels)
        self.logarithmic.setChecked(options.logarithmic)
        self.axes[options.axis].setChecked(True)

    def _on_choice_requested(self, _option: str, value: str) -> None:
        """Request the ticked panels and axis; the last panel cannot be unticked."""
        axis = next(axis for axis, action in self.axes.items() if action.isChecked())
        ticked = tuple(name for name in PANELS if self.switches[name].isChecked())
        if ticked:
            self.optionsRequested.emit(replace(self.options, panels=ticked, axis=axis))
        else:
            self.switches[value].setChecked(True)

    def _on_logarithmic_clicked(self, checked: bool) -> None:
        self.optionsRequested.emit(replace(self.options, logarithmic=checked))
