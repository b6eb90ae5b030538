"""Whether two pictures show the same, whatever the fonts and the anti-aliasing of the machines they are from.

Both are blurred, so that letters become grey lines. Then each pixel of one is sought around its place in the
other: what lies between the darkest and the lightest there, in each channel, is no difference. So a text may
be set in another font and stand some pixels away; but whatever is missing, or has another colour or another
place, is not found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(height, width, 3): red, green, blue."""
Levels = NDArray[np.float32]
_BLUR, _REACH, _BLOCK = 3, 3, 8
"""In pixels of half the resolution."""
_NOISE = 6.0
"""Levels that are no difference."""
_MEAN_LIMIT, _WORST_LIMIT = 0.06, 6.0
"""Another font makes 0.024 and 3.6; a missing class weight 0.8 and 75, missing digits 0.24 and 25."""


@dataclass(frozen=True)
class Difference:
    """How far two pictures differ, in levels of 0 to 255: on average, and in the worst block."""

    mean: float
    worst: float
    map: Levels

    @property
    def negligible(self) -> bool:
        """Whether other fonts or another machine may have caused it."""
        return self.mean <= _MEAN_LIMIT and self.worst <= _WORST_LIMIT

    def __str__(self) -> str:
        return (
            f"{self.mean:.3f} on average (limit {_MEAN_LIMIT}), {self.worst:.1f} in the worst block "
            f"(limit {_WORST_LIMIT})"
        )


def difference(first: Picture, second: Picture) -> Difference:
    """Return how much of either picture is not found in the other."""
    if first.shape != second.shape:
        raise ValueError(f"pictures of {first.shape[:2]} and {second.shape[:2]} pixels")
    blurred = [blur(halved(picture), _BLUR) for picture in (first, second)]
    missing = [beyond(a, b) for a, b in (blurred, blurred[::-1])]
    found = np.maximum(*missing).max(axis=2)
    found = np.maximum(found - _NOISE, 0.0)
    blocks = blur(found[..., None], _BLOCK)[..., 0]
    return Difference(float(found.mean()), float(blocks.max()), found)


def halved(picture: Picture) -> Levels:
    """Return a picture at half the resolution."""
    height, width = (size // 2 * 2 for size in picture.shape[:2])
    quarters = picture[:height, :width].reshape(height // 2, 2, width // 2, 2, 3)
    return quarters.mean(axis=(1, 3), dtype=np.float32)


def beyond(values: Levels, others: Levels) -> Levels:
    """Return by how much ``values`` lie outside the range of ``others`` around their place."""
    low, high = around(others, np.minimum), around(others, np.maximum)
    return np.maximum(np.maximum(values - high, low - values), 0.0)


def blur(values: Levels, size: int) -> Levels:
    """Return the mean of a square of ``size`` pixels around each, the edge repeated."""
    for axis in (0, 1):
        padding = [(0, 0)] * values.ndim
        padding[axis] = (size // 2 + 1, size - size // 2 - 1)
        total = np.cumsum(np.pad(values, padding, mode="edge"), axis=axis, dtype=np.float64)
        count = values.shape[axis]
        upper, lower = np.arange(size, size + count), np.arange(count)
        values = ((total.take(upper, axis) - total.take(lower, axis)) / size).astype(np.float32)
    return values


def around(values: Levels, extreme: np.ufunc) -> Levels:
    """Return the extreme of a square that reaches ``_REACH`` pixels from each."""
    for axis in (0, 1):
        padding = [(0, 0)] * values.ndim
        padding[axis] = (_REACH, _REACH)
        padded, count = np.pad(values, padding, mode="edge"), values.shape[axis]
        shifted = (padded.take(np.arange(start, start + count), axis) for start in range(2 * _REACH + 1))
        result = next(shifted)
        for other in shifted:
            result = extreme(result, other)
        values = result
    return values
