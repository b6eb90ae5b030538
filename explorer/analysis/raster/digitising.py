"""Convert a picture of a digit to an image like those of MNIST.

LeCun, Bottou, Bengio and Haffner 1998, Gradient-based learning applied to document recognition, section
III-A: the images "were size normalized to fit in a 20×20 pixel box while preserving their aspect ratio",
contain grey levels "as a result of the anti-aliasing (image interpolation) technique", and "were centered in
a 28×28 image by computing the center of mass of the pixels, and translating the image so as to position this
point at the center of the 28×28 field". Where the paper leaves a choice, this follows the files: the centre
is the middle of pixel 14, counted from 0, and the translation is by whole pixels.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from explorer.core.data.datasets import Bytes
from explorer.core.texts import TextError

Ink = NDArray[np.float64]
Shape = tuple[int, int]
"""Height and width."""

_BOX_FRACTION = 20 / 28
_PEN_FRACTION = 2.7 / 28
"""Measured on MNIST: area over length of its ones, and twice the area over the outline of all digits."""
_THINNEST_PEN = 0.25
_FULL = 250
"""An image whose brightest pixel is below this is brightened: a thin line leaves little ink in a pixel."""
_SMEAR = 0.1
"""Fraction of the maximum below which ink is ignored for the bounding box of a digit.

Compression leaves that much around edges. Pictures as coarse as the images are exempt: there such pixels are
the edge of the digit.
"""


class PictureError(TextError, ValueError):
    """A picture cannot be used; the message is one sentence for the person who opened it."""


def box_side(shape: Shape) -> int:
    """Return the side of the box that a digit fills in images of this shape: 20 in 28×28."""
    return max(1, round(min(shape) * _BOX_FRACTION))


def pen_width(shape: Shape) -> float:
    """Return the width in pixels of a line in images of this shape: 2.7 in 28×28, as MNIST's are."""
    return min(shape) * _PEN_FRACTION


def pen_before(extent: float, shape: Shape) -> float:
    """Return the width of a line that `size_normalized` makes `pen_width` wide.

    Parameters
    ----------
    extent : float
        The larger of width and height of the centre lines, in any unit; the result has the same unit.
    shape : Shape
        Of the images.
    """
    pen = pen_width(shape)
    return max(_THINNEST_PEN, extent * pen / (box_side(shape) - pen))


def size_normalized(ink: Ink, shape: Shape) -> Bytes:
    """Return an image of this shape: the ink fills the box and has its centre of mass in the middle.

    Raises
    ------
    PictureError
        Where there is no ink.
    """
    if not ink.any():
        raise PictureError("The picture is blank: use a drawing on a plain background.")
    coarse = max(ink.shape) <= max(shape)
    counts = ink > (0 if coarse else _SMEAR * ink.max())
    rows, columns = np.flatnonzero(counts.any(axis=1)), np.flatnonzero(counts.any(axis=0))
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = box_side(shape) / max(cropped.shape)
    height, width = (max(1, round(side * scale)) for side in cropped.shape)
    fitted = resampled(cropped, (height, width))
    if fitted.max() < _FULL:
        fitted *= 255 / fitted.max()
    return _centred(np.rint(fitted).astype(np.uint8), shape)


def resampled(ink: Ink, shape: Shape) -> Ink:
    """Return ink at another size: area means where it shrinks, linear interpolation where it grows.

    What lies outside counts as paper.
    """
    down, across = (_weights(old, new) for old, new in zip(ink.shape, shape, strict=True))
    result: Ink = down @ ink @ across.T
    return result


def _weights(old: int, new: int) -> Ink:
    """Return the weight (new, old) of each old pixel in each new one."""
    reach = max(1.0, old / new)
    first = (np.arange(new) + 0.5)[:, None] * (old / new) - reach / 2
    pixel = np.arange(old)
    covered: Ink = np.minimum(first + reach, pixel + 1) - np.maximum(first, pixel)
    return np.maximum(covered, 0) / reach


def _centred(fitted: Bytes, shape: Shape) -> Bytes:
    """Return an image of this shape with the centre of mass of ``fitted`` in the middle pixel.

    It is moved less where it would reach outside.
    """
    mass = float(fitted.sum(dtype=np.float64))
    start = []
    for axis, (side, room) in enumerate(zip(fitted.shape, shape, strict=True)):
        along = fitted.sum(axis=1 - axis, dtype=np.float64)
        center = float(along @ np.arange(side)) / mass
        shift = math.ceil(room // 2 - 0.5 - center)
        start.append(min(max(0, shift), room - side))
    result = np.zeros(shape, dtype=np.uint8)
    top, left = start
    result[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return result
