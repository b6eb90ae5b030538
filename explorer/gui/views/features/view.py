"""FeaturesView: where the network puts the images, in the plane or in space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.frames.references import unit
from explorer.analysis.frames.selection import SelectionMode, inside
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.raster.splatter import EMPTY
from explorer.gui.commands.plot_commands import pressed
from explorer.gui.plots.caption import Caption
from explorer.gui.plots.selection_gesture import SelectionGesture, Tool
from explorer.gui.plots.style import invitation, style_invitation
from explorer.gui.session.images import ImageStore
from explorer.gui.state.display import Display
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.bar import FeatureBar
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.plane.plot import PlanePlot
from explorer.gui.views.features.pointer import FeaturePointer
from explorer.gui.views.features.source import FeatureSource
from explorer.gui.views.features.space.canvas import SpaceCanvas
from explorer.gui.views.features.texts import content_texts, moment_texts
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
    classColorWished(int), classColorReset(int)
        A class should get another colour, or that of the palette again.
    normalizedChosen(bool)
        Features should be shown at unit length, or as they are.
    """

    title = "Features"
    hovered = Signal(int)
    selectionWished = Signal(object, str)
    classToggled = Signal(int)
    classIsolated = Signal(int)
    colorModeChosen = Signal(str)
    classColorWished = Signal(int)
    classColorReset = Signal(int)
    normalizedChosen = Signal(bool)

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
        self._source = FeatureSource(self.display)
        self._content: Content | None = None
        self._drawn_digit: tuple[Floats | None, str] = (None, "")
        area = QWidget()
        self._plots = QStackedLayout(area)
        self._plots.addWidget(self.plane)
        self._plots.addWidget(self.space)
        self.pointer = FeaturePointer((self.plane, self.space), area, theme, self.images)
        self.gestures = [SelectionGesture(surface, theme) for surface in (self.plane.viewport(), self.space)]
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(area, 1)
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
        self._source.note(snapshot)
        super().set_snapshot(snapshot, history)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.pointer.card.set_theme(theme)
        for gesture in self.gestures:
            gesture.band.theme = theme
        super().set_theme(theme)

    def set_drawn_digit(self, point: Floats | None, text: str = "") -> None:
        """Mark where a drawn digit lands (1, d) and say what it is; None takes the mark away."""
        self._drawn_digit = (point, text)
        self._show_drawn_digit()

    def set_tool(self, tool: Tool) -> None:
        """Let a drag move the view, or draw around points."""
        self.bar.tools[tool].setChecked(True)
        for gesture in self.gestures:
            gesture.set_tool(tool)

    def reset_view(self) -> None:
        """Show all the data again."""
        self.plane.reset_view()
        self.space.reset_view()
        self._show_caption()

    def cancel(self) -> None:
        """Give up the lasso that is being drawn, or else the selection."""
        if not any(gesture.cancel() for gesture in self.gestures):
            self._on_selection_cleared()

    def point_out(self, row: int) -> None:
        """Ring the point of the image in this row of the snapshot, none for -1 or where it is not shown."""
        self.pointer.point_out(row)

    def draw(self) -> None:
        """Bring the plot in line with snapshot, theme, options and display."""
        snapshot = self.snapshot
        if snapshot is None:
            style_invitation(self._invitation, self.theme)
            self._pages.setCurrentIndex(0)
            return
        before = self._content
        self._content = content = self._source.content(snapshot, self.theme, self.options)
        plot = self._plot
        if before is None or before.normalized != content.normalized:
            plot.forget()
        self.pointer.show_content(content)
        plot.show_content(content, self.theme, self.options)
        self._show_drawn_digit()
        self._plots.setCurrentWidget(plot)
        self._pages.setCurrentIndex(1)
        self.bar.show_display(self.display, self.theme, snapshot.probe.num_classes, self.options.normalized)
        self._show_caption()
        self.pointer.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel the lasso, or clear the selection."""
        if pressed(event, "features") == "features.cancel":
            self.cancel()
        else:
            super().keyPressEvent(event)

    def _wire(self) -> None:
        for gesture in self.gestures:
            gesture.clicked.connect(self._on_gesture_clicked)
            gesture.drawn.connect(self._on_gesture_drawn)
            gesture.begun.connect(self.pointer.leave)
        self.pointer.hovered.connect(self.hovered)
        self.plane.held.connect(self._show_caption)
        self.bar.toolChosen.connect(self.set_tool)
        self.bar.selectionCleared.connect(self._on_selection_cleared)
        self.bar.classToggled.connect(self.classToggled)
        self.bar.classIsolated.connect(self.classIsolated)
        self.bar.legend.colorWished.connect(self.classColorWished)
        self.bar.legend.colorReset.connect(self.classColorReset)
        self.bar.colorModeChosen.connect(self.colorModeChosen)
        self.bar.normalizedChosen.connect(self.normalizedChosen)
        self.display.selectionChanged.connect(self.refresh)
        self.display.displayChanged.connect(self.refresh)

    def _show_drawn_digit(self) -> None:
        """Mark the digit where the plot has room for its coordinates."""
        point, text = self._drawn_digit
        if point is not None and self.options.normalized:
            point = unit(point)
        for plot, dimensions in ((self.plane, 2), (self.space, 3)):
            fits = point is not None and point.shape == (1, dimensions) and bool(np.isfinite(point).all())
            plot.set_drawn_digit(point if fits else None, text)

    @property
    def _plot(self) -> PlanePlot | SpaceCanvas:
        """The plot that has the dimensions of the content."""
        content = self._content
        return self.plane if content is None or content.points.shape[1] == 2 else self.space

    def _show_caption(self) -> None:
        if self._content is not None:
            in_plane = self._plot is self.plane
            held = self.plane.holds(self.options) if in_plane else not self.options.follow
            self._caption.show_texts(
                self.theme,
                content_texts(self._content, self.options),
                moment_texts(self._content.snapshot, held=held),
            )

    def _on_gesture_clicked(self, at: QPointF, mode: SelectionMode) -> None:
        """Choose the image under the pointer; a click beside all points chooses nothing."""
        if self._content is not None:
            place = self._plot.pick(at)
            if place != EMPTY:
                self.selectionWished.emit(self._content.rows[[place]], mode)
            elif mode == "replace":
                self._on_selection_cleared()

    def _on_gesture_drawn(self, corners: NDArray[np.float64], mode: SelectionMode) -> None:
        if self._content is not None:
            places = np.flatnonzero(inside(self._plot.pixels(self._content.points), corners))
            self.selectionWished.emit(self._content.rows[places], mode)

    def _on_selection_cleared(self) -> None:
        self.selectionWished.emit(np.zeros(0, dtype=np.intp), "replace")
