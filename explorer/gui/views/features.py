"""FeaturesView: where the network puts the images, in the plane or in space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.core.coloring import coloring_of, emphasized
from explorer.core.history import History
from explorer.core.sample_facts import fact_of, image_text
from explorer.core.selection import Rows, SelectionMode, inside
from explorer.core.snapshot import Floats, ProbeSet, Snapshot
from explorer.core.splatter import EMPTY
from explorer.gui.display import Display
from explorer.gui.images import ImageStore
from explorer.gui.theme import Theme
from explorer.gui.views.caption import Caption
from explorer.gui.views.feature_bar import FeatureBar
from explorer.gui.views.feature_content import (
    Content,
    FeatureOptions,
    content_of,
    count_texts,
    shown_rows,
)
from explorer.gui.views.hover_card import HoverCard, fact_lines
from explorer.gui.views.lasso import SelectionGesture, Tool
from explorer.gui.views.legend import palette_of
from explorer.gui.views.plane import PlanePlot
from explorer.gui.views.plot_style import invitation, style_invitation
from explorer.gui.views.space import SpaceCanvas
from explorer.gui.views.view import View


class FeaturesView(View):
    """Points over decision regions, with class weights, centres and digits; coloured as a `Display` says.

    A display and images of its own serve where none are given.

    Signals
    -------
    hovered(int)
        Row of the snapshot under the pointer, -1 for none.
    selectionWished(object, str)
        Rows (k,) of the snapshot and a `SelectionMode`: for `Display.select`.
    classToggled(int), classIsolated(int), colorModeChosen(str)
        For `Display.toggle_class`, `Display.isolate_class` and `Display.set_color_mode`.
    """

    title = "Features"
    hovered = Signal(int)
    selectionWished = Signal(object, str)
    classToggled = Signal(int)
    classIsolated = Signal(int)
    colorModeChosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        display: Display | None = None,
        images: ImageStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self.options = FeatureOptions()
        self.display = display or Display(self)
        self.images = images or ImageStore(self)
        self.plane = PlanePlot(theme)
        self.space = SpaceCanvas(theme)
        self.bar = FeatureBar(theme)
        self._caption = Caption(theme)
        self._invitation = invitation("Press Start or Space to train")
        self._content: Content | None = None
        self._guest: tuple[Floats | None, str] = (None, "")
        self._rows: tuple[ProbeSet, FeatureOptions, frozenset[int], Rows] | None = None
        self._plot_area = QWidget()
        self._plots = QStackedLayout(self._plot_area)
        self._plots.addWidget(self.plane)
        self._plots.addWidget(self.space)
        self.card = HoverCard(self._plot_area, theme)
        self.gestures = [SelectionGesture(surface, theme) for surface in (self.plane.viewport(), self.space)]
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(self._plot_area, 1)
        column.addWidget(self.bar)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._invitation)
        self._pages.addWidget(page)
        self._wire()

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

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.card.set_theme(theme)
        for gesture in self.gestures:
            gesture.band.theme = theme
        super().set_theme(theme)

    def set_guest(self, point: Floats | None, text: str = "") -> None:
        """Mark where a guest lands (1, d) and say what it is; None takes the mark away."""
        self._guest = (point, text)
        self._show_guest()

    def set_tool(self, tool: Tool) -> None:
        """Let a drag move the view, or draw around points."""
        for gesture in self.gestures:
            gesture.set_tool(tool)

    def reset_view(self) -> None:
        """Show all the data again."""
        self.plane.reset_view()
        self.space.reset_view()

    def cancel(self) -> None:
        """Give up the lasso that is being drawn, or else the selection."""
        if not any(gesture.cancel() for gesture in self.gestures):
            self._on_selection_cleared()

    def draw(self) -> None:
        """Bring the plot in line with snapshot, theme, options and display."""
        snapshot = self.snapshot
        if snapshot is None:
            style_invitation(self._invitation, self.theme)
            self._pages.setCurrentIndex(0)
            return
        before, self._content = self._content, self._content_of(snapshot)
        plot = self.plane if snapshot.features.shape[1] == 2 else self.space
        if before is None:
            plot.forget()
        if before is None or not np.array_equal(before.rows, self._content.rows):
            self._on_plot_hovered(EMPTY)
        plot.show_content(self._content, self.theme, self.options)
        self._show_guest()
        self._plots.setCurrentWidget(plot)
        self._pages.setCurrentIndex(1)
        self.bar.show_display(self.display, self.theme, snapshot.probe.num_classes)
        self._caption.show_texts(
            self.theme, count_texts(snapshot, self.options), (step_text(snapshot), short_step_text(snapshot))
        )
        if self.card.isVisible():
            self._on_card_due(self.card.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            super().keyPressEvent(event)

    def _wire(self) -> None:
        for plot in (self.plane, self.space):
            plot.hovered.connect(self._on_plot_hovered)
        for gesture in self.gestures:
            gesture.clicked.connect(self._on_gesture_clicked)
            gesture.drawn.connect(self._on_gesture_drawn)
            gesture.begun.connect(self._on_gesture_begun)
        self.bar.toolChosen.connect(self.set_tool)
        self.bar.selectionCleared.connect(self._on_selection_cleared)
        self.bar.classToggled.connect(self.classToggled)
        self.bar.classIsolated.connect(self.classIsolated)
        self.bar.colorModeChosen.connect(self.colorModeChosen)
        self.card.due.connect(self._on_card_due)
        self.display.selectionChanged.connect(self.refresh)
        self.display.displayChanged.connect(self.refresh)
        self.images.changed.connect(self._on_images_changed)

    def _show_guest(self) -> None:
        """Mark the guest where the plot has room for its coordinates."""
        point, text = self._guest
        for plot, dimensions in ((self.plane, 2), (self.space, 3)):
            fits = point is not None and point.shape == (1, dimensions) and bool(np.isfinite(point).all())
            plot.set_guest(point if fits else None, text)

    @property
    def _plot(self) -> PlanePlot | SpaceCanvas:
        return self.plane if self._plots.currentWidget() is self.plane else self.space

    def _content_of(self, snapshot: Snapshot) -> Content:
        probe, display = snapshot.probe, self.display
        left_out = display.left_out(probe.num_classes)
        if self._rows is None or self._rows[0] is not probe or self._rows[1:3] != (self.options, left_out):
            rows = shown_rows(probe, self.options, left_out)
            self._rows = probe, self.options, left_out, rows
        coloring = coloring_of(snapshot, display.color_mode, palette_of(self.theme))
        chosen = display.selection.mask_of(len(probe.labels))
        if chosen.any():
            coloring = emphasized(coloring, chosen, self.theme.plot)
        return content_of(snapshot, self._rows[3], coloring, chosen)

    def _rows_at(self, places: Sequence[int] | NDArray[np.intp]) -> Rows:
        """Return the rows of the snapshot of points of the content."""
        assert self._content is not None
        return self._content.rows[places]

    def point_out(self, row: int) -> None:
        """Ring the point of the image in this row of the snapshot, none for -1 or where it is not shown."""
        shown = [] if self._content is None else np.flatnonzero(self._content.rows == row).tolist()
        self._ring(shown[0] if shown else EMPTY)

    def _ring(self, place: int) -> int:
        """Ring a point of the content, and return the row of its image in the snapshot."""
        content, text, image = self._content, "", EMPTY
        if content is not None and 0 <= place < len(content.rows):
            image = int(content.rows[place])
            probe = content.snapshot.probe
            text = f"{probe.labels[image]}  ·  {image_text(probe, image)}"
        self.plane.set_hover(place, text)
        self.space.set_hover(place, text)
        return image

    def _on_plot_hovered(self, place: int) -> None:
        image, at = self._ring(place), QPoint()
        if self._content is not None and image != EMPTY:
            at = QPointF(*self._plot.pixels(self._content.points[place : place + 1])[0]).toPoint()
        self.card.follow(image, at)
        self.hovered.emit(image)

    def _on_card_due(self, row: int) -> None:
        snapshot = self.snapshot
        if snapshot is not None and 0 <= row < len(snapshot.features):
            lines = fact_lines(fact_of(snapshot, row), has_centers=snapshot.centers is not None)
            self.card.show_facts(lines, self.images.image(snapshot, row), self.images.complaint)

    def _on_images_changed(self) -> None:
        if self.card.isVisible():
            self._on_card_due(self.card.row)

    def _on_gesture_begun(self) -> None:
        self.card.follow(EMPTY, QPoint())

    def _on_gesture_clicked(self, at: QPointF, mode: SelectionMode) -> None:
        """Choose the image under the pointer; a click beside all points chooses nothing."""
        if self._content is not None:
            place = self._plot.pick(at)
            if place != EMPTY:
                self.selectionWished.emit(self._rows_at([place]), mode)
            elif mode == "replace":
                self._on_selection_cleared()

    def _on_gesture_drawn(self, corners: NDArray[np.float64], mode: SelectionMode) -> None:
        if self._content is not None:
            places = np.flatnonzero(inside(self._plot.pixels(self._content.points), corners))
            self.selectionWished.emit(self._rows_at(places), mode)

    def _on_selection_cleared(self) -> None:
        self.selectionWished.emit(np.zeros(0, dtype=np.intp), "replace")


def step_text(snapshot: Snapshot) -> str:
    """Return which moment of the run is shown, and whether it lies between two frames."""
    if snapshot.since is not None:
        return f"{short_step_text(snapshot)}  ·  interpolated"
    return f"step {snapshot.step:,}  ·  epoch {snapshot.epoch:.1f}"


def short_step_text(snapshot: Snapshot) -> str:
    """Return the step, or the steps between which the points are on their way."""
    return (
        f"step {snapshot.step:,}"
        if snapshot.since is None
        else f"step {snapshot.since:,} → {snapshot.step:,}"
    )
