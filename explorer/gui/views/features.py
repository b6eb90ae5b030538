"""FeaturesView: where the network puts the images, in the plane or in space."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.core.history import History
from explorer.core.snapshot import TEST, ProbeSet, Snapshot
from explorer.core.splatter import EMPTY
from explorer.gui.theme import Theme
from explorer.gui.views.caption import Caption
from explorer.gui.views.feature_content import (
    Content,
    FeatureOptions,
    Rows,
    content_of,
    count_texts,
    shown_rows,
)
from explorer.gui.views.plane import PlanePlot
from explorer.gui.views.plot_style import invitation, style_invitation
from explorer.gui.views.space import SpaceCanvas
from explorer.gui.views.view import View


class FeaturesView(View):
    """Points coloured by class over decision regions, with class weights, centres and digits."""

    title = "Features"
    hovered = Signal(int)
    """Row of the snapshot under the pointer, -1 for none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.options = FeatureOptions()
        self.plane = PlanePlot(theme)
        self.space = SpaceCanvas(theme)
        self._caption = Caption(theme)
        self._invitation = invitation("Press Start or Space to train")
        self._content: Content | None = None
        self._rows: tuple[ProbeSet, FeatureOptions, Rows] | None = None
        plot = QWidget()
        self._plots = QStackedLayout(plot)
        self._plots.addWidget(self.plane)
        self._plots.addWidget(self.space)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(plot, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._invitation)
        self._pages.addWidget(page)
        self.plane.hovered.connect(self._on_plot_hovered)
        self.space.hovered.connect(self._on_plot_hovered)

    def set_options(self, options: FeatureOptions) -> None:
        """Show other things."""
        self.options = options
        self.refresh()

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show this frame; images other than the last frame's are looked at afresh."""
        before = self.snapshot
        if snapshot is not None and (before is None or before.probe is not snapshot.probe):
            self._content = None
        super().set_snapshot(snapshot, history)

    def reset_view(self) -> None:
        """Show all the data again."""
        self.plane.reset_view()
        self.space.reset_view()

    def draw(self) -> None:
        """Bring the plot in line with snapshot, theme and options."""
        snapshot = self.snapshot
        if snapshot is None:
            style_invitation(self._invitation, self.theme)
            self._pages.setCurrentIndex(0)
            return
        afresh = self._content is None
        self._content = content_of(snapshot, self._shown_rows(snapshot.probe))
        plot = self.plane if snapshot.features.shape[1] == 2 else self.space
        if afresh:
            self._on_plot_hovered(EMPTY)
            plot.forget()
        plot.show_content(self._content, self.theme, self.options)
        self._plots.setCurrentWidget(plot)
        self._pages.setCurrentIndex(1)
        self._caption.show_texts(
            self.theme, count_texts(snapshot, self.options), (step_text(snapshot), f"step {snapshot.step:,}")
        )

    def _shown_rows(self, probe: ProbeSet) -> Rows:
        if self._rows is None or self._rows[0] is not probe or self._rows[1] != self.options:
            self._rows = probe, self.options, shown_rows(probe, self.options)
        return self._rows[2]

    def _on_plot_hovered(self, row: int) -> None:
        content, text, image = self._content, "", EMPTY
        if content is not None and 0 <= row < len(content.rows):
            image = int(content.rows[row])
            probe = content.snapshot.probe
            split = "test" if probe.split[image] == TEST else "training"
            text = f"{probe.labels[image]}  ·  {split} image {probe.indices[image]:,}"
        self.plane.set_hover(row, text)
        self.space.set_hover(row, text)
        self.hovered.emit(image)


def step_text(snapshot: Snapshot) -> str:
    """Return which moment of the run is shown."""
    return f"step {snapshot.step:,}  ·  epoch {snapshot.epoch:.1f}"
