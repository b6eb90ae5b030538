"""Colours of points: by class, by split, or by value on a colour scale safe for colour-blind readers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.selection import Mask
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.samples import facts_of
from explorer.core.protocol.messages import TRAIN
from explorer.core.texts import N_

Colors = NDArray[np.uint32]
Levels = NDArray[np.intp]
Rgb = tuple[int, int, int]
ColorMode = Literal["class", "loss", "angle", "confidence", "length", "split"]
COLOR_MODES: tuple[ColorMode, ...] = ("class", "loss", "angle", "confidence", "length", "split")

LEVELS = 128
"""Number of colours of a scale; one more stands for an unknown value."""
_PALE = 0.55
"""How far the colour of a training image fades into the background, beside a test image's."""
_RECEDING = 0.72
"""How far the colours of unselected points fade while there is a selection."""
_CIVIDIS = (
    (0, 34, 78),
    (50, 61, 107),
    (98, 100, 112),
    (124, 123, 120),
    (152, 145, 118),
    (198, 180, 95),
    (254, 232, 56),
)
"""Equally spaced anchors of cividis (Nuñez et al. 2018, doi 10.1371/journal.pone.0199239)."""
_DARKEST, _LIGHTEST = 0.12, 0.9
"""The part of the map that contrasts with a background as dark, or as light, as its end."""


