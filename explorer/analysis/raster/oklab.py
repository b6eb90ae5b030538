"""Oklab, in which equal distances look about equally large, and tints of a colour in it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rgb = tuple[int, int, int]
Values = NDArray[np.float64]

_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OPPONENTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
"""Linear sRGB to cones, and the cube roots of these to Oklab (Ottosson 2020)."""
_TO_ROOTS, _TO_LINEAR = np.linalg.inv(_OPPONENTS), np.linalg.inv(_CONES)
_PALER = 0.95
_OUTSIDE = 1e-4


def linear_light(colors: ArrayLike) -> Values:
    """Return sRGB (…, 3), 0 to 255, as linear light (…, 3), 0 to 1."""
    share = np.asarray(colors, dtype=np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def oklab(light: Values) -> Values:
    """Return linear light (…, 3) as Oklab (…, 3): lightness, green to red, blue to yellow."""
    places: Values = np.cbrt(light @ _CONES.T) @ _OPPONENTS.T
    return places


def tint(rgb: Rgb, lightness: float, chroma: float) -> Rgb:
    """Return a colour of the same hue and another ``lightness``, 0 to 1, at most as strong as ``chroma``.

    It is paler than the colour itself where that is, and where sRGB has no stronger one.
    """
    _, a, b = oklab(linear_light(rgb)).tolist()
    own = math.hypot(a, b)
    share = min(own, chroma) / own if own else 0.0
    light = _light_of(lightness, a * share, b * share)
    while light.min() < -_OUTSIDE or light.max() > 1 + _OUTSIDE:
        share *= _PALER
        light = _light_of(lightness, a * share, b * share)
    light = light.clip(0, 1)
    levels = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    red, green, blue = np.rint(255 * levels).astype(int).tolist()
    return red, green, blue


def _light_of(lightness: float, a: float, b: float) -> Values:
    light: Values = _TO_LINEAR @ (_TO_ROOTS @ np.array([lightness, a, b])) ** 3
    return light
