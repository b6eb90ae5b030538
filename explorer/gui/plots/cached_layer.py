"""CachedLayer: cached pixels of a part of a plot, repainted only when their content changes."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QTransform

_OPAQUE = 255
_RGB, _ARGB = QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied


class CachedLayer:
    """Caches the pixels of a part of a plot while their content does not change.

    On a paint device without pixels, such as a vector picture, the part is painted directly.
    """

    def __init__(self) -> None:
        self._image = QImage()
        self._shown: tuple[object, ...] = ()

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
                opaque = background.alpha() == _OPAQUE
                self._image = QImage(size, _RGB if opaque else _ARGB)
            self._image.setDevicePixelRatio(ratio)
            self._image.fill(background)
            own = QPainter(self._image)
            own.setWorldTransform(world * QTransform.fromTranslate(-corner.x(), -corner.y()))
            draw(own)
            own.end()
            self._shown = shown
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.drawImage(corner, self._image)
        painter.restore()
