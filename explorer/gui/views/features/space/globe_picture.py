"""GlobePicture: one side of the sphere as pixels, coloured by what the classifier says there."""

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
from explorer.analysis.sphere.classification import SphereClassifier
from explorer.analysis.sphere.picture import CELL, Codes, Coding, Disc, sphere_codes
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.space.camera import Silhouette
from explorer.gui.views.features.space.depth_layers import Stage

_REGION_SHARE, _BAND_SHARE, _LINE_SHARE = 0.5, 0.6, 0.9
"""Of a class' colour in its region, in its margin band, and in the band's hatching over that."""
_UNDECIDED_SHARE = 0.6
_HATCH_GAP = 8.0
_HATCH_SHARE = 0.21
_HATCH_LEVELS = 3
_SHADES = 16
_BLOCK = 2
_DARKEST = {"light": 0.26, "dark": 0.45}
_LIGHT_FROM = (-0.32, -0.38)
_REACH = 1 + math.hypot(*_LIGHT_FROM)


class Framing(Struct, frozen=True):
    """The part of a picture of the sphere that can be seen, ``grain`` device pixels to one of its own."""

    left: int
    top: int
    grain: int
    disc: Disc

    @classmethod
    def of(cls, disc: Silhouette, width: float, height: float, grain: int) -> Framing | None:
        """Return the part within ``width`` × ``height`` device pixels; None where there is none."""
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


class GlobePicture:
    """The front or the back of the sphere, drawn anew only when something changed."""

    def __init__(self, *, front: bool) -> None:
        self._front = front
        self._shows: tuple[object, ...] = ()
        self._pixels = np.zeros((0, 0), dtype=np.uint32)
        self._image = QImage()
        self._index = np.zeros((0, 0), dtype=np.uint16)
        self._framing: Framing | None = None
        self._answered = False

    def brush(
        self, stage: Stage, classify: SphereClassifier, theme: Theme, grain: int, ratio: float
    ) -> QBrush | None:
        """Return what fills the sphere's circle on a ``stage`` of device pixels, None where it has nothing.

        ``grain`` of them are one of the picture, ``ratio`` one of the screen.
        """
        shows = (stage, classify, theme, grain, ratio)
        if shows != self._shows:
            self._shows = shows
            disc = stage.camera.silhouette(stage.radius, stage.width, stage.height)
            self._framing = Framing.of(disc, stage.width, stage.height, grain)
            self._answered = self._framing is not None and self._render(
                stage, self._framing, classify, theme, _HATCH_GAP * ratio
            )
        if self._framing is None or not self._answered:
            return None
        result = QBrush(self._image)
        move = QTransform.fromTranslate(self._framing.left, self._framing.top)
        result.setTransform(move.scale(grain, grain))
        return result

    def _render(
        self, stage: Stage, framing: Framing, classify: SphereClassifier, theme: Theme, gap: float
    ) -> bool:
        corner = np.array([framing.left, framing.top], dtype=np.float32)
        grain = np.float32(framing.grain)

        def towards(pixels: Floats) -> Floats:
            return stage.camera.hits(
                pixels * grain + corner, stage.radius, stage.width, stage.height, front=self._front
            )

        coding = Coding(len(theme.classes), _HATCH_LEVELS)
        codes = sphere_codes(
            framing.disc, towards, classify, coding, _BLOCK if framing.grain == 1 else 2 * _BLOCK
        )
        if codes is None:
            return False
        if codes.shape != self._pixels.shape:
            self._pixels = np.empty(codes.shape, dtype=np.uint32)
            self._index = np.empty(codes.shape, dtype=np.uint16)
            height, width = codes.shape
            # Qt draws from the array in place; its stubs know only bytes.
            data: Any = self._pixels.view(np.uint8).reshape(-1).data
            self._image = QImage(data, width, height, 4 * width, QImage.Format.Format_RGB32)
        hatch(codes, framing, coding, gap, mirrored=not self._front)
        table = _table(theme)
        _shade(self._index, framing, front=self._front)
        self._index *= np.uint16(len(table) // _SHADES)
        self._index += codes
        np.take(table, self._index, out=self._pixels, mode="clip")
        return True


def circle_of(stage: Stage) -> QRectF:
    """Return the square around what the sphere covers."""
    disc = stage.camera.silhouette(stage.radius, stage.width, stage.height)
    return QRectF(disc.x - disc.radius, disc.y - disc.radius, 2 * disc.radius, 2 * disc.radius)


def hatch(codes: Codes, framing: Framing, coding: Coding, gap: float, *, mirrored: bool) -> None:
    """Give margin bands diagonals, and what is undecided diagonals that lean the other way.

    At the back all are ``mirrored``. ``gap`` is from one line to the next along a row, in device pixels.
    """
    period = max(4, round(gap / framing.grain))
    no_class = (codes >= coding.undecided) & (codes < coding.first_band)
    if no_class.any():
        codes += _diagonals(framing, codes.shape, period, 1 if mirrored else -1) * no_class
    codes += _diagonals(framing, codes.shape, period, -1 if mirrored else 1) * (codes >= coding.first_band)


def _diagonals(framing: Framing, shape: tuple[int, ...], period: int, lean: int) -> Codes:
    """Return an image of lines in shades from 0 to `_HATCH_LEVELS` − 1, at rest while its part is moved."""
    width = max(1.0, _HATCH_SHARE * period)
    start = (framing.top + lean * framing.left) // framing.grain
    steps = np.arange(period)
    along = (start + steps[:, None] + lean * steps + period // 2) % period
    covered = np.clip(width / 2 + 0.5 - np.abs(along - period // 2), 0, 1)
    tile = np.round(covered * (_HATCH_LEVELS - 1)).astype(np.uint8)
    height, length = shape
    return np.tile(tile, (-(-height // period), -(-length // period)))[:height, :length]


def _shade(out: NDArray[np.uint16], framing: Framing, *, front: bool) -> None:
    """Write how far, from 0 to `_SHADES` − 1, pixels are from where the light falls."""
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
def _table(theme: Theme) -> NDArray[np.uint32]:
    """Return the colour 0xffRRGGBB of every number of a `Coding`, shade after shade."""
    plot = theme.plot
    flat = [mix(plot, rgb, _REGION_SHARE) for rgb in theme.classes]
    levels = [level / (_HATCH_LEVELS - 1) for level in range(_HATCH_LEVELS)]
    flat += [mix(plot, theme.muted, _UNDECIDED_SHARE * level) for level in levels]
    for rgb in theme.classes:
        ground = mix(plot, rgb, _BAND_SHARE)
        flat += [mix(ground, rgb, _LINE_SHARE * level) for level in levels]
    light = 1 - _DARKEST[theme.name] * np.linspace(0, 1, _SHADES)[:, None, None]
    rows = np.round(np.array(flat, dtype=np.float64) * light).astype(np.uint32)
    shifts = np.array([16, 8, 0], dtype=np.uint32)
    packed: NDArray[np.uint32] = (rows << shifts).sum(axis=-1, dtype=np.uint32) | np.uint32(0xFF000000)
    return packed.ravel()
