"""Marks over points, painted in pixels: arrows, the drawn digit, the pointer ring."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF, QTransform

from explorer.analysis.plane.geometry import FULL_TURN
from explorer.core.texts import _
from explorer.gui.plots.marks.cached import Tag, draw_tags
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Rgb, Theme

_HEAD_LENGTH, _HEAD_WIDTH = 9.0, 4.0
_STAR_RADIUS = 11.0
_STAR = QPolygonF(
    [
        QPointF(math.sin(turn), -math.cos(turn)) * (_STAR_RADIUS if corner % 2 == 0 else 0.45 * _STAR_RADIUS)
        for corner, turn in enumerate(np.linspace(0, FULL_TURN, 10, endpoint=False).tolist())
    ]
)
"""Five points, the first upwards, around the origin."""
_POINTER = QPolygonF([QPointF(11, 0), QPointF(-7, 8), QPointF(-3, 0), QPointF(-7, -8)])
"""An arrow head around the origin that points to the right."""


def draw_arrow(
    painter: QPainter, start: QPointF, end: QPointF, rgb: Rgb, halo: Rgb, *, heads: int = 1
) -> None:
    """Draw an arrow from ``start`` to ``end`` with an outline in the colour ``halo``.

    Its ``heads`` are behind one another.
    """
    x, y = end.x(), end.y()
    right, down = x - start.x(), y - start.y()
    length = math.hypot(right, down)
    if length < 1:
        return
    right, down = right / length, down / length
    foot = QPointF(x - right * _HEAD_LENGTH, y - down * _HEAD_LENGTH)
    across = QPointF(-down * _HEAD_WIDTH, right * _HEAD_WIDTH)
    head = QPolygonF([end, foot + across, foot - across])
    painter.setPen(pen(halo, 3.6))
    painter.drawLine(start, end)
    painter.setPen(pen(rgb, 1.8))
    painter.drawLine(start, foot)
    painter.setBrush(color(rgb))
    for number in range(heads):
        painter.drawPolygon(head.translated((foot - end) * number))


def draw_digit_mark(painter: QPainter, at: QPointF, text: str, bounds: QRectF, theme: Theme) -> None:
    """Draw a star with ``text`` beside it; for a point outside ``bounds``, an arrow to it at the edge."""
    room = bounds.adjusted(_STAR_RADIUS, _STAR_RADIUS, -_STAR_RADIUS, -_STAR_RADIUS)
    star_at = QPointF(
        min(max(at.x(), room.left()), room.right()), min(max(at.y(), room.top()), room.bottom())
    )
    outside = star_at != at
    shape = _STAR
    if outside:
        away = math.degrees(math.atan2(at.y() - star_at.y(), at.x() - star_at.x()))
        shape = QTransform().rotate(away).map(_POINTER)
    star = shape.translated(star_at)
    for rgb, width in ((theme.plot, 7.0), (theme.text, 3.0)):
        painter.setPen(pen(rgb, width))
        painter.setBrush(color(theme.plot))
        painter.drawPolygon(star)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.accent))
    painter.drawPolygon(star)
    words = text if not outside else _("{digit} (outside the view)").format(digit=text)
    _tag_beside(painter, star_at, words, bounds, theme)


def draw_pointer(painter: QPainter, at: QPointF, text: str, bounds: QRectF, theme: Theme) -> None:
    """Draw a ring around a point and ``text`` beside it, inside ``bounds``."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rgb, width in ((theme.plot, 4.5), (theme.text, 2.0)):
        painter.setPen(pen(rgb, width))
        painter.drawEllipse(at, 8.0, 8.0)
    _tag_beside(painter, at, text, bounds, theme)


def _tag_beside(painter: QPainter, at: QPointF, text: str, bounds: QRectF, theme: Theme) -> None:
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(text) + 24
    beside = QPointF(at.x() + 12 + width / 2, at.y() - 18)
    beside.setX(min(beside.x(), bounds.right() - width / 2))
    beside.setY(max(beside.y(), bounds.top() + metrics.height()))
    draw_tags(painter, [Tag(beside, text, theme.panel, theme.line)])
