"""The unit circle in the plane, and the density of the directions of each class along it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from explorer.analysis.plane.circular_density import BINS, circular_density
from explorer.analysis.plane.geometry import FULL_TURN
from explorer.gui.plots.style import PixelItem, Plot, color, pen
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import Content
from explorer.gui.views.features.plane.computed_item import ComputedItem, Request

_TALLEST = 0.2
"""Height of the density curve at the densest direction, above the circle."""
_RISES = 0.01
"""Fraction of the maximum from which on a density curve is outlined."""
_FILL, _INK_FRACTION = 90, 0.35
_TURN = np.arange(BINS) * (FULL_TURN / BINS)
_AROUND = np.stack([np.cos(_TURN), np.sin(_TURN)])


class UnitCircleItem(ComputedItem[NDArray[np.float64]]):
    """The unit circle below features at unit length; with ``density``, a density curve per class outside it.

    The layer is the density (C, `BINS`) of directions. All curves have the same scale, set by the densest
    direction of any class.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-4)
        self.density = False

    def request(self, content: Content) -> Request[NDArray[np.float64]] | None:
        """Return the computation of the density, None while it is not shown."""
        if not self.density or not self.isVisible():
            return None
        classes = content.snapshot.probe.num_classes
        return Request((content,), partial(circular_density, content.points, content.labels, classes))

    def shows(self) -> tuple[object, ...]:
        """Return whether the density is shown."""
        return (self.density,)

    def draw(self, painter: QPainter) -> None:
        """Paint density curves and circle."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.density and self.layer is not None:
            self._paint_hills(painter, self.layer)
        paint_unit_circle(painter, self, self.plot.theme)

    def _paint_hills(self, painter: QPainter, density: NDArray[np.float64]) -> None:
        theme = self.plot.theme
        across, right, up, down = self.scale_and_shift()
        shares = density / max(float(density.max(initial=0)), 1e-9)
        for label in np.flatnonzero((shares > _RISES).any(axis=1)).tolist():
            rgb = theme.class_color(label)
            edge = pen(mix(rgb, theme.text, _INK_FRACTION))
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
    """Paint the circle of radius 1 around the origin of a plot."""
    across, right, up, down = item.scale_and_shift()
    painter.setPen(pen(theme.text, 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(right, down), across, -up)


def _runs(rises: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Return the bins of each stretch of the circle above the threshold, in order."""
    start = int(np.argmin(rises))
    order = (np.arange(len(rises) + 1) + start) % len(rises)
    ends = np.flatnonzero(np.diff(rises[order].astype(np.int8))) + 1
    return [run for run in np.split(order, ends) if rises[run[0]]]
