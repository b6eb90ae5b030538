"""The softmax lab: its figure, and its entry in the table of labs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from explorer.analysis.labs.softmax import probabilities
from explorer.core.texts import N_, _
from explorer.gui.labs.lab import Figure, LabContext, LabSpec
from explorer.gui.labs.lab_plot import LabPlot, Move
from explorer.gui.labs.softmax.content import bars_of, factor_name, loss_of, plane_of, readings_of
from explorer.gui.labs.softmax.examples import EXAMPLES, INITIAL, STEPS
from explorer.gui.labs.softmax.options import CLASSES, SoftmaxOptions, controls
from explorer.gui.labs.titles import TITLES
from explorer.gui.theme.theme import Theme

_TICKS = [(k + 1.0, str(k + 1)) for k in CLASSES]


class SoftmaxFigure(Figure[SoftmaxOptions]):
    """The plane with feature and weights, bars of logits and probabilities, and the loss."""

    def __init__(self, context: LabContext) -> None:
        super().__init__()
        theme = context.theme
        self._options = INITIAL
        self.plane = LabPlot(theme, x=_("x₁"), y=_("x₂"))
        self.logits = LabPlot(theme, x=_("class"), y=_("logit"), equal=False)
        self.probabilities = LabPlot(theme, x=_("class"), y=_("probability"), equal=False)
        self.loss = LabPlot(theme, x="", y=_("loss (nats)"), equal=False)
        for plot in (self.logits, self.probabilities):
            plot.set_ticks(_TICKS)
        top = QHBoxLayout()
        top.addWidget(self.plane, 5)
        top.addWidget(self.logits, 3)
        top.addWidget(self.probabilities, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top, 4)
        layout.addWidget(self.loss, 3)
        self.plane.moveRequested.connect(self._on_move_requested)

    def show_options(self, options: SoftmaxOptions, theme: Theme) -> None:
        """Show feature and weights, what softmax makes of them, and the loss."""
        self._options = options
        self.plane.setVisible(not options.direct)
        self.plane.show_picture(plane_of(options, theme), theme)
        self.logits.show_picture(bars_of(options.logits, theme, probable=False), theme)
        self.probabilities.show_picture(bars_of(probabilities(options.logits), theme, probable=True), theme)
        self.loss.set_labels(x=factor_name(options), y=_("loss (nats)"))
        self.loss.show_picture(loss_of(options, theme), theme)

    def _on_move_requested(self, move: Move) -> None:
        self.optionsRequested.emit(self._options.moved(move))


SOFTMAX = LabSpec(
    id="softmax",
    title=TITLES.softmax,
    question=N_("Can the loss fall while the angle stays the same?"),
    initial=INITIAL,
    controls=controls,
    examples=EXAMPLES,
    steps=STEPS,
    readings=readings_of,
    figure=SoftmaxFigure,
)