class Scale(Struct, frozen=True):
    """A colour scale from ``low`` to ``high``; values outside have the colour of the nearest end.

    ``title`` is a message id; ``ticks`` are the values of the tick labels ``texts``, which have units.
    ``large`` tells whether the large values are highlighted.
    """

    title: str
    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]
    logarithmic: bool = False
    large: bool = True

    def position(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the position of values on the scale, from 0 to 1; NaN for NaN."""
        numbers = values.astype(np.float64)
        low, high = self.low, self.high
        if self.logarithmic:
            numbers = np.log(np.maximum(numbers, low))
            low, high = math.log(low), math.log(high)
        return np.clip((numbers - low) / (high - low), 0, 1)


SCALES: Mapping[ColorMode, Scale] = MappingProxyType(
    {
        "loss": Scale(
            N_("cross-entropy (nats)"),
            0.001,
            10.0,
            (0.001, 0.01, 0.1, 1.0, 10.0),
            ("≤ 0.001", "0.01", "0.1", "1", "≥ 10"),
            logarithmic=True,
        ),
        "angle": Scale(
            N_("angle to the true class"),
            0.0,
            math.pi / 4,
            (0.0, math.pi / 12, math.pi / 6, math.pi / 4),
            ("0°", "15°", "30°", "≥ 45°"),
        ),
        "confidence": Scale(
            N_("confidence"),
            0.0,
            1.0,
            (0.0, 0.25, 0.5, 0.75, 1.0),
            ("0%", "25%", "50%", "75%", "100%"),
            large=False,
        ),
        "length": Scale(
            N_("feature length ‖x‖"),
            1.0,
            50.0,
            (1.0, 2.0, 5.0, 10.0, 20.0, 50.0),
            ("≤ 1", "2", "5", "10", "20", "≥ 50"),
            logarithmic=True,
        ),
    }
)
"""The limits are fixed, so that a colour means the same in every frame and in every run of a comparison.

Lengths have no bound: an untrained network gives about 0.1, and after an epoch most losses have a median from
2 to 15 and a largest length from 5 to 70.
"""


class Palette(Struct, frozen=True):
    """The colours from which point colours are made; ``split`` are those of test and training images."""

    background: Rgb
    classes: tuple[Rgb, ...]
    split: tuple[Rgb, Rgb]

    @property
    def dark(self) -> bool:
        """Whether the background is dark."""
        return sum(self.background) < 3 * 128


class Coloring(Struct, frozen=True, eq=False):
    """A ``level`` (n,) for every image, and a ``table`` of 0xffRRGGBB by level.

    ``mode`` is what the colours stand for.
    """

    level: Levels
    table: Colors
    mode: ColorMode = "class"

    @property
    def colors(self) -> Colors:
        """The colour (n,) of every image."""
        result: Colors = self.table[self.level]
        return result


def coloring_of(snapshot: Snapshot, mode: ColorMode, palette: Palette) -> Coloring:
    """Return the colours of all images of a snapshot; those of training images by class are pale."""
    probe = snapshot.probe
    if mode == "class":
        labels = probe.labels.astype(np.intp)
        return Coloring(
            labels + probe.num_classes * (probe.split == TRAIN), class_table(palette, probe.num_classes)
        )
    if mode == "split":
        return Coloring((probe.split == TRAIN).astype(np.intp), packed(palette.split), mode)
    values = scalar_of(snapshot, mode)
    position = SCALES[mode].position(values)
    level = np.where(np.isnan(position), LEVELS, position * (LEVELS - 1)).astype(np.intp)
    return Coloring(level, scale_table(palette, SCALES[mode]), mode)


def scalar_of(snapshot: Snapshot, mode: ColorMode) -> NDArray[np.floating]:
    """Return the values (n,) that a mode colours by, NaN where the feature is not finite.

    Raises
    ------
    KeyError
        For a mode that does not colour by a value.
    """
    if mode == "length":
        return _lengths(snapshot)
    facts = facts_of(snapshot)
    numbers: dict[ColorMode, NDArray[np.floating]] = {
        "loss": facts.loss,
        "angle": facts.own_angle,
        "confidence": facts.confidence,
    }
    return numbers[mode]


@np.errstate(over="ignore", invalid="ignore")
def _lengths(snapshot: Snapshot) -> NDArray[np.floating]:
    """Return ‖x‖ (n,) in the network's own units, also where features are shown at unit length."""
    lengths: NDArray[np.floating] = np.linalg.norm(snapshot.features, axis=1)
    return np.where(np.isfinite(snapshot.features).all(axis=1), lengths, np.nan)


def emphasized(coloring: Coloring, chosen: Mask, background: Rgb) -> Coloring:
    """Return colours in which all images but those masked by ``chosen`` (n,) fade."""
    table, count = coloring.table, len(coloring.table)
    level = np.where(chosen, coloring.level, coloring.level + count)
    both = np.concatenate([table, faded(table, background, _RECEDING)])
    return Coloring(level, both, coloring.mode)


def class_table(palette: Palette, num_classes: int) -> Colors:
    """Return the colours (2 C,) of test images by class, then of training images, which are paler."""
    classes = packed([palette.classes[i % len(palette.classes)] for i in range(num_classes)])
    return np.concatenate([classes, faded(classes, palette.background, _PALE)])


def scale_table(palette: Palette, scale: Scale) -> Colors:
    """Return the colours (LEVELS + 1,) of a scale, the last for an unknown value.

    The highlighted end contrasts with the background: dark on a light one, light on a dark one.
    """
    if palette.dark:
        start, end = (_DARKEST + 0.1, 1.0) if scale.large else (1.0, _DARKEST + 0.1)
    else:
        start, end = (_LIGHTEST, 0.0) if scale.large else (0.0, _LIGHTEST)
    anchors = np.array(_CIVIDIS, dtype=np.float64)
    at = np.linspace(start, end, LEVELS) * (len(anchors) - 1)
    channels = [np.interp(at, np.arange(len(anchors)), column) for column in anchors.T]
    rows = np.round(np.stack(channels, axis=1)).astype(int).tolist()
    unknown = (128, 128, 128)
    return packed([*((red, green, blue) for red, green, blue in rows), unknown])


def unpacked(color: int) -> Rgb:
    """Return red, green and blue of 0xffRRGGBB."""
    return color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF


def packed(colors: Sequence[Rgb]) -> Colors:
    """Return colours as 0xffRRGGBB."""
    return np.array([0xFF000000 | red << 16 | green << 8 | blue for red, green, blue in colors], np.uint32)


def faded(table: Colors, background: Rgb, share: float, least: float = 0.0) -> Colors:
    """Return opaque colours blended with a fraction ``share`` (0 to 1) of the background.

    Each keeps a difference of ``least`` (0 to 255) from the background in one channel, as far as it has it.
    """
    shifts = np.array([16, 8, 0], dtype=np.uint32)
    channels = ((table[..., None] >> shifts) & 0xFF).astype(np.float64)
    away = np.array(background) - channels
    contrast = np.abs(away).max(axis=-1, keepdims=True)
    most = 1 - np.minimum(1, least / np.maximum(contrast, 1e-9))
    mixed = np.round(channels + away * np.minimum(share, most))
    result: Colors = (mixed.astype(np.uint32) << shifts).sum(axis=-1, dtype=np.uint32) | np.uint32(0xFF000000)
    return result
