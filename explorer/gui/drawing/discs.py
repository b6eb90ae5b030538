"""Points as vectors: discs and rings that are painted one by one, on paper and where they can be edited."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from explorer.analysis.raster.splatter import RING_HOLE, RING_RADIUS, Colors, Mask, Order, Points

HALO_WIDTH = 1.2
"""Width of the rim around a selected point, and growth of its radius, in logical pixels."""
MIDDLE = 0.6
"""Radius of the middle of a selected ring, in those of a point."""


def paint_discs(
    painter: QPainter,
    places: Points,
    colors: Colors,
    order: Order,
    radius: float,
    *,
    chosen: Order,
    halo: int,
    hollow: Mask | None,
) -> None:
    """Paint points as vectors, as `Splatter.draw` and `draw_chosen` draw them on an image.

    Parameters
    ----------
    painter : QPainter
        Paints on a vector picture.
    places : (n, 2) float32
        Centres in the coordinates of the painter; those that are not finite are left out.
    colors : (n,) uint32
        0xffRRGGBB.
    order : (m,) intp
        The rows to paint, the one in front last.
    radius : float
        In the coordinates of the painter; times `RING_RADIUS` for rings.
    chosen : (k,) intp
        Rows painted again above all others, larger and with a rim in the colour ``halo``.
    halo : int
        0xffRRGGBB.
    hollow : (n,) bool, optional
        Which are rings.
    """
    known: Mask = np.logical_and(*np.isfinite(places).T)
    rings = np.zeros(len(places), np.bool_) if hollow is None else hollow

    def paint(rows: Order, radius: float, color: int | None = None, *, open_: bool = False) -> None:
        for row in rows[known[rows]].tolist():
            painter.setBrush(QColor.fromRgb(int(colors[row]) if color is None else color))
            center = QPointF(float(places[row, 0]), float(places[row, 1]))
            if open_ and rings[row]:
                painter.drawPath(_ring(center, RING_RADIUS * radius))
            else:
                painter.drawEllipse(center, radius, radius)

    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(order, radius, open_=True)
    paint(chosen, radius + 2 * HALO_WIDTH, halo)
    paint(chosen, radius + HALO_WIDTH)
    paint(chosen[rings[chosen]], MIDDLE * radius, halo)
    painter.restore()


def _ring(center: QPointF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for size in (radius, RING_HOLE * radius):
        path.addEllipse(center, size, size)
    return path
