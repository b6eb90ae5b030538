"""PointPlot: a plot of many points that can be picked with the pointer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from explorer.analysis.raster.splatter import EMPTY
from explorer.gui.plots.splat import SplatItem
from explorer.gui.plots.style import Plot
from explorer.gui.theme.theme import Theme


class PointPlot(Plot):
    """Points in a plane; a drag pans, the wheel zooms, a double click resets.

    Signals
    -------
    hovered(int)
        Place of the point under the pointer among those that are shown, -1 for none.
    """

    hovered = Signal(int)

    def __init__(self, theme: Theme, *, x: str, y: str) -> None:
        super().__init__(theme, x=x, y=y)
        self.box.disableAutoRange()
        self._splat = SplatItem(self)

    def reset_view(self) -> None:
        """Show all the data again."""
        raise NotImplementedError

    def pick(self, at: QPointF) -> int:
        """Return the index of the point near a pixel of the viewport, −1 for none."""
        inside = self.box.mapFromScene(self.mapToScene(at.toPoint()))
        return self._splat.pick(inside.x(), inside.y())

    def pixels(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the pixels (m, 2) in the viewport of ``points`` (m, 2)."""
        corner = self.corner()
        across, right, up, down = self._splat.scale_and_shift()
        shift = np.array([right + corner.x(), down + corner.y()])
        places: NDArray[np.float64] = points * np.array([across, up]) + shift
        return places

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report the point under the pointer."""
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self.hovered.emit(self.pick(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all the data again."""
        super().mouseDoubleClickEvent(event)
        self.reset_view()

    def leaveEvent(self, event: QEvent) -> None:
        """Report that no point is under the pointer."""
        super().leaveEvent(event)
        self.hovered.emit(EMPTY)
