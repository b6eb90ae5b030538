"""AnglesView: how far features are from their own class, and from the nearest other."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.core.history import History
from explorer.core.snapshot import TEST, Snapshot
from explorer.core.statistics import (
    angle_histogram,
    own_and_other_angles,
    reference_rows,
    summarize,
)
from explorer.gui.theme import Theme
from explorer.gui.views.angle_plot import AngleContent, AnglePlot
from explorer.gui.views.caption import Caption
from explorer.gui.views.plot_style import invitation, style_invitation
from explorer.gui.views.view import View


class AnglesView(View):
    """Histograms of the angle to the own class weight, or mean, and to the nearest other."""

    title = "Angles"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.split = TEST
        self.plot = AnglePlot(theme)
        self._caption = Caption(theme)
        self._invitation = invitation("Angles appear here when training starts")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(self.plot, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._invitation)
        self._pages.addWidget(page)

    def set_split(self, split: int) -> None:
        """Show the test images (`TEST`) or the training images (`TRAIN`)."""
        self.split = split
        self.refresh()

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show this frame; other images than the last frame's get axes of their own."""
        before = self.snapshot
        if snapshot is not None and before is not None and before.probe is not snapshot.probe:
            self.plot.reset_view()
        super().set_snapshot(snapshot, history)

    def reset_view(self) -> None:
        """Let the axes fit what is shown now."""
        self.plot.reset_view()
        self.refresh()

    def draw(self) -> None:
        """Bring the plot in line with snapshot and theme."""
        snapshot = self.snapshot
        self._pages.setCurrentIndex(0 if snapshot is None else 1)
        if snapshot is None:
            style_invitation(self._invitation, self.theme)
            return
        content = angle_content(snapshot, self.split)
        self.plot.show_content(content, self.theme)
        probe, test = snapshot.probe, self.split == TEST
        size, name = (probe.test_size, "test") if test else (probe.train_size, "training")
        count = int(np.count_nonzero(probe.split == self.split))
        full = f"to {content.kind}  ·  {count:,} of {size:,} {name} images"
        self._caption.show_texts(
            self.theme,
            (full, f"to {content.kind} · {count:,}/{size:,} {name}"),
            (f"step {snapshot.step:,}", f"{snapshot.step:,}"),
        )


def angle_content(snapshot: Snapshot, split: int) -> AngleContent:
    """Return the distributions of the angles of one split of the images."""
    reference = reference_rows(snapshot, split)
    shown = (snapshot.probe.split == split) & np.isfinite(snapshot.features).all(axis=1)
    own, other = own_and_other_angles(snapshot.features[shown], snapshot.probe.labels[shown], reference)
    margin = snapshot.config.loss.spec.param("margin")
    angular = margin is not None and margin.unit == "rad"
    return AngleContent(
        kind=reference.kind,
        own=summarize(own),
        other=summarize(other),
        own_shares=angle_histogram(own),
        other_shares=angle_histogram(other),
        margin=float(snapshot.config.loss.params["margin"]) if angular else None,
    )
