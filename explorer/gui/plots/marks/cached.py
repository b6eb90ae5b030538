"""Tags and centres: marks that are painted once, and cached where the target is a raster."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPaintEngine, QPainter
from PySide6.QtWidgets import QGraphicsObject, QWidget

from explorer.core.class_sets import MOST_CLASSES
from explorer.gui.drawing.later import call_later
from explorer.gui.plots.cached_layer import line_scale, pixel_ratio
from explorer.gui.plots.marks.placing import points_of
from explorer.gui.plots.style import color, ink_on, pen
from explorer.gui.theme.theme import Rgb, Theme

_CENTRE_RADIUS = 7.0
_RINGS = 5.0, 2.6, 1.2
"""Widths of the rings of a centre: halo, outline, and the colour of its class."""


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
    of processor time are over, the rest is left out, and the next painting gets further. The second in a row
    has twice as long, the third three times, so that all come in the end: also where plots side by side have
    more than the caches hold, and each painting evicts what another needs.

    Attributes
    ----------
    complete : bool
        Whether nothing has been left out.
    whole : bool
        Whether nothing may be left out, however long that takes.
    """

    def __init__(self, seconds: float) -> None:
        self.complete, self.whole = True, False
        self._seconds, self._turns = seconds, 0
        self._until, self._known = math.inf, 0

    def begin(self) -> None:
        """Begin a painting."""
        self._turns = 1 if self.complete else self._turns + 1
        self.complete, self._known = True, _painted()
        self._until = math.inf if self.whole else time.thread_time() + self._turns * self._seconds

    def end(self) -> bool:
        """Return whether the time is over, so that the next mark must be left out."""
        if time.thread_time() > self._until and _painted() > self._known:
            self.complete = False
        return not self.complete

    def paint_rest(self, plot: QWidget | QGraphicsObject) -> None:
        """Have a plot painted again in the next turn of the event loop if something has been left out."""
        if not self.complete:
            call_later(plot, plot.update)


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


@lru_cache(2 * MOST_CLASSES)
def tag_image(
    text: str, fill: Rgb, outline: Rgb, dashed: bool, font_text: str, ratio: float, _lines: float
) -> QImage:
    """Return a tag as pixels, ``ratio`` per unit; cached, for one takes 50 to 150 µs.

    A plot has two for each class: at the tip of its weight, and at its centre or mean.
    """
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


@lru_cache(2 * MOST_CLASSES)
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
