"""Points as an image: the output of the software splatter as a QImage, and as an item of a plot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.raster.splatter import (
    EMPTY,
    RING_RADIUS,
    Colors,
    Mask,
    Order,
    Points,
    Splatter,
)
from explorer.gui.drawing.discs import HALO_WIDTH, MIDDLE, paint_discs
from explorer.gui.faults import guarded_item
from explorer.gui.plots.cached_layer import paints_discs, pixel_ratio
from explorer.gui.plots.style import PixelItem, Plot

PICK_REACH = 5.0
"""Distance in logical pixels within which the pointer picks a point."""

_LARGEST = 8192


NOTHING: Order = np.zeros(0, dtype=np.intp)
"""An empty array of rows."""


class SplatImage:
    """A splatter whose images Qt paints in place, without a copy."""

    def __init__(self) -> None:
        self.splatter = Splatter()
        self._images: list[QImage] = []

    def resize(self, width: int, height: int, reach: float, layers: int = 1) -> None:
        """Allocate images of a size in device pixels, for discs up to a radius of ``reach``."""
        if self.splatter.resize(width, height, reach, layers):
            self._images = [
                QImage(
                    self.splatter.pixels(layer).data.cast("B"),  # drawn in place
                    width,
                    height,
                    self.splatter.stride * 4,
                    QImage.Format.Format_ARGB32_Premultiplied,
                )
                for layer in range(layers)
            ]

    def paint(self, painter: QPainter, corner: QPointF, ratio: float, layer: int = 0) -> None:
        """Paint an image with its upper left at ``corner``, at the device pixel ``ratio``."""
        image = self._images[layer]
        image.setDevicePixelRatio(ratio)
        painter.drawImage(corner, image)


def reach_of(radius: float) -> float:
    """Return the largest distance from its centre at which a point of ``radius`` is painted or picked."""
    return max(RING_RADIUS * radius, radius + 2 * HALO_WIDTH, PICK_REACH)


def draw_chosen(
    splatter: Splatter,
    pixels: Points,
    colors: Colors,
    chosen: Order,
    radius: float,
    halo: int,
    ratio: float,
    hollow: Mask | None = None,
    layer: NDArray[np.uint8] | None = None,
) -> None:
    """Paint the ``chosen`` rows of points again, larger and with a rim in the colour ``halo``.

    Of those that are ``hollow`` (n,), the middle has that colour, too; ``layer`` (n,) is the image of each.
    """
    if len(chosen):
        places, layers = pixels[chosen], None if layer is None else layer[chosen]
        rim = np.full(len(chosen), halo, dtype=np.uint32)
        splatter.draw(places, rim, (radius + 2 * HALO_WIDTH) * ratio, layer=layers)
        splatter.draw(places, colors[chosen], (radius + HALO_WIDTH) * ratio, layer=layers)
        if hollow is not None and hollow[chosen].any():
            rings = hollow[chosen]
            layers = None if layers is None else layers[rings]
            splatter.draw(places[rings], rim[rings], MIDDLE * radius * ratio, layer=layers)


class SplatItem(PixelItem):
    """Points of a plot as discs of equal size in pixels."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=0)
        self._picture = SplatImage()
        self._points: Points = np.zeros((0, 2), dtype=np.float32)
        self._pixels = self._points
        self._colors: Colors = np.zeros(0, dtype=np.uint32)
        self._chosen: Order = NOTHING
        self._halo = 0
        self._hollow: Mask | None = None
        self._radius = 2.0
        self._drawn: tuple[float, ...] = ()
        self._indexed = False
        self._ratio = 1.0

    def set_points(
        self,
        points: Points,
        colors: Colors,
        radius: float,
        chosen: Order = NOTHING,
        halo: int = 0,
        hollow: Mask | None = None,
    ) -> None:
        """Show ``points`` (n, 2) of the plot in ``colors`` (n,) 0xffRRGGBB as discs of ``radius`` pixels.

        The ``chosen`` rows are on top, larger and with a rim in the colour ``halo``; those that are
        ``hollow`` (n,) are rings.
        """
        self._hollow = hollow
        self._points, self._colors, self._radius = points, colors, radius
        self._chosen, self._halo = chosen, halo
        if len(self._pixels) != len(points):
            self._pixels = np.empty((len(points), 2), dtype=np.float32)
        self._drawn = ()
        self.update()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the points at the resolution of the paint device."""
        if paints_discs(painter, len(self._points)):
            self._paint_discs(painter)
            return
        ratio = pixel_ratio(painter)
        world = painter.worldTransform()
        placed: QRectF = world.mapRect(self.boundingRect())
        left, top = int(placed.left() * ratio), int(placed.top() * ratio)
        width = min(int(np.ceil(placed.right() * ratio)) - left, _LARGEST)
        height = min(int(np.ceil(placed.bottom() * ratio)) - top, _LARGEST)
        if width <= 0 or height <= 0:
            return
        # From the pixels of the box to those of the device, from the corner of the image.
        zoom = world.m11() * ratio
        self._render(width, height, zoom, world.dx() * ratio - left, world.dy() * ratio - top)
        painter.save()
        painter.setWorldTransform(QTransform())
        self._picture.paint(painter, QPointF(left / ratio, top / ratio), ratio)
        painter.restore()

    def _paint_discs(self, painter: QPainter) -> None:
        across, right, up, down = self.scale_and_shift()
        places = (self._points * (across, up) + (right, down)).astype(np.float32)
        box: QRectF = self.boundingRect()
        inside = np.flatnonzero(
            (places >= (box.left(), box.top())).all(axis=1)
            & (places <= (box.right(), box.bottom())).all(axis=1)
        )
        paint_discs(
            painter,
            places,
            self._colors,
            inside,
            self._radius,
            chosen=self._chosen[np.isin(self._chosen, inside)],
            halo=self._halo,
            hollow=self._hollow,
        )

    def pick(self, x: float, y: float) -> int:
        """Return the row of the point nearest to a pixel of the box, `EMPTY` where none is near."""
        splatter = self._picture.splatter
        column, row = int(x * self._ratio), int(y * self._ratio)
        if not (self._drawn and 0 <= column < splatter.width and 0 <= row < splatter.height):
            return EMPTY
        if not self._indexed:
            self._index = splatter.index(self._pixels, self._reach)
            self._indexed = True
        return int(self._index[row, column])

    @property
    def _reach(self) -> float:
        return reach_of(self._radius) * self._ratio

    def _render(self, width: int, height: int, zoom: float, dx: float, dy: float) -> None:
        across, right, up, down = self.scale_and_shift()
        mapping: tuple[float, ...] = (
            width,
            height,
            across * zoom,
            right * zoom + dx,
            up * zoom,
            down * zoom + dy,
        )
        if mapping == self._drawn:
            return
        self._drawn, self._ratio, self._indexed = mapping, zoom, False
        for axis, (scale, shift) in enumerate(zip(mapping[2::2], mapping[3::2], strict=True)):
            pixels = self._pixels[:, axis]  # both axes at once, rows of two, take five times as long
            np.multiply(self._points[:, axis], np.float32(scale), out=pixels)
            np.add(pixels, np.float32(shift), out=pixels)
        self._picture.resize(width, height, self._reach)
        splatter = self._picture.splatter
        splatter.clear()
        splatter.draw(self._pixels, self._colors, self._radius * zoom, hollow=self._hollow)
        draw_chosen(
            splatter,
            self._pixels,
            self._colors,
            self._chosen,
            self._radius,
            self._halo,
            zoom,
            self._hollow,
        )
