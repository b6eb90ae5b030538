"""Splatter: draws many discs into a reused 32-bit image, with NumPy only.

Every disc is the same small set of pixels shifted to a point, so that one array assignment per pixel of the
disc draws that pixel of all discs. Rings, which stand for another kind of point, are drawn the same way. A
border around the visible image holds what extends over its edges; points outside are moved into the border,
so that no selection and no allocation is needed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
Colors = NDArray[np.uint32]
Order = NDArray[np.intp]
Mask = NDArray[np.bool_]
Disc = tuple[list[int], list[tuple[int, list[int]]]]
EMPTY = -1
"""Value of the index image where there is no disc."""
RING_RADIUS, RING_HOLE = 1.5, 0.5
"""Radius of a ring in those of a disc, and that of its hole in those of the ring: on a screen a disc of a few
pixels with a hole would look like a disc."""

_RIM_LEVELS = 4
_SLABS = 24
_SMALLEST_SLAB = 512
_MOST_DISCS = 16
"""Number of radii whose discs are cached: points, selected points, rims and index of a few sizes."""


class Splatter:
    """Images of discs, ARGB32 premultiplied, and on demand the index of the disc at each pixel.

    There is one image, or a stack of ``layers`` of the same size that are drawn on together. Where discs
    overlap, ``order`` gives which is in front; without an order each pixel belongs to the disc whose centre
    is nearest.
    """

    def __init__(self) -> None:
        self.width = self.height = 0
        self.layers = 1
        self._pad = 0
        self._colors = np.zeros(0, dtype=np.uint32)
        self._indices: NDArray[np.int32] | None = None
        self._float = np.zeros(0, dtype=np.float32)
        self._base = np.zeros(0, dtype=np.intp)
        self._row = np.zeros(0, dtype=np.intp)
        self._values = np.zeros(0, dtype=np.uint32)
        self._faded = np.zeros((2, 0), dtype=np.uint32)
        self._discs: dict[tuple[float, float], Disc] = {}

    @property
    def stride(self) -> int:
        """Pixels from one row of the image to the next."""
        return self.width + 2 * self._pad

    def pixels(self, layer: int = 0) -> NDArray[np.uint32]:
        """Return a flat view from the top left pixel of an image on; row y starts at ``y * stride``."""
        return self._colors[layer * self._size + self._first :]

    def image(self, layer: int = 0) -> NDArray[np.uint32]:
        """Return a view (height, width) of the colours of an image, 0 where nothing is drawn."""
        return self._visible(self._colors[layer * self._size : (layer + 1) * self._size])

    def resize(self, width: int, height: int, reach: float, layers: int = 1) -> bool:
        """Allocate ``width`` × ``height`` pixels for radii up to ``reach``; return whether that changed.

        The border only grows while the size stays the same.
        """
        pad = 2 * _extent(reach) + 1
        if (width, height, layers) == (self.width, self.height, self.layers) and pad <= self._pad:
            return False
        self.width, self.height, self.layers, self._pad = width, height, layers, pad
        self._colors = np.zeros(layers * self._size, dtype=np.uint32)
        self._indices = None
        self._discs.clear()
        return True

    def clear(self) -> None:
        """Clear all images to transparent."""
        self._colors.fill(0)

    def draw(
        self,
        points: Points,
        colors: Colors,
        radius: float,
        order: Order | None = None,
        hollow: Mask | None = None,
        layer: NDArray[np.integer[Any]] | None = None,
    ) -> None:
        """Draw discs, and rings, over the current images.

        Parameters
        ----------
        points : (n, 2) float32
            Centres in pixels, the top left corner at 0, 0; those that are not finite are left out.
        colors : (n,) uint32
            0xffRRGGBB.
        radius : float
            Pixels; times `RING_RADIUS` for rings; at most the reach given to `resize`.
        order : (n,) intp, optional
            Rows of ``points`` from the farthest to the nearest.
        hollow : (n,) bool, optional
            Which are rings; without an order they are above the discs.
        layer : (n,) int, optional
            The image that each belongs to; all to the first if omitted.
        """
        base, count = self._locate(points, order, layer)
        values = colors
        if order is not None:
            values = np.take(colors, order, out=self._values[:count], mode="clip")
        if hollow is not None and hollow.any():
            self._draw_both(base, values, radius, hollow if order is None else hollow[order], order)
            return
        core, rims = self._disc(radius)
        for alpha, offsets in rims:
            self._stamp(self._colors, base, self._fade(values, alpha), offsets, count)
        self._stamp(self._colors, base, values, core, _slab(count, order))

    def _draw_both(
        self, base: Order, values: Colors, radius: float, hollow: Mask, order: Order | None
    ) -> None:
        """Draw discs and rings (n,) in this order: first all rims, then slab by slab all that is opaque."""
        ring_radius = RING_RADIUS * radius
        kinds = [
            (np.flatnonzero(~hollow), self._disc(radius)),
            (np.flatnonzero(hollow), self._disc(ring_radius, RING_HOLE * ring_radius)),
        ]
        for rows, (_core, rims) in kinds:
            where, what = base[rows], values[rows]
            for alpha, offsets in rims:
                self._stamp(self._colors, where, self._fade(what, alpha), offsets, len(rows))
        slab = max(1, _slab(len(base), order))
        for start in range(0, len(base), slab):
            for rows, (core, _rims) in kinds:
                first, last = np.searchsorted(rows, (start, start + slab)).tolist()
                self._stamp(self._colors, base[rows[first:last]], values[rows[first:last]], core, slab)

    def index(self, points: Points, reach: float, order: Order | None = None) -> NDArray[np.int32]:
        """Return an image (height, width) of rows: the point nearest to each pixel, `EMPTY` beyond ``reach``.

        Parameters are those of `draw`. With an order, a point in front of another hides it.
        """
        if self._indices is None:
            self._indices = np.empty(self._size, dtype=np.int32)
        self._indices.fill(EMPTY)
        base, count = self._locate(points, order)
        rows = np.arange(count, dtype=np.int32) if order is None else order.astype(np.int32)
        core, rims = self._disc(reach)
        offsets = [offset for _, ring in rims for offset in ring] + core
        self._stamp(self._indices, base, rows, offsets, _slab(count, order))
        return self._visible(self._indices)

    def _disc(self, radius: float, hole: float = 0.0) -> Disc:
        """Return the pixels of a disc, found once for each radius while the width stays the same."""
        key = radius, hole
        if key not in self._discs:
            if len(self._discs) >= _MOST_DISCS:
                self._discs.clear()
            self._discs[key] = _disc(radius, hole, self.stride, self._extent)
        return self._discs[key]

    @property
    def _size(self) -> int:
        """Pixels of an image, with its border."""
        return self.stride * (self.height + 2 * self._pad)

    @property
    def _extent(self) -> int:
        return (self._pad - 1) // 2

    @property
    def _first(self) -> int:
        return self._pad * self.stride + self._pad

    def _visible(self, flat: NDArray[Any]) -> NDArray[Any]:
        whole = flat.reshape(self.height + 2 * self._pad, self.stride)
        return whole[self._pad : self._pad + self.height, self._pad : self._pad + self.width]

    def _locate(
        self, points: Points, order: Order | None, layer: NDArray[np.integer[Any]] | None = None
    ) -> tuple[Order, int]:
        """Return, in drawing order, the flat index of the top left corner of each point's square.

        Points outside are moved to where no pixel of theirs is visible.
        """
        count = len(points)
        if count > len(self._base):
            self._float = np.empty(count, dtype=np.float32)
            self._base, self._row = np.empty((2, count), dtype=np.intp)
            self._values = np.empty(count, dtype=np.uint32)
            self._faded = np.empty((2, count), dtype=np.uint32)
        outside = self._extent + 1
        self._to_pixel(points[:, 0], self.width + outside, outside, self._base[:count])
        self._to_pixel(points[:, 1], self.height + outside, outside, self._row[:count])
        np.multiply(self._row[:count], self.stride, out=self._row[:count])
        np.add(self._base[:count], self._row[:count], out=self._base[:count])
        np.subtract(self._base[:count], self._extent * (self.stride + 1), out=self._base[:count])
        if layer is not None:
            np.multiply(layer, np.intp(self._size), out=self._row[:count])
            np.add(self._base[:count], self._row[:count], out=self._base[:count])
        if order is None:
            return self._base[:count], count
        np.take(self._base[:count], order, out=self._row[:count], mode="clip")
        return self._row[:count], count

    def _to_pixel(self, values: Points, above: int, outside: int, out: Order) -> None:
        scratch = self._float[: len(values)]
        np.fmin(values, np.float32(above), out=scratch)  # NaN becomes `above`
        np.fmax(scratch, np.float32(-outside), out=scratch)
        np.add(scratch, np.float32(self._pad), out=scratch)  # positive, so that truncation is floor
        np.copyto(out, scratch, casting="unsafe")

    def _fade(self, colors: Colors, alpha: int) -> Colors:
        """Return the colours premultiplied by ``alpha`` / 256, two channels of each at a time."""
        low: Colors
        high: Colors
        low, high = self._faded[:, : len(colors)]
        for channels, shift in ((low, 0), (high, 8)):
            np.right_shift(colors, np.uint32(shift), out=channels)
            np.bitwise_and(channels, np.uint32(0xFF00FF), out=channels)
            np.multiply(channels, np.uint32(alpha), out=channels)
        np.right_shift(low, np.uint32(8), out=low)
        np.bitwise_and(low, np.uint32(0xFF00FF), out=low)
        np.bitwise_and(high, np.uint32(0xFF00FF00), out=high)
        np.bitwise_or(low, high, out=low)
        return low

    @staticmethod
    def _stamp(
        target: NDArray[Any], base: Order, values: NDArray[Any], offsets: list[int], slab: int
    ) -> None:
        """Write ``values`` at every offset around ``base``, one slab of points after the other."""
        for start in range(0, len(base), max(slab, 1)):
            where, what = base[start : start + slab], values[start : start + slab]
            for offset in offsets:
                target[offset:][where] = what  # shifting the view saves adding the offset to every index


def _slab(count: int, order: Order | None) -> int:
    """Return how many points are drawn at once: depth holds between slabs, nearness decides within one."""
    return count if order is None else max(_SMALLEST_SLAB, -(-count // _SLABS))


def _extent(radius: float) -> int:
    """Return the distance in pixels between the centre of a disc and its outermost pixel."""
    return math.ceil(radius + 0.5)


def _disc(radius: float, hole: float, stride: int, extent: int) -> Disc:
    """Return the pixels of a disc as offsets from the corner of the square ``extent`` around its centre.

    First the covered ones, from the farthest to the centre, without those nearer to it than ``hole``; then
    the rim from the faintest to the strongest, as pairs of alpha (of 256) and offsets.
    """
    reach = range(-extent, extent + 1)
    cells = sorted(((math.hypot(dx, dy), dy, dx) for dy in reach for dx in reach), reverse=True)
    core: list[int] = []
    rims: dict[int, list[int]] = {}
    for distance, dy, dx in cells:
        level = round(_RIM_LEVELS * (radius + 0.5 - distance))
        offset = (dy + extent) * stride + dx + extent
        if distance < hole:
            continue
        if level >= _RIM_LEVELS or distance == 0:
            core.append(offset)
        elif level > 0:
            rims.setdefault(level * 256 // _RIM_LEVELS, []).append(offset)
    return core, sorted(rims.items())
