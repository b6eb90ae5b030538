"""Occlusion by a sphere: points in three layers, behind, inside and in front of the sphere."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.raster.splatter import EMPTY, Colors, Mask, Order, Points
from explorer.gui.drawing.discs import paint_discs
from explorer.gui.plots.cached_layer import paints_discs
from explorer.gui.plots.splat import NOTHING, SplatImage, draw_chosen, reach_of
from explorer.gui.views.features.space.camera import Camera, back_to_front

BEHIND, INSIDE, BEFORE = range(3)
Layers = NDArray[np.uint8]

_ON_THE_SURFACE = 1e-3
"""Points nearer to the surface than this fraction of the radius count as on it, and are visible."""


class Stage(Struct, frozen=True):
    """The viewport of a camera: ``extent`` fills the smaller of ``width`` and ``height``, in pixels.

    ``radius`` is that of the sphere in extents, 0 without one.
    """

    camera: Camera
    extent: float
    width: float
    height: float
    radius: float = 0.0

    def project(self, points: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return pixels (n, 2) and depth (n,) as `Camera.project` does."""
        return self.camera.project(points, self.extent, self.width, self.height)

    def layers(self, points: Floats, depth: NDArray[np.float32]) -> Layers:
        """Return the layer (n,) of ``points`` (n, 3); all are in front if there is no sphere."""
        if not self.radius:
            return np.full(len(points), BEFORE, dtype=np.uint8)
        scaled = points * np.float32(1 / self.extent)
        limit = np.float32((self.radius * (1 - _ON_THE_SURFACE)) ** 2)
        within = np.einsum("nd,nd->n", scaled, scaled) < limit
        ahead = self.camera.ahead(scaled, depth, self.radius)
        return np.where(within, INSIDE, np.where(ahead, BEFORE, BEHIND)).astype(np.uint8)

    def covered(self, pixels: NDArray[np.float32], layers: Layers) -> NDArray[np.bool_]:
        """Return which of the points (n,) are covered by the front of the sphere."""
        if not self.radius:
            return np.zeros(len(layers), dtype=np.bool_)
        disc = self.camera.silhouette(self.radius, self.width, self.height)
        aside = np.hypot(pixels[:, 0] - np.float32(disc.x), pixels[:, 1] - np.float32(disc.y))
        result: NDArray[np.bool_] = (layers == INSIDE) | ((layers == BEHIND) & (aside < disc.radius))
        return result

    def hidden(self, points: Floats) -> NDArray[np.bool_]:
        """Return which of ``points`` (n, 3) are hidden by an opaque sphere."""
        pixels, depth = self.project(points.astype(np.float32))
        return self.covered(pixels, self.layers(points.astype(np.float32), depth))


class _Discs(Struct, frozen=True, eq=False):
    """What is drawn besides the places: as `DepthLayers.render` takes it, with colour and layer of each."""

    colors: Colors
    layers: Layers
    chosen: Order
    hollow: Mask | None
    radius: float
    halo: int


class DepthLayers:
    """Discs in space as images of three layers, which can be picked."""

    def __init__(self) -> None:
        self._picture = SplatImage()
        self._filled = [False] * 3
        self._pixels: Points = np.zeros((0, 2), dtype=np.float32)
        self._order: Order = NOTHING
        self._index: NDArray[np.int32] | None = None
        self._reach = 0.0
        self._discs: _Discs | None = None

    def render(
        self,
        stage: Stage,
        points: Floats,
        shades: Colors,
        levels: NDArray[np.intp],
        chosen: Order,
        hollow: Mask | None,
        *,
        radius: float,
        halo: int,
        ratio: float,
        opaque: bool,
    ) -> None:
        """Draw discs on a ``stage`` in device pixels, at the device pixel ``ratio``.

        ``shades`` (m, S) are the colours of each of ``levels`` (n,) from farthest to nearest; the ``chosen``
        rows are larger, with a rim in the colour ``halo``, and those that are ``hollow`` (n,) are rings. An
        ``opaque`` sphere hides discs behind it.
        """
        pixels, depth = stage.project(points)
        count = shades.shape[1]
        shade = np.clip((depth + 1) * (0.5 * count), 0, count - 1).astype(np.intp)
        shade += levels * count
        colors = np.take(shades, shade)
        order = back_to_front(depth)
        layers = stage.layers(points, depth)
        if opaque and stage.radius:
            pixels[stage.covered(pixels, layers)] = math.nan
        self._index, self._pixels, self._order = None, pixels, order
        self._reach = reach_of(radius) * ratio
        self._discs = _Discs(colors, layers, chosen, hollow, radius, halo)
        self._filled = [bool(held) for held in np.bincount(layers, minlength=3)]
        images = layers if stage.radius else None  # without a sphere all are in one
        self._picture.resize(round(stage.width), round(stage.height), self._reach, 1 if images is None else 3)
        splatter = self._picture.splatter
        splatter.clear()
        splatter.draw(pixels, colors, radius * ratio, order, hollow, images)
        is_chosen = np.zeros(len(points), dtype=np.bool_)
        is_chosen[chosen] = True
        behind_first = order[is_chosen[order]]
        draw_chosen(splatter, pixels, colors, behind_first, radius, halo, ratio, hollow, images)

    def paint(self, painter: QPainter, layer: int, ratio: float) -> None:
        """Paint a layer: its image, or its discs where points are vectors."""
        if self._discs is not None and paints_discs(painter, len(self._pixels)):
            self._paint_discs(painter, layer, ratio, self._discs)
        elif self._filled[layer]:
            self._picture.paint(painter, QPointF(0, 0), ratio, min(layer, self._picture.splatter.layers - 1))

    def _paint_discs(self, painter: QPainter, layer: int, ratio: float, discs: _Discs) -> None:
        order = self._order[discs.layers[self._order] == layer]
        paint_discs(
            painter,
            self._pixels / np.float32(ratio),
            discs.colors,
            order,
            discs.radius,
            chosen=order[np.isin(order, discs.chosen)],
            halo=discs.halo,
            hollow=discs.hollow,
        )

    def pick(self, column: int, row: int) -> int:
        """Return the row of the visible point at a device pixel, `EMPTY` where none is near."""
        splatter = self._picture.splatter
        if not (0 <= column < splatter.width and 0 <= row < splatter.height):
            return EMPTY
        if self._index is None:
            self._index = splatter.index(self._pixels, self._reach, self._order)
        return int(self._index[row, column])
