"""Marks over points, painted in pixels: arrows, tags, centres, the drawn digit, the pointer ring."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPaintEngine, QPainter, QPolygonF, QTransform

from explorer.analysis.plane.geometry import FULL_TURN
from explorer.core.texts import _
from explorer.gui.plots.cached_layer import line_scale, pixel_ratio
from explorer.gui.plots.style import color, ink_on, pen
from explorer.gui.theme.theme import Rgb, Theme

_HEAD_LENGTH, _HEAD_WIDTH = 9.0, 4.0
_CENTRE_RADIUS = 7.0
_RINGS = 5.0, 2.6, 1.2
"""Widths of the rings of a centre: halo, outline, and the colour of its class."""
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
_ROUNDS = 12
_FARTHEST = 1.7
_PLANE = np.array([1, 1j])
"""Makes (x, y) the complex number x + yi, so that one array operation moves both."""


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


class Tag(NamedTuple):
    """A text on a rounded patch: where its middle is, in pixels, and the colours and outline of the patch."""

    at: QPointF
    text: str
    fill: Rgb
    outline: Rgb
    dashed: bool = False


class NewMarks:
    """How many of the marks that are painted for the first time one turn of the event loop has room for.

    Tags and centres are cached once they are painted. A hundred new ones take 10 to 50 ms: where ``seconds``
    of processor time are over, the rest is left out, and the next painting gets further. One at least is
    painted each time, so that all come in the end.

    Attributes
    ----------
    complete : bool
        Whether nothing has been left out.
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self.complete = True
        self._until, self._known = time.thread_time() + seconds, _painted()

    def end(self) -> bool:
        """Return whether the time is over, so that the next mark must be left out."""
        if time.thread_time() > self._until and _painted() > self._known:
            self.complete = False
        return not self.complete


def draw_tags(painter: QPainter, tags: Iterable[Tag], new: NewMarks | None = None) -> None:
    """Draw tags in the font of the painter, as far as ``new`` allows; cached where the target is a raster."""
    if painter.paintEngine().type() != QPaintEngine.Type.Raster:
        for tag in tags:
            _paint_tag(painter, *tag)
        return
    ratio = pixel_ratio(painter) * painter.worldTransform().m11()
    font = painter.font().toString()
    for at, text, fill, outline, dashed in tags:
        if new is not None and new.end():
            return
        image = tag_image(text, fill, outline, dashed, font, ratio, line_scale())
        half = QPointF(image.width(), image.height()) / (2 * ratio)
        painter.drawImage(QRectF(at - half, at + half), image)


