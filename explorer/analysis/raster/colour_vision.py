"""Colours that are hard to distinguish, for normal and for colour-blind vision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from types import MappingProxyType

import numpy as np

from explorer.analysis.raster.oklab import Rgb, Values, linear_light, oklab

NEAREST = 0.05
"""Distance in Oklab below which two small marks are hard to distinguish."""

VISIONS: Mapping[str, Values] = MappingProxyType(
    {
        "normal": np.eye(3),
        "deuteranopia": np.array(
            [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ]
        ),
        "protanopia": np.array(
            [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ]
        ),
        "tritanopia": np.array(
            [
                [1.255528, -0.076749, -0.178779],
                [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ]
        ),
    }
)
"""Linear sRGB as eyes of each kind see it (Machado et al. 2009, TVCG 15(6), severity 1)."""
_RED_GREEN = ("normal", "deuteranopia", "protanopia")


def distances_seen(colors: Sequence[Rgb], vision: str) -> Values:
    """Return the distances (n, n) of colours in Oklab, as eyes of one of `VISIONS` see them."""
    light = linear_light(np.array(colors).reshape(-1, 3)) @ VISIONS[vision].T
    places = oklab(light.clip(0, 1))
    result: Values = np.linalg.norm(places[:, None] - places, axis=-1)
    return result


def distances(colors: Sequence[Rgb]) -> Values:
    """Return the distances (n, n) of colours in Oklab: the smallest of normal and red-green-blind vision."""
    result: Values = np.min([distances_seen(colors, vision) for vision in _RED_GREEN], axis=0)
    return result


def look_alikes(colors: Sequence[Rgb]) -> list[tuple[int, int]]:
    """Return the pairs of indices whose colours are closer than `NEAREST`."""
    apart = distances(colors)
    return [(i, j) for i, j in combinations(range(len(colors)), 2) if apart[i, j] < NEAREST]
