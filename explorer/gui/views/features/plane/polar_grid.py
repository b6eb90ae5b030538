"""PolarGridItem: labelled rings at round radii and rays every 30°, below the points."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.geometry import FULL_TURN, Rectangle
from explorer.gui.faults import guarded_item
from explorer.gui.plots.cached_layer import CachedLayer
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, Plot, color, pen, scaled_font

DEGREES = tuple(range(0, 360, 30))
"""Directions of the rays."""
_RINGS = 8.0
"""Approximate number of rings along the shorter side of the visible part."""
_ROUND = (1.0, 2.0, 5.0, 10.0)
_POINTS = 121
_STRENGTH = 120
_BETWEEN = 15
"""Degrees from a ray to the direction along which the radii are labelled."""
_LABEL_INSET = 1.6
"""Lines of text between the middle of a label and the edge of the plot."""
_CLEAR = QColor(0, 0, 0, 0)

Label = tuple[QPointF, str]
"""A text and its middle, in pixels."""


class Arcs(Struct, frozen=True):
    """The rings visible in a part of the plane: their radii, and the range of directions in radians."""

    radii: tuple[float, ...]
    start: float
    end: float


def arcs_in(view: Rectangle) -> Arcs:
    """Return the rings around the origin that cross a part of the plane, at multiples of 1, 2 or 5 × 10ᵏ."""
    width, height = view.right - view.left, view.top - view.bottom
    wanted = min(width, height) / _RINGS
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next((each * power for each in _ROUND if each * power >= wanted), 10 * power)
    corners = np.array(view.corners)
    farthest = float(np.hypot(*corners.T).max())
    outside = (max(view.left, -view.right, 0.0), max(view.bottom, -view.top, 0.0))
    nearest = math.hypot(*outside)
    numbers = range(max(1, math.ceil(nearest / step)), math.floor(farthest / step) + 1)
    radii = tuple(number * step for number in numbers)
    if not any(outside):
        return Arcs(radii, 0.0, FULL_TURN)
    middle = math.atan2(view.bottom + height / 2, view.left + width / 2)
    apart = [math.remainder(math.atan2(y, x) - middle, FULL_TURN) for x, y in view.corners]
    return Arcs(radii, middle + min(apart), middle + max(apart))


class PolarGridItem(PixelItem):
    """A polar grid that adapts to the visible part."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-5)
        self.plot = plot
        self._picture = CachedLayer()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint rings, rays and labels."""
        shows = (self.plot.theme, self.plot.visible(), self.plot.font().toString())
        self._picture.paint(painter, self.boundingRect(), _CLEAR, shows, self._draw)

    def _draw(self, painter: QPainter) -> None:
        area = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area)
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        metrics = QFontMetricsF(painter.font())
        inset = _LABEL_INSET * metrics.height()
        inner = area.adjusted(inset, inset, -inset, -inset)
        arcs = arcs_in(self.plot.visible())
        painter.setPen(pen(self.plot.theme.muted, alpha=_STRENGTH))
        for ring in self._rings(arcs):
            painter.drawPolyline(ring)
        for start, end in self._rays(area):
            painter.drawLine(start, end)
        for at, text in [*self._direction_labels(inner), *self._radius_labels(arcs.radii, inner)]:
            self._paint_label(painter, metrics, at, text)

    def _rings(self, arcs: Arcs) -> list[QPolygonF]:
        """Return the visible parts of the rings in pixels."""
        across, right, up, down = self.scale_and_shift()
        turn = np.linspace(arcs.start, arcs.end, _POINTS)
        x, y = across * np.cos(turn), up * np.sin(turn)
        return [pg.functions.arrayToQPolygonF(radius * x + right, radius * y + down) for radius in arcs.radii]

    def _rays(self, area: QRectF) -> list[tuple[QPointF, QPointF]]:
        """Return the end points in pixels of the parts of the rays inside an area."""
        origin = self._origin()
        seen = [(way, _within(origin, way, area)) for way in map(_way, DEGREES)]
        return [(origin + way * part[0], origin + way * part[1]) for way, part in seen if part is not None]

    def _direction_labels(self, inner: QRectF) -> list[Label]:
        """Return the labels of the rays, each where its ray leaves the ``inner`` area."""
        origin = self._origin()
        seen = [(degrees, _within(origin, _way(degrees), inner)) for degrees in DEGREES]
        return [
            (origin + _way(degrees) * part[1], f"{degrees}°") for degrees, part in seen if part is not None
        ]

    def _radius_labels(self, radii: tuple[float, ...], inner: QRectF) -> list[Label]:
        """Return the labels of the radii, along the direction between two rays where most are visible."""
        origin, across = self._origin(), self.scale_and_shift()[0]
        rows = [
            [(origin + _way(degrees + _BETWEEN) * (radius * across), f"{radius:g}") for radius in radii]
            for degrees in DEGREES
        ]
        return max(([label for label in row if inner.contains(label[0])] for row in rows), key=len)

    def _origin(self) -> QPointF:
        """Return the position of the origin in pixels."""
        _, right, _, down = self.scale_and_shift()
        return QPointF(right, down)

    def _paint_label(self, painter: QPainter, metrics: QFontMetricsF, at: QPointF, text: str) -> None:
        theme = self.plot.theme
        width, height = metrics.horizontalAdvance(text) + 6, metrics.height()
        patch = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.plot, 200))
        painter.drawRoundedRect(patch, 4, 4)
        painter.setPen(pen(theme.muted))
        painter.drawText(patch, Qt.AlignmentFlag.AlignCenter, text)


def _way(degrees: float) -> QPointF:
    """Return the direction on the screen, where y grows downwards."""
    return QPointF(math.cos(math.radians(degrees)), -math.sin(math.radians(degrees)))


def _within(origin: QPointF, way: QPointF, area: QRectF) -> tuple[float, float] | None:
    """Return the interval along a ray that is inside an area; None where they do not meet."""
    first, last = 0.0, math.inf
    for start, step, low, high in (
        (origin.x(), way.x(), area.left(), area.right()),
        (origin.y(), way.y(), area.top(), area.bottom()),
    ):
        if abs(step) < 1e-9:
            if not low <= start <= high:
                return None
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, near), min(last, far)
    return (first, last) if first < last else None
