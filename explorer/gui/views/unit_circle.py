"""The unit circle in the plane, and how densely the directions of each class lie along it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.core.circular_density import BINS, circular_density
from explorer.core.geometry import FULL_TURN
from explorer.gui.theme import Theme
from explorer.gui.views.feature_content import Content
from explorer.gui.views.plot_style import PixelItem, Plot, color, mix, pen

_TALLEST = 0.2
"""How far the densest direction rises from the circle."""
_RISES = 0.01
"""Of the highest, from which on a hill has an outline."""
_FILL, _INK_SHARE = 90, 0.35
_TURN = np.linspace(0, FULL_TURN, BINS + 1)
_AROUND = np.stack([np.cos(_TURN), np.sin(_TURN)])


class UnitCircleItem(PixelItem):
    """The unit circle beneath features at unit length; with ``density``, a hill of each class outside it.

    All hills are to one scale: the highest of them is the densest direction of any class.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-4)
        self.plot = plot
        self.content: Content | None = None
        self.density = False
        self._found: tuple[Content | None, NDArray[np.float64]] = (None, np.zeros((0, BINS)))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw hills and circle."""
        content = self.content
        if content is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.density:
            if self._found[0] is not content:
                classes = content.snapshot.probe.num_classes
                self._found = content, circular_density(content.points, content.labels, classes)
            self._paint_hills(painter, self._found[1])
        paint_unit_circle(painter, self, self.plot.theme)

    def _paint_hills(self, painter: QPainter, density: NDArray[np.float64]) -> None:
        theme = self.plot.theme
        across, right, up, down = self.scale_and_shift()
        shares = density / max(float(density.max(initial=0)), 1e-9)
        for label in np.flatnonzero(shares.any(axis=1)).tolist():
            share = np.append(shares[label], shares[label, 0])
            outer = _AROUND * (1 + _TALLEST * share)
            x, y = np.concatenate([outer, _AROUND[:, ::-1]], axis=1)
            rgb = theme.class_color(label)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(rgb, _FILL))
            painter.drawPolygon(pg.functions.arrayToQPolygonF(across * x + right, up * y + down))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(mix(rgb, theme.text, _INK_SHARE)))
            x, y = outer
            rises = (share > _RISES).astype(np.int32)
            painter.drawPath(pg.arrayToQPath(across * x + right, up * y + down, connect=rises))


def paint_unit_circle(painter: QPainter, item: PixelItem, theme: Theme) -> None:
    """Draw the circle of radius 1 around the origin of a plot."""
    across, right, up, down = item.scale_and_shift()
    painter.setPen(pen(theme.text, 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(right, down), across, -up)
