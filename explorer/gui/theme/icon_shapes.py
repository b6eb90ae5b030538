"""The shapes of icons, on a square of 24 units."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

IconName = Literal[
    "play",
    "pause",
    "step",
    "restart",
    "loop",
    "reset",
    "close",
    "float",
    "up",
    "down",
    "right",
    "left",
    "list",
    "pin",
    "folder",
    "info",
    "warning",
    "error",
    "move",
    "lasso",
    "rectangle",
    "star",
]
Points = list[tuple[float, float]]

_GAP_START = 60
"""Degrees at which the circle of the icon of restarting begins."""


class Shape(NamedTuple):
    """What is filled and what is stroked of an icon, on a square of 24 units."""

    filled: QPainterPath
    stroked: QPainterPath


def _play() -> Shape:
    return Shape(_polygon((7, 4), (20, 12), (7, 20)), QPainterPath())


def _pause() -> Shape:
    bars = QPainterPath()
    for left in (6, 14):
        bars.addRoundedRect(QRectF(left, 4.5, 4, 15), 1, 1)
    return Shape(bars, QPainterPath())


def _step() -> Shape:
    filled = _polygon((5, 4), (15, 12), (5, 20))
    filled.addRoundedRect(QRectF(16, 4.5, 3, 15), 1, 1)
    return Shape(filled, QPainterPath())


def _restart() -> Shape:
    """Return an open circle with an arrowhead at the gap, clockwise."""
    angle = math.radians(_GAP_START)
    circle = QPainterPath(QPointF(12 + 7 * math.cos(angle), 12 - 7 * math.sin(angle)))
    circle.arcTo(QRectF(5, 5, 14, 14), _GAP_START, 285)
    return Shape(_polygon((14, 1.5), (14, 9.5), (20, 5.5)), circle)


def _loop() -> Shape:
    """Return two arrows, one along the top to the right and one along the bottom back to the left."""
    there, back = _line((4, 12), (4, 7.5), (16, 7.5)), _line((20, 12), (20, 16.5), (8, 16.5))
    heads = _polygon((15, 3.5), (15, 11.5), (20.5, 7.5))
    heads.addPath(_polygon((9, 12.5), (9, 20.5), (3.5, 16.5)))
    there.addPath(back)
    return Shape(heads, there)


def _reset() -> Shape:
    """Return the icon of restarting mirrored: back instead of anew."""
    mirror = QTransform(-1, 0, 0, 1, 24, 0)
    filled, stroked = _restart()
    return Shape(mirror.map(filled), mirror.map(stroked))


def _close() -> Shape:
    return _lines([(6, 6), (18, 18)], [(18, 6), (6, 18)])


def _float() -> Shape:
    """Return a square in front of another one."""
    square: Points = [(4, 9), (15, 9), (15, 20), (4, 20), (4, 9)]
    return _lines(square, [(9, 9), (9, 4), (20, 4), (20, 15), (15, 15)])


def _up() -> Shape:
    return _lines([(6, 15), (12, 9), (18, 15)])


def _down() -> Shape:
    return _lines([(6, 9), (12, 15), (18, 9)])


def _right() -> Shape:
    return _lines([(9, 6), (15, 12), (9, 18)])


def _left() -> Shape:
    return _lines([(15, 6), (9, 12), (15, 18)])


def _list() -> Shape:
    """Return three lines of a list, each with its dot."""
    filled = _dot(6, 4.5)
    filled.addPath(_dot(12, 4.5))
    filled.addPath(_dot(18, 4.5))
    lines: list[Points] = [[(9, y), (21, y)] for y in (6, 12, 18)]
    return Shape(filled, _lines(*lines).stroked)


def _pin() -> Shape:
    head: Points = [(8, 3), (16, 3), (15, 9), (18, 14), (6, 14), (9, 9), (8, 3)]
    return _lines(head, [(12, 14), (12, 21)])


def _folder() -> Shape:
    outline = _polygon((3, 19), (3, 6), (9, 6), (11, 8.5), (21, 8.5), (21, 19))
    return Shape(QPainterPath(), outline)


def _move() -> Shape:
    """Return an open hand: three fingers with round tips, the little one, and palm and thumb below."""
    hand = QPainterPath()
    for left, tip, root in ((13.5, 5.0, 11.0), (9.5, 3.5, 11.0), (5.5, 5.0, 14.5)):
        hand.moveTo(left + 4, 11)
        hand.lineTo(left + 4, tip)
        hand.arcTo(QRectF(left, tip - 2, 4, 4), 0, 180)
        hand.lineTo(left, root)
    hand.moveTo(17.5, 8)
    hand.arcTo(QRectF(17.5, 6, 4, 4), 180, -180)
    hand.lineTo(21.5, 14)
    hand.cubicTo(21.5, 19, 18, 22, 13.5, 22)
    hand.cubicTo(9.5, 22, 8, 20.5, 6, 18.5)
    hand.lineTo(3, 15)
    hand.cubicTo(2, 13, 4.5, 11.5, 5.5, 14)
    return Shape(QPainterPath(), hand)


def _lasso() -> Shape:
    loop = QPainterPath()
    loop.addEllipse(QPointF(12, 9.5), 9, 6)
    loop.moveTo(6, 14)
    loop.cubicTo(4, 17, 10, 17, 8, 21)
    return Shape(QPainterPath(), loop)


def _rectangle() -> Shape:
    """Return a dashed frame: corners, and a dash in the middle of each side."""
    upper: list[Points] = [[(3, 8), (3, 5), (6.5, 5)], [(17.5, 5), (21, 5), (21, 8)], [(10.5, 5), (13.5, 5)]]
    lower: list[Points] = [[(x, 24 - y) for x, y in dash] for dash in upper]
    return _lines(*upper, *lower, [(3, 11.2), (3, 12.8)], [(21, 11.2), (21, 12.8)])


def _warning() -> Shape:
    outline = _polygon((12, 3.5), (21.5, 20), (2.5, 20))
    outline.addPath(_line((12, 10), (12, 14)))
    return Shape(_dot(17), outline)


def _info() -> Shape:
    return Shape(_dot(7.5), _circled((12, 11), (12, 16.5)))


def _error() -> Shape:
    return Shape(_dot(16.5), _circled((12, 7.5), (12, 13)))


def _star() -> Shape:
    turns = [math.pi * (corner / 5 - 0.5) for corner in range(10)]
    corners = [
        (12 + (4.4, 10.5)[k % 2 == 0] * math.cos(turn), 13 + (4.4, 10.5)[k % 2 == 0] * math.sin(turn))
        for k, turn in enumerate(turns)
    ]
    return Shape(_polygon(*corners), QPainterPath())


SHAPES: dict[IconName, Callable[[], Shape]] = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "restart": _restart,
    "loop": _loop,
    "reset": _reset,
    "close": _close,
    "float": _float,
    "up": _up,
    "down": _down,
    "right": _right,
    "left": _left,
    "list": _list,
    "pin": _pin,
    "folder": _folder,
    "info": _info,
    "warning": _warning,
    "error": _error,
    "move": _move,
    "lasso": _lasso,
    "rectangle": _rectangle,
    "star": _star,
}


def _dot(y: float, x: float = 12) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), 1.4, 1.4)
    return path


def _circled(top: tuple[float, float], bottom: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(12, 12), 9, 9)
    path.addPath(_line(top, bottom))
    return path


def _lines(*lines: Points) -> Shape:
    stroked = QPainterPath()
    for points in lines:
        stroked.addPath(_line(*points))
    return Shape(QPainterPath(), stroked)


def _line(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    return path


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = _line(*points)
    path.closeSubpath()
    return path
