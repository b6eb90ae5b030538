"""Icons drawn from simple shapes in the palette's colours, sharp at any size."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap, QTransform

IconName = Literal[
    "play",
    "pause",
    "step",
    "restart",
    "reset",
    "close",
    "down",
    "right",
    "folder",
    "info",
    "warning",
    "error",
    "move",
    "lasso",
    "rectangle",
]
_SIZES = (16, 20, 24, 32, 48, 64, 96)


def icon(
    name: IconName, palette: QPalette, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText
) -> QIcon:
    """Return the icon in the palette's colour for ``role``, and muted for disabled buttons."""
    groups = QPalette.ColorGroup.Normal, QPalette.ColorGroup.Disabled
    return _drawn(name, *(palette.color(group, role).rgba() for group in groups))


@lru_cache(maxsize=128)
def _drawn(name: IconName, normal: int, disabled: int) -> QIcon:
    result = QIcon()
    for mode, color in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        for size in _SIZES:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            draw_icon(painter, name, QColor.fromRgba(color), QRectF(0, 0, size, size))
            painter.end()
            result.addPixmap(pixmap, mode)
    return result


def draw_icon(painter: QPainter, name: IconName, color: QColor, rect: QRectF) -> None:
    """Paint the icon into ``rect``; what the painter was set to is kept."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 24, rect.height() / 24)
    filled, stroked = _shape(name)
    painter.fillPath(filled, color)
    pen = QPen(color, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(stroked, pen)
    painter.restore()


def _shape(name: IconName) -> tuple[QPainterPath, QPainterPath]:
    """Return what is filled and what is stroked, on a square of 24 units."""
    filled, stroked = QPainterPath(), QPainterPath()
    if name == "play":
        filled = _polygon((7, 4), (20, 12), (7, 20))
    elif name == "pause":
        filled.addRoundedRect(QRectF(6, 4.5, 4, 15), 1, 1)
        filled.addRoundedRect(QRectF(14, 4.5, 4, 15), 1, 1)
    elif name == "step":
        filled = _polygon((5, 4), (15, 12), (5, 20))
        filled.addRoundedRect(QRectF(16, 4.5, 3, 15), 1, 1)
    elif name in ("restart", "reset"):
        # An open circle with its head at the gap: clockwise for a new start, mirrored for going back.
        stroked = QPainterPath(_on_circle(60))
        stroked.arcTo(QRectF(5, 5, 14, 14), 60, 285)
        filled = _polygon((14, 1.5), (14, 9.5), (20, 5.5))
        if name == "reset":
            mirror = QTransform(-1, 0, 0, 1, 24, 0)
            filled, stroked = mirror.map(filled), mirror.map(stroked)
    elif name == "close":
        stroked = _line((6, 6), (18, 18))
        stroked.addPath(_line((18, 6), (6, 18)))
    elif name == "down":
        stroked = _line((6, 9), (12, 15), (18, 9))
    elif name == "right":
        stroked = _line((9, 6), (15, 12), (9, 18))
    elif name == "folder":
        stroked = _polygon((3, 19), (3, 6), (9, 6), (11, 8.5), (21, 8.5), (21, 19))
    elif name == "move":
        stroked = _line((12, 4), (12, 20))
        stroked.addPath(_line((4, 12), (20, 12)))
        for head in ((9, 5), (12, 2), (15, 5)), ((9, 19), (12, 22), (15, 19)):
            stroked.addPath(_line(*head))
            stroked.addPath(_line(*((y, x) for x, y in head)))
    elif name == "lasso":
        stroked.addEllipse(QPointF(12, 9.5), 9, 6)
        stroked.moveTo(6, 14)
        stroked.cubicTo(4, 17, 10, 17, 8, 21)
    elif name == "rectangle":
        for start in ((4, 9), (4, 5), (8, 5)), ((16, 5), (20, 5), (20, 9)):
            stroked.addPath(_line(*start))
            stroked.addPath(_line(*((x, 24 - y) for x, y in start)))
    elif name == "warning":
        stroked = _polygon((12, 3.5), (21.5, 20), (2.5, 20))
        stroked.addPath(_line((12, 10), (12, 14)))
        filled.addEllipse(QPointF(12, 17), 1.4, 1.4)
    else:
        stroked.addEllipse(QPointF(12, 12), 9, 9)
        top, bottom, dot = ((12, 11), (12, 16.5), 7.5) if name == "info" else ((12, 7.5), (12, 13), 16.5)
        stroked.addPath(_line(top, bottom))
        filled.addEllipse(QPointF(12, dot), 1.4, 1.4)
    return filled, stroked


def _on_circle(degrees: float) -> QPointF:
    angle = math.radians(degrees)
    return QPointF(12 + 7 * math.cos(angle), 12 - 7 * math.sin(angle))


def _line(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    return path


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = _line(*points)
    path.closeSubpath()
    return path
