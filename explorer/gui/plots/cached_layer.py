"""CachedLayer: cached pixels of a part of a plot, repainted only when their content changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPainterPath, QTransform
from shiboken6 import wrapInstance

_OPAQUE = 255
_RGB, _ARGB = QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied


_DENSITY: ContextVar[float] = ContextVar("density", default=1.0)
_MOST_DISCS: ContextVar[int] = ContextVar("most_discs", default=0)
_LINE_SCALE: ContextVar[float | None] = ContextVar("line_scale", default=None)


@contextmanager
def vector_detail(pixels: float, most_discs: int) -> Iterator[None]:
    """Give images within vector pictures so many pixels per logical pixel.

    The points of a view are vectors if there are at most ``most_discs``, and an image otherwise.
    """
    tokens = _DENSITY.set(pixels), _MOST_DISCS.set(most_discs)
    try:
        yield
    finally:
        _DENSITY.reset(tokens[0])
        _MOST_DISCS.reset(tokens[1])


def paints_discs(painter: QPainter, count: int) -> bool:
    """Return whether so many points of a view are painted as vectors."""
    return not is_raster(painter) and count <= _MOST_DISCS.get()


@contextmanager
def wide_lines(scale: float) -> Iterator[None]:
    """Make pens so many times as wide, for an image with as many pixels per logical pixel.

    The width of a cosmetic pen is in pixels of the image: on one with four per logical pixel, lines would
    have a quarter of their width. On screen, the ratio of the screen is used.
    """
    token = _LINE_SCALE.set(scale)
    try:
        yield
    finally:
        _LINE_SCALE.reset(token)


@contextmanager
def lines_of_screen(ratio: float) -> Iterator[None]:
    """Make pens as wide as a screen of this ratio needs them, unless an image is painted (`wide_lines`)."""
    scale = _LINE_SCALE.get()
    with wide_lines(ratio if scale is None else scale):
        yield


def line_scale() -> float:
    """Return how many pixels a logical pixel has, on the screen or in the image that is painted now."""
    return _LINE_SCALE.get() or 1.0


def is_raster(painter: QPainter) -> bool:
    """Return whether pixels are painted on, and not a vector picture."""
    return painter.paintEngine().type() == QPaintEngine.Type.Raster


def pixels_per_unit(painter: QPainter) -> float:
    """Return how many pixels per unit of the painter an image needs that is painted now.

    The device of the painter cannot be asked: where a widget is painted on an image, it is the widget.
    """
    unit = painter.deviceTransform().m11()
    return unit if is_raster(painter) else unit * _DENSITY.get()


def pixel_ratio(painter: QPainter) -> float:
    """Return how many pixels per logical pixel of the device an image needs that is painted now."""
    return pixels_per_unit(painter) / painter.worldTransform().m11()


class LayerPlace(Struct, frozen=True):
    """The image that a part of a plot fills: all that its pixels depend on, except what is drawn.

    Attributes
    ----------
    width, height : int
        Number of pixels.
    ratio : float
        Pixels of the device per logical pixel.
    to_logical : (float, float, float, float)
        Scale and shift (a, b, c, d): the place (x, y) of the part is the logical pixel (a·x + b, c·y + d) of
        the image.
    """

    width: int
    height: int
    ratio: float
    to_logical: tuple[float, float, float, float]

    @classmethod
    def of(cls, area: QRectF, world: QTransform, ratio: float) -> tuple[LayerPlace, QPointF]:
        """Return the place of an ``area`` that ``world`` brings to the logical pixels of a device.

        The second value is the upper left corner of the image there: a corner of a pixel of the device.
        """
        placed = world.mapRect(area)
        left, top = math.floor(placed.left() * ratio), math.floor(placed.top() * ratio)
        width, height = math.ceil(placed.right() * ratio) - left, math.ceil(placed.bottom() * ratio) - top
        corner = QPointF(left / ratio, top / ratio)
        shifted = world.dx() - corner.x(), world.dy() - corner.y()
        return cls(width, height, ratio, (world.m11(), shifted[0], world.m22(), shifted[1])), corner

    @property
    def size(self) -> QSize:
        """Number of pixels."""
        return QSize(self.width, self.height)

    def image(self, background: QColor, spare: QImage | None = None) -> QImage:
        """Return an image to `paint`, which is transparent if the background is; ``spare`` where it fits."""
        kind = _RGB if background.alpha() == _OPAQUE else _ARGB
        if spare is not None and (spare.size(), spare.format()) == (self.size, kind):
            return spare
        return QImage(self.size, kind)

    def paint(self, image: QImage, background: QColor, draw: Callable[[QPainter], None]) -> None:
        """Paint the part on an `image`: ``draw`` does so in the coordinates of the part."""
        image.setDevicePixelRatio(self.ratio)
        image.fill(background)
        painter = QPainter(image)
        a, b, c, d = self.to_logical
        painter.setWorldTransform(QTransform(a, 0, 0, c, b, d))
        try:
            with wide_lines(self.ratio):  # in a thread as well, where no widget is painted
                draw(painter)
        finally:
            painter.end()  # an image that goes away while it is painted on ends the process


class CachedLayer:
    """Caches the pixels of a part of a plot while their content does not change.

    On a paint device without pixels, such as a vector picture, the part is painted directly.
    """

    def __init__(self) -> None:
        self._image = QImage()
        self._shown: tuple[object, ...] = ()

    @property
    def picture(self) -> QImage:
        """The pixels that were painted last, as they are now."""
        return QImage(self._image)

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        background: QColor,
        shows: tuple[object, ...],
        draw: Callable[[QPainter], None],
    ) -> None:
        """Paint the cached pixels, after repainting them if ``shows`` has changed.

        Parameters
        ----------
        painter : QPainter
            Paints on the plot, in the coordinates of the part.
        area : QRectF
            The part, filled with ``background`` first, which may be transparent.
        shows : tuple
            All that the pixels depend on, except their number and position.
        draw : callable
            Paints it, in the same coordinates.
        """
        if not is_raster(painter):
            draw(painter)
            return
        place, corner = LayerPlace.of(area, painter.worldTransform(), pixel_ratio(painter))
        if place.size.isEmpty():
            return
        shown = (*shows, place)
        if shown != self._shown:
            if self._image.size() != place.size:
                self._image = place.image(background)
            place.paint(self._image, background, draw)
            self._shown = shown
        _draw_image(painter, corner, self._image)


def paint_picture(painter: QPainter, area: QRectF, picture: QImage) -> None:
    """Paint the picture of a part of a plot, whose pixels are those of the device, in place of the part."""
    _place, corner = LayerPlace.of(area, painter.worldTransform(), pixel_ratio(painter))
    _draw_image(painter, corner, picture)


def _draw_image(painter: QPainter, corner: QPointF, image: QImage) -> None:
    """Draw an image at a corner in logical pixels of the device."""
    painter.save()
    painter.setWorldTransform(QTransform())
    painter.drawImage(corner, image)
    painter.restore()


def draw_outlines(painter: QPainter, path: QPainterPath) -> None:
    """Draw the straight lines of a path with the pen of the painter.

    Qt's raster engine takes ten times as long for a path that is wider than a pixel, as on a fine screen, as
    for its lines one by one.
    """
    if line_scale() <= 1 or painter.paintEngine().type() != QPaintEngine.Type.Raster:
        painter.drawPath(path)
        return
    for polygon in path.toSubpathPolygons():
        points: NDArray[np.float64] = pg.functions.ndarray_from_qpolygonf(polygon)
        draw_segments(painter, np.hstack([points[:-1], points[1:]]))


def draw_segments(painter: QPainter, segments: NDArray[np.float64]) -> None:
    """Draw separate lines (n, 4), each from x, y to x, y."""
    if len(segments):
        first = cast(QLineF, wrapInstance(segments.ctypes.data, QLineF))  # as a list they take a third longer
        painter.drawLines(first, len(segments))
