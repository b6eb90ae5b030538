"""Marks in the plane of what a symbol of the formula stands for, at one sample."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content
from explorer.gui.views.view import SymbolMark

Pixels = NDArray[np.float64]

_RING, _ARC_SHARE, _ARC_LONGEST = 9.0, 0.6, 90.0


class MarkedPixels(NamedTuple):
    """Where the parts of a sample are, each (2,) in pixels, None for one that there is not.

    ``tip`` is the end of the arrow of the weight of its class. ``true_angles`` tells whether angles are seen
    as they are, which those of projected features are not.
    """

    origin: Pixels
    point: Pixels
    tip: Pixels | None
    center: Pixels | None
    true_angles: bool = True


def place_in(content: Content, mark: SymbolMark) -> int:
    """Return the index in the content of the marked sample, −1 where it is not shown."""
    if not mark.place:  # nearly always, and at every painting
        return -1
    places = np.flatnonzero(content.rows == mark.row)
    return int(places[0]) if len(places) else -1


def nearest_weight(content: Content, place: int) -> int:
    """Return the row of the weights of the sample's class that is nearest to it in angle, −1 for none."""
    if content.weight is None:
        return -1
    label, point = int(content.labels[place]), content.feature(place).astype(np.float64)
    mine = np.flatnonzero(np.array(content.weight_labels) == label)
    if not len(mine):  # its class is left out of training
        return -1
    weights = content.weight[mine].astype(np.float64)
    cosines = weights @ point / np.maximum(np.linalg.norm(weights, axis=1), 1e-12)
    return int(mine[cosines.argmax()])


def paint_mark(painter: QPainter, place: str, at: MarkedPixels, theme: Theme) -> None:
    """Draw what a symbol stands for in the colour of the accent."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(theme.accent, 2.5))
    origin, point = QPointF(*at.origin), QPointF(*at.point)
    if place in ("feature", "angle"):
        painter.drawLine(origin, point)
        painter.drawEllipse(point, _RING, _RING)
    if place in ("weight", "angle") and at.tip is not None:
        painter.drawLine(origin, QPointF(*at.tip))
    if place == "angle" and at.tip is not None and at.true_angles:
        _paint_arc(painter, at, theme)
    if place == "class-center" and at.center is not None:
        center = QPointF(*at.center)
        painter.drawEllipse(center, _RING, _RING)
        painter.setPen(pen(theme.accent, 2.0, Qt.PenStyle.DashLine))
        painter.drawLine(center, point)


def _paint_arc(painter: QPainter, at: MarkedPixels, theme: Theme) -> None:
    """Draw the angle between the sample and the weight, the shorter way, with its degrees."""
    assert at.tip is not None
    first, second = at.tip - at.origin, at.point - at.origin
    lengths = min(float(np.hypot(*first)), float(np.hypot(*second)))
    radius = min(_ARC_SHARE * lengths, _ARC_LONGEST)
    if radius < 4:
        return
    start = math.degrees(math.atan2(-first[1], first[0]))  # pixels count downwards, Qt's angles do not
    span = math.degrees(math.atan2(-second[1], second[0])) - start
    span = (span + 180) % 360 - 180
    box = QRectF(at.origin[0] - radius, at.origin[1] - radius, 2 * radius, 2 * radius)
    painter.drawArc(box, round(16 * start), round(16 * span))
    middle = math.radians(start + span / 2)
    words = f"θ = {abs(span):.1f}°"
    metrics = QFontMetricsF(painter.font())
    spot = QRectF(0, 0, metrics.horizontalAdvance(words) + 8, metrics.height() + 2)
    away = radius + spot.width() / 2 + 4
    spot.moveCenter(QPointF(at.origin[0] + away * math.cos(middle), at.origin[1] - away * math.sin(middle)))
    painter.fillRect(spot, color(theme.plot, 215))
    painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)