@lru_cache(1024)
def tag_image(
    text: str, fill: Rgb, outline: Rgb, dashed: bool, font_text: str, ratio: float, _lines: float
) -> QImage:
    """Return a tag as pixels, ``ratio`` per unit; cached, for one takes 50 to 150 µs."""
    font = QFont()
    font.fromString(font_text)
    metrics = QFontMetricsF(font)
    height = metrics.height() + 2
    width = max(height, metrics.horizontalAdvance(text) + 10)
    size = QSizeF(width + 4, height + 4)
    image = QImage((size * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    _paint_tag(painter, QPointF(size.width(), size.height()) / 2, text, fill, outline, dashed)
    painter.end()
    return image


def _paint_tag(
    painter: QPainter, at: QPointF, text: str, fill: Rgb, outline: Rgb, dashed: bool = False
) -> None:
    metrics = QFontMetricsF(painter.font())
    height = metrics.height() + 2
    width = max(height, metrics.horizontalAdvance(text) + 10)
    patch = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
    painter.setPen(pen(outline, 1.8, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.setBrush(color(fill))
    painter.drawRoundedRect(patch, height / 2, height / 2)
    painter.setPen(pen(ink_on(fill)))
    painter.drawText(patch, Qt.AlignmentFlag.AlignCenter, text)


def draw_centres(
    painter: QPainter,
    places: NDArray[np.floating],
    colors: Sequence[Rgb],
    theme: Theme,
    new: NewMarks | None = None,
) -> None:
    """Draw ringed crosses with halos at ``places`` (n, 2); on pixels, as copies of earlier ones.

    There, as many as ``new`` allows.
    """
    if painter.paintEngine().type() != QPaintEngine.Type.Raster:
        for at, rgb in zip(points_of(places), colors, strict=True):
            _paint_centre(painter, at, (theme.plot, theme.text, rgb))
        return
    world, pixels = painter.worldTransform(), pixel_ratio(painter)
    ratio = pixels * world.m11()
    shift = pixels * np.array([world.dx(), world.dy()])
    quarters = np.rint(4 * (places * ratio + shift)).astype(np.intp)
    corners = (quarters // 4 - shift) / ratio
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for (x, y), (right, down), rgb in zip(corners.tolist(), (quarters % 4).tolist(), colors, strict=True):
        if new is not None and new.end():
            break
        image = _centre(right, down, (theme.plot, theme.text, rgb), ratio, line_scale())
        side = image.width() / ratio
        half = (image.width() // 2) / ratio
        painter.drawImage(QRectF(x - half, y - half, side, side), image)
    painter.restore()


@lru_cache(2048)
def _centre(right: int, down: int, colors: tuple[Rgb, Rgb, Rgb], ratio: float, lines: float) -> QImage:
    """Return a centre as pixels, ``ratio`` of them to a unit.

    ``right`` and ``down`` are where in the middle pixel the centre lies, in quarters of it: finer than an eye
    sees. L-GM has a centre for each class: a hundred take 4 ms this way, and 20 ms painted one by one.
    """
    image = _halo(right, down, colors[:2], ratio, lines).copy()
    _paint_rings(image, (right, down), ratio, zip(colors[2:], _RINGS[2:], strict=True))
    return image


@lru_cache(64)
def _halo(right: int, down: int, colors: tuple[Rgb, Rgb], ratio: float, _lines: float) -> QImage:
    """Return what lies under the ring of a class in `_centre`: the same for all classes."""
    half = math.ceil((_CENTRE_RADIUS + 4) * ratio)
    image = QImage(2 * half + 1, 2 * half + 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    _paint_rings(image, (right, down), ratio, zip(colors, _RINGS[:2], strict=True))
    return image


def _paint_rings(
    image: QImage, quarters: tuple[int, int], ratio: float, rings: Iterable[tuple[Rgb, float]]
) -> None:
    """Paint ringed crosses of these colours and widths around a place in the middle pixel."""
    half = image.width() // 2
    at = QPointF(half + quarters[0] / 4, half + quarters[1] / 4) / ratio
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    for rgb, width in rings:
        _paint_ring(painter, at, rgb, width)
    painter.end()


def _paint_centre(painter: QPainter, at: QPointF, colors: tuple[Rgb, Rgb, Rgb]) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rgb, width in zip(colors, _RINGS, strict=True):
        _paint_ring(painter, at, rgb, width)


def _paint_ring(painter: QPainter, at: QPointF, rgb: Rgb, width: float) -> None:
    across, down = QPointF(_CENTRE_RADIUS, 0), QPointF(0, _CENTRE_RADIUS)
    painter.setPen(pen(rgb, width))
    painter.drawEllipse(at, _CENTRE_RADIUS, _CENTRE_RADIUS)
    painter.drawLines([at - across, at + across, at - down, at + down])


def _painted() -> int:
    """Return how many tags and centres have been painted and cached so far."""
    return tag_image.cache_info().misses + _centre.cache_info().misses


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


def keep_apart(places: NDArray[np.float64], distance: float) -> NDArray[np.float64]:
    """Return ``places`` (n, 2) pushed apart until they are about ``distance`` from one another.

    Each moves by at most a few times ``distance``, so that it still belongs to its point.
    """
    homes, count = places @ _PLANE, len(places)
    at = homes.copy()
    # Only places whose homes are this near can ever touch: with 256 classes a few pairs in a hundred.
    near = np.abs(homes[:, None] - homes) < (1 + 2 * _FARTHEST) * distance
    first, second = np.nonzero(np.triu(near, k=1))
    # The golden angle sends places that coincide different ways.
    own_way = np.exp(2.399963j * np.arange(count))
    for _round in range(_ROUNDS if len(first) else 0):
        gap = at[first] - at[second]
        length = np.abs(gap)
        if length.min() >= 0.95 * distance:
            break
        together, along = length < 1e-3, gap / np.maximum(length, 1e-3)
        push = np.maximum(distance - length, 0) / 2
        away = at - homes
        for ends, way in ((first, along), (second, -along)):
            move = push * np.where(together, own_way[ends], way)
            away.real += np.bincount(ends, move.real, count)
            away.imag += np.bincount(ends, move.imag, count)
        at = homes + away * np.minimum(1.0, _FARTHEST * distance / np.maximum(np.abs(away), 1e-9))
    return np.stack([at.real, at.imag], axis=1)


def points_of(places: NDArray[np.floating]) -> Sequence[QPointF]:
    """Return positions (n, 2) in pixels as Qt points."""
    return [QPointF(x, y) for x, y in places.tolist()]
