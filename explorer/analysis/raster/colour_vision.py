"""Colours that are hard to distinguish, for normal and for red-green colour-blind vision."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[int, int, int]

NEAREST = 0.05
"""Distance in Oklab below which two small marks are hard to distinguish."""

_DICHROMATS = np.array(
    [
        np.eye(3),
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ]
)
"""Linear sRGB for normal, deuteranopic and protanopic vision (Machado et al. 2009, TVCG 15(6))."""
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


def distances(colors: Sequence[Rgb]) -> NDArray[np.float64]:
    """Return the distances (n, n) of colours in Oklab, the smallest over the kinds of vision."""
    share = np.array(colors, dtype=np.float64).reshape(-1, 3) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ _DICHROMATS.transpose(0, 2, 1), 0, 1)
    places = np.cbrt(seen @ _CONES.T) @ _OPPONENTS.T
    result: NDArray[np.float64] = np.linalg.norm(places[:, :, None] - places[:, None], axis=-1).min(axis=0)
    return result


def look_alikes(colors: Sequence[Rgb]) -> list[tuple[int, int]]:
    """Return the pairs of indices whose colours are closer than `NEAREST`."""
    apart = distances(colors)
    return [(i, j) for i, j in combinations(range(len(colors)), 2) if apart[i, j] < NEAREST]
