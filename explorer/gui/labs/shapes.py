"""Shapes of the pictures of the labs, in the coordinates of a plot, and what paints them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.labs.distances import angle
from explorer.analysis.plane.geometry import Rectangle
from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.labs.lab import number
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.marks.hatching import hatching
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, Plot, color, pen, scaled_font
from explorer.gui.theme.theme import Rgb, mix

Floats = NDArray[np.float64]
Point = tuple[float, float]

SOLID, DASHED, DOTTED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine

_FAR = 1e5
_GAP = 5.0
_HALO = 2.0
_LEAST_TURN = 1e-6
_INK = 0.3
"""Share of the colour of text in a label: the colour alone may have little contrast on the background."""
_AROUND = [(math.cos(turn), math.sin(turn)) for turn in np.linspace(0, 2 * math.pi, 8, endpoint=False)]


class Line(Struct, frozen=True, eq=False):
    """A polyline through ``points`` (n, 2); NaN in ``points`` interrupts it. ``bold`` makes it two pixels."""

    points: Floats
    rgb: Rgb
    stroke: Qt.PenStyle = SOLID
    bold: bool = True


class Area(Struct, frozen=True, eq=False):
    """A filled polygon with corners ``points`` (n, 2); ``hatch`` is the colour of diagonal lines on it."""

    points: Floats
    rgb: Rgb
    hatch: Rgb | None = None


class Dot(Struct, frozen=True):
    """A disc or, ``hollow``, a ring with a radius in pixels."""

    at: Point
    rgb: Rgb
    radius: float = 5.0
    hollow: bool = False


class Label(Struct, frozen=True):
    """A text beside a point.

    ``side`` is the direction from the point to the text, (0, 0) for on top of it; its length is the gap in
    units of five pixels. It is ``lower`` by this many lines.
    """

    at: Point
    text: str
    rgb: Rgb
    side: Point = (0.0, 0.0)
    bold: bool = False
    small: bool = True
    lower: float = 0.0


Shape = Line | Area | Dot | Label


class ShapesItem(PixelItem):
    """Paints shapes in the order in which they are given, labels above all others."""

    def __init__(self, plot: Plot, z: float = 5) -> None:
        super().__init__(plot, z)
        self.plot = plot
        self.shapes: Sequence[Shape] = ()

    def show_shapes(self, shapes: Sequence[Shape]) -> None:
        """Show these shapes."""
        self.shapes = sorted(shapes, key=lambda shape: isinstance(shape, Label))
        self.update()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the shapes."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.boundingRect())
        for shape in self.shapes:
            match shape:
                case Area():
                    self._paint_area(painter, shape)
                case Line():
                    self._paint_line(painter, shape)
                case Dot():
                    self._paint_dot(painter, shape)
                case Label():
                    self._paint_label(painter, shape)

    def pixel(self, point: Point) -> QPointF:
        """Return a point of the plot in pixels of the view box; one far outside is clipped."""
        across, right, up, down = self.scale_and_shift()
        x, y = point[0] * across + right, point[1] * up + down
        return QPointF(min(max(x, -_FAR), _FAR), min(max(y, -_FAR), _FAR))

    def _polygon(self, points: Floats) -> QPolygonF:
        across, right, up, down = self.scale_and_shift()
        pixels = np.clip(points * (across, up) + (right, down), -_FAR, _FAR)
        polygon: QPolygonF = pg.functions.arrayToQPolygonF(pixels[:, 0], pixels[:, 1])
        return polygon

    def _paint_area(self, painter: QPainter, area: Area) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(area.rgb) if area.hatch is None else hatching(area.rgb, area.hatch))
        painter.drawPolygon(self._polygon(area.points))

    def _paint_line(self, painter: QPainter, line: Line) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        known = np.isfinite(line.points).all(axis=1)
        pieces = np.split(line.points, np.flatnonzero(np.diff(known)) + 1)
        for piece in pieces:
            if len(piece) < 2 or not np.isfinite(piece[0]).all():
                continue
            if line.bold:
                draw_curve(painter, self._polygon(piece), line.rgb, line.stroke)
            else:
                painter.setPen(pen(line.rgb, 1.0, line.stroke))
                painter.drawPolyline(self._polygon(piece))

    def _paint_dot(self, painter: QPainter, dot: Dot) -> None:
        background = self.plot.theme.plot
        painter.setPen(pen(dot.rgb if dot.hollow else background, 1.6))
        painter.setBrush(color(background if dot.hollow else dot.rgb))
        painter.drawEllipse(self.pixel(dot.at), dot.radius, dot.radius)

    def _paint_label(self, painter: QPainter, label: Label) -> None:
        painter.setFont(self._font(label))
        metrics = QFontMetricsF(painter.font())
        area = QRectF(0, 0, metrics.horizontalAdvance(label.text) + 2, metrics.height())
        area.moveCenter(self.pixel(label.at) + _clearance(label.side, area))
        box = self.boundingRect()
        if not box.adjusted(-20, -20, 20, 20).contains(self.pixel(label.at)):
            return
        area.moveLeft(min(max(area.left(), box.left() + 2), box.right() - area.width() - 2))
        area.moveTop(min(max(area.top(), box.top() + 2), box.bottom() - area.height() - 2))
        area.translate(0, label.lower * area.height())
        painter.setPen(color(self.plot.theme.plot))
        for x, y in _AROUND:  # the colour of the background around the letters keeps them legible on lines
            painter.drawText(area.translated(_HALO * x, _HALO * y), Qt.AlignmentFlag.AlignCenter, label.text)
        painter.setPen(color(mix(label.rgb, self.plot.theme.text, _INK)))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, label.text)

    def _font(self, label: Label) -> QFont:
        return scaled_font(self.plot.font(), SMALL_TYPE if label.small else 1.0, label.bold)


def _clearance(side: Point, area: QRectF) -> QPointF:
    """Return the way from a point to the centre of an area that lies on one side of it, just beyond a gap."""
    across, up = side
    length = math.hypot(across, up)
    if not length:
        return QPointF(0, 0)
    across, up = across / length, up / length
    edges = [half / abs(way) for half, way in ((area.width() / 2, across), (area.height() / 2, up)) if way]
    reach = min(edges) + _GAP * length
    return QPointF(across * reach, -up * reach)


def polyline(*points: Point) -> Floats:
    """Return points as an array (n, 2)."""
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def arc(radius: float, start: float, end: float, centre: Point = (0.0, 0.0)) -> Floats:
    """Return an arc as a polyline (n, 2) between two angles in radians, about one point for each degree."""
    count = max(2, math.ceil(abs(end - start) * 60))
    turn = np.linspace(start, end, count)
    return radius * np.stack([np.cos(turn), np.sin(turn)], axis=1) + centre


def outwards(point: Sequence[float], at_origin: Point = (2.0, 2.0)) -> Point:
    """Return the ``side`` of a label away from the origin; ``at_origin`` for a point that lies there."""
    length = math.hypot(point[0], point[1])
    return (2 * point[0] / length, 2 * point[1] / length) if length else at_origin


def angle_arc(
    first: Sequence[float],
    second: Sequence[float],
    share: float,
    rgb: Rgb,
    legible: float,
    stroke: Qt.PenStyle = SOLID,
) -> list[Shape]:
    """Return the arc of the angle between two vectors of the plane, with its degrees.

    Nothing where they have the same direction, or one of them none. The radius is a ``share`` of the shorter
    vector's length; where it is not above ``legible`` there is no room for the degrees.
    """
    turn = angle(first, second)
    if not turn > _LEAST_TURN:
        return []
    start = math.atan2(first[1], first[0])
    end = start + math.copysign(turn, first[0] * second[1] - first[1] * second[0])
    radius = share * min(math.hypot(*first), math.hypot(*second))
    shapes: list[Shape] = [Line(arc(radius, start, end), rgb, stroke)]
    if radius > legible:
        side = math.cos((start + end) / 2), math.sin((start + end) / 2)
        degrees = _("{angle}°").format(angle=number(math.degrees(turn), 1))
        shapes.append(Label((radius * side[0], radius * side[1]), degrees, rgb, side))
    return shapes


def around(points: Floats, room: float) -> Rectangle:
    """Return the rectangle around ``points`` (n, 2), larger by a fraction of its longer side at each side."""
    low, high = points.min(axis=0), points.max(axis=0)
    pad = room * max(float((high - low).max()), 1e-6)
    return Rectangle(float(low[0]) - pad, float(low[1]) - pad, float(high[0]) + pad, float(high[1]) + pad)
