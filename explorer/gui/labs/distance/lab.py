"""The distance lab: its figure, and its entry in the table of labs."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from explorer.core.texts import N_, _
from explorer.gui.labs.distance.content import axes_of, notes_of, picture_of, readings_of
from explorer.gui.labs.distance.examples import EXAMPLES, INITIAL, STEPS
from explorer.gui.labs.distance.options import DistanceOptions, controls
from explorer.gui.labs.lab import Figure, LabContext, LabSpec
from explorer.gui.labs.lab_plot import LabPlot, Move
from explorer.gui.labs.titles import TITLES
from explorer.gui.plots.caption import Caption
from explorer.gui.theme.theme import Theme


class DistanceFigure(Figure[DistanceOptions]):
    """The vectors in the plane."""

    def __init__(self, context: LabContext) -> None:
        super().__init__()
        self._options = INITIAL
        self.plot = LabPlot(context.theme, x=_("x₁"), y=_("x₂"))
        self._caption = Caption(context.theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._caption)
        self.plot.moveRequested.connect(self._on_move_requested)

    def show_options(self, options: DistanceOptions, theme: Theme) -> None:
        """Show the vectors, their distances and angles."""
        self._options = options
        picture = picture_of(options, theme)
        across, up = axes_of(options)
        self.plot.set_labels(x=across, y=up)
        self.plot.show_picture(picture, theme)
        self._caption.show_texts(theme, notes_of(options), ("",))

    def _on_move_requested(self, move: Move) -> None:
        self.optionsRequested.emit(self._options.moved(move))


DISTANCE = LabSpec(
    id="distance",
    title=TITLES.distance,
    question=N_("Which is nearer to A: B or C?"),
    initial=INITIAL,
    controls=controls,
    examples=EXAMPLES,
    steps=STEPS,
    readings=readings_of,
    figure=DistanceFigure,
)
