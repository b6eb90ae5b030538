"""One side of the sphere as an image, coloured by the predicted class."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QImage, QTransform

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.sphere.classification import SphereClassification
from explorer.analysis.sphere.picture import CELL, Codes, Coding, Disc, PictureGrid
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.space.camera import Silhouette
from explorer.gui.views.features.space.depth_layers import Stage

_REGION_FRACTION, _BAND_FRACTION = 0.2, 0.45
"""Fractions of the class colour that its region and its margin band have more than its area in the plane."""
_BACK_FADE = 0.55
"""How far the colours of the back fade into the background."""
_UNDECIDED_FRACTION = 0.6
_HATCH_GAP = 8.0
_HATCH_FRACTION = 0.21
_HATCH_LEVELS = 3
_SHADES = 16
_BLOCK = 2
_DARKEST = {"light": 0.26, "dark": 0.45}
_LIGHT_FROM = (-0.32, -0.38)
_REACH = 1 + math.hypot(*_LIGHT_FROM)


class Framing(Struct, frozen=True):
    """The visible part of an image of the sphere, whose pixels are ``grain`` device pixels wide."""

    left: int
    top: int
    grain: int
    disc: Disc

    @classmethod
    def of(cls, disc: Silhouette, width: float, height: float, grain: int) -> Framing | None:
        """Return the part inside ``width`` × ``height`` device pixels; None if it is empty."""
        left, top = (max(0, math.floor(at - disc.radius - 1)) for at in (disc.x, disc.y))
        right, bottom = (
            min(math.ceil(size), math.ceil(at + disc.radius + 1))
            for at, size in ((disc.x, width), (disc.y, height))
        )
        if right <= left or bottom <= top:
            return None
        cell = CELL * grain
        shape = -(-(right - left) // cell), -(-(bottom - top) // cell)
        x, y, radius = (disc.x - left) / grain, (disc.y - top) / grain, disc.radius / grain
        return cls(left, top, grain, Disc(*shape, x, y, radius))


class SidePicture(Struct, frozen=True, eq=False):
    """The front or the back of the sphere: ``pixels`` (h, w), 0xffRRGGBB, shared with ``image``."""

    pixels: NDArray[np.uint32]
    image: QImage
    framing: Framing

    def brush(self) -> QBrush:
        """Return the brush that fills the projected circle, in device pixels."""
        result = QBrush(self.image)
        move = QTransform.fromTranslate(self.framing.left, self.framing.top)
        result.setTransform(move.scale(self.framing.grain, self.framing.grain))
        return result


class SideGrids(Struct, frozen=True, eq=False):
    """The sides of the sphere on a ``stage`` in device pixels, of which pictures are to be made.

    ``fronts`` are the sides, True for the front. Both have the same places in the picture to classify.
    """

    stage: Stage
    fronts: tuple[bool, ...]
    framing: Framing
    grid: PictureGrid

    @classmethod
    def of(cls, stage: Stage, fronts: tuple[bool, ...], grain: int) -> SideGrids | None:
        """Return those of pictures whose pixels are ``grain`` device pixels wide; None if none is visible."""
        disc = stage.camera.silhouette(stage.radius, stage.width, stage.height)
        framing = Framing.of(disc, stage.width, stage.height, grain)
        if framing is None:
            return None
        grid = PictureGrid.of(framing.disc, _BLOCK if grain == 1 else 2 * _BLOCK)
        return cls(stage, fronts, framing, grid)

    def directions(self) -> list[Floats]:
        """Return for each side the directions (n, 3) to classify."""
        framing, stage = self.framing, self.stage
        corner = np.array([framing.left, framing.top], dtype=np.float32)
        places = self.grid.pixels * np.float32(framing.grain) + corner
        return [
            stage.camera.hits(places, stage.radius, stage.width, stage.height, front=front)
            for front in self.fronts
        ]

    def pictures(self, found: SphereClassification, theme: Theme, ratio: float) -> dict[bool, SidePicture]:
        """Return the picture of each side, none if nothing is decided.

        ``found`` are the classes of all `directions`; a logical pixel is ``ratio`` device pixels wide.
        """
        coding = Coding(len(theme.classes), _HATCH_LEVELS)
        codes = self.grid.codes(found, coding, len(self.fronts))
        if codes is None:
            return {}
        gap = _HATCH_GAP * ratio
        return {
            front: _side_picture(side, self.framing, coding, gap, theme, front=front)
            for front, side in zip(self.fronts, codes, strict=True)
        }


def _side_picture(
    codes: Codes, framing: Framing, coding: Coding, gap: float, theme: Theme, *, front: bool
) -> SidePicture:
    """Return the picture with these codes (h, w), which are overwritten."""
    hatch(codes, framing, coding, gap, mirrored=not front)
    table = _table(theme, front)
    # A number for each pair of a shade and a code: the place of their colour in the table.
    places = np.empty(codes.shape, dtype=np.uint16)
    _shade(places, framing, front=front)
    places *= np.uint16(len(table) // _SHADES)
    places += codes
    pixels = np.take(table, places, mode="clip")
    height, width = codes.shape
    # Qt draws from the array in place; its stubs know only bytes.
    data: Any = pixels.view(np.uint8).reshape(-1).data
    return SidePicture(pixels, QImage(data, width, height, 4 * width, QImage.Format.Format_RGB32), framing)


def circle_of(stage: Stage) -> QRectF:
    """Return the bounding square of the projected circle."""
    disc = stage.camera.silhouette(stage.radius, stage.width, stage.height)
    return QRectF(disc.x - disc.radius, disc.y - disc.radius, 2 * disc.radius, 2 * disc.radius)


def hatch(codes: Codes, framing: Framing, coding: Coding, gap: float, *, mirrored: bool) -> None:
    """Hatch undecided areas; the back is ``mirrored``.

    ``gap`` is the distance between lines along a row, in device pixels.
    """
    period = max(4, round(gap / framing.grain))
    no_class = (codes >= coding.undecided) & (codes < coding.first_band)
    if no_class.any():
        codes += _diagonals(framing, codes.shape, period, 1 if mirrored else -1) * no_class


def _diagonals(framing: Framing, shape: tuple[int, ...], period: int, lean: int) -> Codes:
    """Return an image of lines in shades from 0 to `_HATCH_LEVELS` − 1, fixed while its part moves."""
    width = max(1.0, _HATCH_FRACTION * period)
    start = (framing.top + lean * framing.left) // framing.grain
    steps = np.arange(period)
    along = (start + steps[:, None] + lean * steps + period // 2) % period
    covered = np.clip(width / 2 + 0.5 - np.abs(along - period // 2), 0, 1)
    tile = np.round(covered * (_HATCH_LEVELS - 1)).astype(np.uint8)
    height, length = shape
    return np.tile(tile, (-(-height // period), -(-length // period)))[:height, :length]


def _shade(out: NDArray[np.uint16], framing: Framing, *, front: bool) -> None:
    """Write the shade of pixels, from 0 to `_SHADES` − 1, by their distance from the highlight."""
    height, width = out.shape
    disc, side = framing.disc, 1 if front else -1
    most = math.sqrt(_SHADES - 1) / (disc.radius * _REACH)
    x, y = (
        ((np.arange(count, dtype=np.float32) + 0.5 - at - side * light * disc.radius) * most) ** 2
        for count, at, light in ((width, disc.x, _LIGHT_FROM[0]), (height, disc.y, _LIGHT_FROM[1]))
    )
    squares = y[:, None] + x
    np.minimum(squares, np.float32(_SHADES - 1), out=squares)
    np.copyto(out, squares, casting="unsafe")


@lru_cache(8)
def _table(theme: Theme, front: bool) -> NDArray[np.uint32]:
    """Return the colour 0xffRRGGBB of every code of a `Coding`, shade by shade; on the back they are pale."""
    plot = theme.plot
    classes = [(theme.field_color(label), theme.class_color(label)) for label in range(len(theme.classes))]
    flat = [mix(field, rgb, _REGION_FRACTION) for field, rgb in classes]
    levels = [level / (_HATCH_LEVELS - 1) for level in range(_HATCH_LEVELS)]
    flat += [mix(plot, theme.muted, _UNDECIDED_FRACTION * level) for level in levels]
    for field, rgb in classes:
        flat += [mix(field, rgb, _BAND_FRACTION)] * len(levels)
    if not front:
        flat = [mix(rgb, plot, _BACK_FADE) for rgb in flat]
    light = 1 - _DARKEST[theme.name] * np.linspace(0, 1, _SHADES)[:, None, None]
    rows = np.round(np.array(flat, dtype=np.float64) * light).astype(np.uint32)
    shifts = np.array([16, 8, 0], dtype=np.uint32)
    packed: NDArray[np.uint32] = (rows << shifts).sum(axis=-1, dtype=np.uint32) | np.uint32(0xFF000000)
    return packed.ravel()
