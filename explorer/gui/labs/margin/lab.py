"""The margin lab: its figure, and its entry in the table of labs."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from explorer.core.texts import N_, _
from explorer.gui.labs.lab import Figure, LabContext, LabSpec
from explorer.gui.labs.lab_plot import LabPlot, Move
from explorer.gui.labs.margin.content import (
    circle_of,
    curves_of,
    direction_of,
    notes_of,
    plane_of,
    pulls_of,
    readings_of,
)
from explorer.gui.labs.margin.examples import EXAMPLES, INITIAL, STEPS
from explorer.gui.labs.margin.options import MarginOptions, controls
from explorer.gui.labs.titles import TITLES
from explorer.gui.plots.caption import Caption
from explorer.gui.theme.theme import Theme


class MarginFigure(Figure[MarginOptions]):
    """Curves and pulls over the angle, the plane of both angles, and the circle."""

    def __init__(self, context: LabContext) -> None:
        super().__init__()
        theme = context.theme
        self._options = INITIAL
        self.curves = LabPlot(theme, x=_("angle θ (°)"), y=_("T(θ)"), equal=False)
        self.pulls = LabPlot(theme, x=_("angle θ (°)"), y=_("pull |∂L/∂θ|"), equal=False)
        self.plane = LabPlot(theme, x=_("θ₁ to the true class (°)"), y=_("θ₂ to the other class (°)"))
        self.circle = LabPlot(theme, x="", y=_("directions in the plane of w₁ and w₂"))
        self._caption = Caption(theme)
        grid = QGridLayout()
        grid.setSpacing(4)
        for row, pair in enumerate(((self.curves, self.plane), (self.pulls, self.circle))):
            for column, plot in enumerate(pair):
                grid.addWidget(plot, row, column)
                grid.setColumnStretch(column, 1)
            grid.setRowStretch(row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(grid, 1)
        layout.addWidget(self._caption)
        self.plane.moveRequested.connect(self._on_plane_move_requested)
        self.circle.moveRequested.connect(self._on_circle_move_requested)

    def show_options(self, options: MarginOptions, theme: Theme) -> None:
        """Show the losses and the sample."""
        self._options = options
        self.curves.show_picture(curves_of(options, theme), theme)
        self.pulls.show_picture(pulls_of(options, theme), theme)
        self.plane.show_picture(plane_of(options, theme), theme)
        self.circle.show_picture(circle_of(options, theme), theme)
        self._caption.show_texts(theme, notes_of(options), ("",))

    def _on_plane_move_requested(self, move: Move) -> None:
        self.optionsRequested.emit(self._options.moved(move))

    def _on_circle_move_requested(self, move: Move) -> None:
        self.optionsRequested.emit(self._options.turned(direction_of(move.at, self._options)))


MARGIN = LabSpec(
    id="margin",
    title=TITLES.margin,
    question=N_("A sample is already right. What does the margin still ask of it?"),
    initial=INITIAL,
    controls=controls,
    examples=EXAMPLES,
    steps=STEPS,
    readings=readings_of,
    figure=MarginFigure,
)
