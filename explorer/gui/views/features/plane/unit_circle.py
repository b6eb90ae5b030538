"""The unit circle in the plane, and how densely the directions of each class lie along it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.circular_density import BINS, circular_density
from explorer.analysis.plane.geometry import FULL_TURN
from explorer.gui.faults import guarded_item
from explorer.gui.plots.still_picture import StillPicture
from explorer.gui.plots.style import PixelItem, Plot, color, pen
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import Content

_TALLEST = 0.2
"""How far the densest direction rises from the circle."""
_RISES = 0.01
"""Of the highest, from which on a hill has an outline."""
_FILL, _INK_SHARE = 90, 0.35
_CLEAR = QColor(0, 0, 0, 0)
_TURN = np.arange(BINS) * (FULL_TURN / BINS)
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
        self._picture = StillPicture()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw hills and circle."""
        content = self.content
        if content is None:
            return
        shows = (content if self.density else None, self.plot.theme, self.plot.visible())
        self._picture.paint(painter, self.boundingRect(), _CLEAR, shows, lambda own: self._draw(own, content))

    def _draw(self, painter: QPainter, content: Content) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.density:
            classes = content.snapshot.probe.num_classes
            self._paint_hills(painter, circular_density(content.points, content.labels, classes))
        paint_unit_circle(painter, self, self.plot.theme)

    def _paint_hills(self, painter: QPainter, density: NDArray[np.float64]) -> None:
        theme = self.plot.theme
        across, right, up, down = self.scale_and_shift()
        shares = density / max(float(density.max(initial=0)), 1e-9)
        for label in np.flatnonzero((shares > _RISES).any(axis=1)).tolist():
            rgb = theme.class_color(label)
            edge = pen(mix(rgb, theme.text, _INK_SHARE))
            painter.setBrush(color(rgb, _FILL))
            for bins in _runs(shares[label] > _RISES):
                outer = _AROUND[:, bins] * (1 + _TALLEST * shares[label, bins])
                x, y = np.concatenate([outer, _AROUND[:, bins[::-1]]], axis=1)
                hill = pg.functions.arrayToQPolygonF(across * x + right, up * y + down)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawPolygon(hill)
                painter.setPen(edge)
                painter.drawPolyline(hill.first(len(bins)))


def paint_unit_circle(painter: QPainter, item: PixelItem, theme: Theme) -> None:
    """Draw the circle of radius 1 around the origin of a plot."""
    across, right, up, down = item.scale_and_shift()
    painter.setPen(pen(theme.text, 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(right, down), across, -up)


def _runs(rises: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Return the bins of each stretch of the circle where it rises, in order; the whole circle is one."""
    start = int(np.argmin(rises))
    order = (np.arange(len(rises) + 1) + start) % len(rises)
    ends = np.flatnonzero(np.diff(rises[order].astype(np.int8))) + 1
    return [run for run in np.split(order, ends) if rises[run[0]]]
