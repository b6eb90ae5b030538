"""FeatureSelecting: clicks, lassos and rectangles on the features, as requests to select images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtWidgets import QWidget

from explorer.analysis.frames.selection import SelectionMode, inside
from explorer.analysis.raster.splatter import EMPTY
from explorer.gui.plots.selection_gesture import SelectionGesture
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureTool
from explorer.gui.views.features.plane.plot import PlanePlot
from explorer.gui.views.features.space.canvas import SpaceCanvas


class FeatureSelecting(QObject):
    """Listens to the surfaces of both plots, of which one shows a content.

    Signals
    -------
    selectionRequested(object, str)
        Rows (k,) of the snapshot and a `SelectionMode`; none for a click on no point.
    begun()
        A lasso or rectangle begins.
    """

    selectionRequested = Signal(object, str)
    begun = Signal()

    def __init__(self, surfaces: Sequence[QWidget], theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.gestures = [SelectionGesture(surface, theme) for surface in surfaces]
        self._shown: tuple[Content, PlanePlot | SpaceCanvas] | None = None
        for gesture in self.gestures:
            gesture.clicked.connect(self._on_gesture_clicked)
            gesture.drawn.connect(self._on_gesture_drawn)
            gesture.begun.connect(self.begun)

    def show_content(self, content: Content, plot: PlanePlot | SpaceCanvas) -> None:
        """Select among the points of a content, which a plot shows."""
        self._shown = content, plot

    def forget(self) -> None:
        """Select nothing until there is a content."""
        self._shown = None

    def set_tool(self, tool: FeatureTool) -> None:
        """Choose what a drag does."""
        for gesture in self.gestures:
            gesture.set_tool(tool)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        for gesture in self.gestures:
            gesture.band.theme = theme

    def cancel(self) -> bool:
        """Cancel the lasso or rectangle being drawn; return whether there was one."""
        return any(gesture.cancel() for gesture in self.gestures)

    def request_none(self) -> None:
        """Ask that nothing be selected."""
        self.selectionRequested.emit(np.zeros(0, dtype=np.intp), "replace")

    def _on_gesture_clicked(self, at: QPointF, mode: SelectionMode) -> None:
        """Select the image under the pointer; a click on no point clears the selection."""
        if self._shown is not None:
            content, plot = self._shown
            place = plot.pick(at)
            if place != EMPTY:
                self.selectionRequested.emit(content.rows[[place]], mode)
            elif mode == "replace":
                self.request_none()

    def _on_gesture_drawn(self, corners: NDArray[np.float64], mode: SelectionMode) -> None:
        if self._shown is not None:
            content, plot = self._shown
            places = np.flatnonzero(inside(plot.pixels(content.points), corners))
            self.selectionRequested.emit(content.rows[places], mode)
