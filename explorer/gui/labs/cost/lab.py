"""The cost lab: its figure, which measures where asked, and its entry in the table of labs."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout

from explorer.core.texts import N_, _
from explorer.gui.controls.labels import WrappedLabel
from explorer.gui.labs.cost.content import (
    class_ticks,
    memories_of,
    readings_of,
    state_text,
    times_of,
    value_ticks,
)
from explorer.gui.labs.cost.costs import Cost, CostsError, load_costs, no_costs, save_costs
from explorer.gui.labs.cost.examples import EXAMPLES, INITIAL, STEPS
from explorer.gui.labs.cost.measurement import Measurement
from explorer.gui.labs.cost.options import ORDER, CostOptions, controls, with_costs_of
from explorer.gui.labs.lab import Figure, LabContext, LabSpec
from explorer.gui.labs.lab_plot import LabPlot, Picture
from explorer.gui.labs.titles import TITLES
from explorer.gui.theme.theme import Theme

_STATE_WIDTH = 180


class CostFigure(Figure[CostOptions]):
    """Time and memory by number of classes, and a button that measures them on this machine."""

    def __init__(self, context: LabContext) -> None:
        super().__init__()
        theme = context.theme
        self._folder = context.folder
        self._options = INITIAL
        self.measurement = Measurement(context.bench, self)
        self.times = LabPlot(theme, x=_("number of classes"), y=_("time of a step (ms)"), equal=False)
        self.memories = LabPlot(theme, x=_("number of classes"), y=_("memory (MB)"), equal=False)
        for plot in (self.times, self.memories):
            plot.set_ticks(class_ticks())
        self.measure = QPushButton(_("Measure"))
        self.measure.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.progress = QProgressBar(maximum=len(ORDER), textVisible=False)
        self.progress.setAccessibleName(_("Losses measured"))
        self.progress.setFixedWidth(140)
        self.progress.hide()
        self.state = WrappedLabel()
        self.state.setMinimumWidth(_STATE_WIDTH)
        plots = QHBoxLayout()
        plots.addWidget(self.times)
        plots.addWidget(self.memories)
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 10, 0)
        row.setSpacing(10)
        row.addWidget(self.measure)
        row.addWidget(self.progress)
        row.addWidget(self.state, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(plots, 1)
        layout.addLayout(row)
        self.measure.clicked.connect(self._on_measure_clicked)
        self.measurement.measured.connect(self._on_measured)
        self.measurement.ended.connect(self._on_measurement_ended)

    def first_options(self, options: CostOptions) -> CostOptions:
        """Return the options with what was measured in an earlier session."""
        return replace(options, costs=load_costs(self._folder))

    def show_options(self, options: CostOptions, theme: Theme) -> None:
        """Show the costs of both losses among those of all."""
        self._options = options
        self._show(self.times, times_of(options, theme), theme)
        self._show(self.memories, memories_of(options, theme), theme)
        if not self.measurement.running:
            self.state.setText(state_text(options.costs))

    def stop(self) -> None:
        """End a measurement; what was measured so far is kept."""
        self.measurement.stop()

    def _show(self, plot: LabPlot, picture: Picture, theme: Theme) -> None:
        plot.set_ticks(value_ticks(picture.limits), "left")
        plot.show_picture(picture, theme)

    def _on_measure_clicked(self) -> None:
        if self.measurement.running:
            self.measurement.stop()
            return
        self.measure.setText(_("Cancel"))
        self.progress.setValue(0)
        self.progress.show()
        self.state.setText(_("Starting…"))
        self.measurement.start(ORDER)

    def _on_measured(self, cost: Cost, device: str) -> None:
        self.progress.setValue(ORDER.index(cost.loss))
        done, total = self.progress.value(), len(ORDER)
        words = _("Measuring {loss} at {classes:,} classes; {done} of {total} losses are done.")
        self.state.setText(words.format(loss=cost.loss, classes=cost.classes, done=done, total=total))
        costs = self._options.costs or no_costs()
        self.measured.emit(replace(self._options, costs=costs.with_row(cost, device)))

    def _on_measurement_ended(self, complaint: str) -> None:
        self.measure.setText(_("Measure"))
        self.progress.hide()
        costs = self._options.costs
        if costs is not None and costs.is_ours:
            try:
                save_costs(self._folder, costs)
            except CostsError as error:
                complaint = complaint or str(error)
        self.state.setText(complaint or state_text(costs))


COST = LabSpec(
    id="cost",
    title=TITLES.cost,
    question=N_("What does a training step cost with ten times the classes?"),
    initial=INITIAL,
    controls=controls,
    examples=EXAMPLES,
    steps=STEPS,
    readings=readings_of,
    figure=CostFigure,
    carry=with_costs_of,
)
