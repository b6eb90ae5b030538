"""The centre lab: its figure, and its entry in the table of labs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from explorer.core.texts import N_, _
from explorer.gui.labs.centre.content import formulas_of, plane_of, readings_of, shares_of, worked_example
from explorer.gui.labs.centre.examples import EXAMPLES, INITIAL, STEPS
from explorer.gui.labs.centre.options import INLIERS, CentreOptions, controls
from explorer.gui.labs.lab import Figure, LabContext, LabSpec
from explorer.gui.labs.lab_plot import LabPlot, Move
from explorer.gui.labs.readings_table import ReadingsTable, scrolling
from explorer.gui.labs.titles import TITLES
from explorer.gui.theme.theme import Theme

_TICKS = [(k + 1.0, str(k + 1)) for k in range(INLIERS + 1)]


class CentreFigure(Figure[CentreOptions]):
    """Features and centre in the plane or the worked example, shares of the loss, and both formulas."""

    def __init__(self, context: LabContext) -> None:
        super().__init__()
        theme = context.theme
        self._options = INITIAL
        self.plane = LabPlot(theme, x=_("x₁"), y=_("x₂"))
        self.table = ReadingsTable()
        self.table.show_readings(worked_example())
        self._shelf = scrolling(self.table)
        self.shares = LabPlot(
            theme, x=_("feature (12: the outlier)"), y=_("share of the loss (%)"), equal=False
        )
        self.shares.set_ticks(_TICKS)
        self.formulas = LabPlot(
            theme, x=_("angle of unit feature to centre (°)"), y=_("loss of a feature"), equal=False
        )
        left = QVBoxLayout()
        left.addWidget(self.plane, 1)
        left.addWidget(self._shelf, 1)
        right = QVBoxLayout()
        right.addWidget(self.shares, 1)
        right.addWidget(self.formulas, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(left, 6)
        layout.addLayout(right, 5)
        self.plane.moveRequested.connect(self._on_move_requested)

    def show_options(self, options: CentreOptions, theme: Theme) -> None:
        """Show features and centre."""
        self._options = options
        self.plane.setVisible(not options.table)
        self._shelf.setVisible(options.table)
        self.plane.show_picture(plane_of(options, theme), theme)
        self.shares.show_picture(shares_of(options, theme), theme)
        self.formulas.show_picture(formulas_of(options, theme), theme)

    def _on_move_requested(self, move: Move) -> None:
        self.optionsRequested.emit(self._options.moved(move))


CENTRE = LabSpec(
    id="centre",
    title=TITLES.centre,
    question=N_("How far can one outlier pull the centre of its class?"),
    initial=INITIAL,
    controls=controls,
    examples=EXAMPLES,
    steps=STEPS,
    readings=readings_of,
    figure=CentreFigure,
)
