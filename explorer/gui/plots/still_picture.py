"""StillPicture: a layer of a plot that seldom changes, painted once and then copied to the screen."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QTransform

_OPAQUE = 255
_RGB, _ARGB = QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied


class StillPicture:
    """Keeps the pixels of a part of a plot as long as nothing that they show has changed.

    What is not made of pixels, such as a vector picture, is painted on directly.
    """

    def __init__(self) -> None:
        self._image = QImage()
        self._shown: tuple[object, ...] = ()

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        ground: QColor,
        shows: tuple[object, ...],
        draw: Callable[[QPainter], None],
    ) -> None:
        """Copy the picture, or paint it anew where ``shows`` is not what it was.

        Parameters
        ----------
        painter : QPainter
            Paints on the plot, in the coordinates of the part.
        area : QRectF
            The part, filled with ``ground`` first; it may be transparent.
        shows : tuple
            All that the picture depends on but its size and place.
        draw : callable
            Paints it, in the same coordinates.
        """
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            draw(painter)
            return
        ratio = painter.device().devicePixelRatioF()
        world = painter.worldTransform()
        placed = world.mapRect(area)
        left, top = math.floor(placed.left() * ratio), math.floor(placed.top() * ratio)
        size = QSize(math.ceil(placed.right() * ratio) - left, math.ceil(placed.bottom() * ratio) - top)
        if size.isEmpty():
            return
        corner = QPointF(left / ratio, top / ratio)
        offset = placed.topLeft() - corner
        shown = (*shows, size, ratio, world.m11(), world.m22(), offset)
        if shown != self._shown:
            if self._image.size() != size:
                opaque = ground.alpha() == _OPAQUE
                self._image = QImage(size, _RGB if opaque else _ARGB)
            self._image.setDevicePixelRatio(ratio)
            self._image.fill(ground)
            own = QPainter(self._image)
            own.setWorldTransform(world * QTransform.fromTranslate(-corner.x(), -corner.y()))
            draw(own)
            own.end()
            self._shown = shown
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.drawImage(corner, self._image)
        painter.restore()
