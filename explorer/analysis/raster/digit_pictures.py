"""Find the digit in a picture that somebody took, scanned or drew elsewhere.

The network knows centred digits of one pen on plain ground. What people bring has shadows, frames, stray
marks, thin pens, or no room around the digit. Each step below takes out one of these, and `Reading` says
which of them changed the picture.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.distinct import distinct
from explorer.analysis.raster.components import Labels, Mask, closed, components, spread
from explorer.analysis.raster.digitising import Ink, PictureError, Shape, pen_before, resampled

Part = Literal["frame", "shade", "marks"]
"""What can be left out of a picture: a frame, ground that is unevenly bright, marks beside the digit."""

_SIDE = 280
"""Larger pictures are reduced to this longer side: lines of MNIST are then 27 pixels wide."""
_FINE = 40
"""Least side of pictures in which frames, marks and the width of lines are looked for.

In coarser ones, such as MNIST's, a line is a pixel or two wide, and a shade of grey can be its edge.
"""
_MARGIN, _NOISE_PERCENTILE = 2.0, 90
"""Ink differs from the paper by more than this multiple of what this share of the border does."""
_LEAST_INK = 0.5
"""A smaller difference is one of rounding."""
_FLAT = 0.1
"""Share of the paper along the border that has the very same grey where paper has no grain."""
_MARK = 0.25
"""Share of the strongest ink from which on a pixel belongs to a line and not to a smear."""
_FRAME_WIDTH, _FRAME_FILL, _FRAME_AREA = 0.12, 0.9, 0.4
"""Most of a side that a frame may take, least of its inside that is not frame, most of all that is."""
_PEN_TIMES = 3.0
"""A shade is ground that is darker over more than this many widths of a line."""
_NEAR = (0.1, 0.25), (0.02, 0.08), (0.02, 0.08)
"""A group belongs to the digit if it has at least this share of its ink, within this share of its extent.

A stroke that the pen has lifted from is farther away than a speck may be.
"""
_EVEN, _SHADE = 0.08, 0.75
"""Shares of the strongest ink that a shade has at its darkest, at least and at most.

It reaches the border, too: a thick blot of ink does not.
"""
_THIN = 0.4
"""Lines thinner than this share of the width that they should have are thickened."""


class Reading(Struct, frozen=True, eq=False):
    """The ink (height, width) of a digit, 0 on the paper to 255, and what was left out to find it."""

    ink: Ink
    left_out: tuple[Part, ...] = ()


def read_digit(grey: NDArray[np.number], shape: Shape) -> Reading:
    """Return the digit in a picture of grey values (height, width), for images of ``shape``.

    Paper is the colour of the four corners, within a frame if there is one: whichever digit fills its
    picture, most of its corners are free. It can be lighter or darker than the ink.

    Raises
    ------
    PictureError
        If nothing differs from the paper.
    """
    values = _reduced(grey.astype(np.float64))
    left_out: list[Part] = []
    if min(values.shape) < _FINE:
        return Reading(_ink(values))
    inside = _within_frame(values)
    if inside is not None:
        values = inside
        left_out.append("frame")
    ink = _ink(values)
    even = _without_shade(ink)
    if even is not None:
        ink = even
        left_out.append("shade")
    mark = ink > _MARK * ink.max()
    kept = _digit_of(mark, ink)
    others = mark & ~kept
    if others.any():
        left_out.append("marks")
    # Lines keep their soft edges; what is left of a shade, or of the edges of other marks, goes.
    soft = spread(kept, 1 + _line_width(kept) / 3) & ~spread(others, 2)
    return Reading(_with_pen(np.where(kept | soft, ink, 0.0), shape), tuple(left_out))


def _reduced(values: Ink) -> Ink:
    """Return a picture whose longer side is `_SIDE` at most."""
    longer = max(values.shape)
    if longer <= _SIDE:
        return values
    height, width = (max(1, round(side * _SIDE / longer)) for side in values.shape)
    return resampled(values, (height, width))


def _is_dark(values: Ink) -> bool:
    """Return whether the corners are nearer to the darkest than to the lightest grey value."""
    corners = values[[0, 0, -1, -1], [0, -1, 0, -1]]
    return bool(corners.mean() - values.min() < values.max() - corners.mean())


def _ink(values: Ink) -> Ink:
    """Return how much each pixel differs from the paper, from 0 to 255, beyond the grain of the paper."""
    difference = values - values.min() if _is_dark(values) else values.max() - values
    border = np.concatenate(
        [difference[0], difference[1:, -1], difference[-1, -2::-1], difference[-2:0:-1, 0]]
    )
    of_paper = border[border <= difference.max() / 2]
    paper = grain = 0.0
    if (of_paper == 0).mean() < _FLAT:
        paper = float(np.median(of_paper))
        # Of neighbours, since ground that darkens slowly has no grain; √2 times that of a pixel.
        grain = float(np.percentile(np.abs(np.diff(of_paper)), _NOISE_PERCENTILE)) / np.sqrt(2)
    ink: Ink = np.maximum(difference - paper - _MARGIN * grain, 0)
    if ink.max() < _LEAST_INK:
        raise PictureError("The picture is blank (a single colour): use a drawing on a plain background.")
    return ink


def _within_frame(values: Ink) -> Ink | None:
    """Return what a frame along the border encloses; None where there is no frame.

    A frame has the colour of the border, is narrow, and its inner edge is a rectangle; within it the other
    colour prevails, and its own is that of the ink.
    """
    middle = (values.min() + values.max()) / 2
    dark = values < middle
    border = np.concatenate([dark[0], dark[-1], dark[1:-1, 0], dark[1:-1, -1]])
    frame_is_dark = bool(border.mean() > 0.5)
    if max(border.mean(), 1 - border.mean()) < 0.95:
        return None
    labels, _number = components(dark == frame_is_dark)
    ring = labels == np.bincount(labels[0]).argmax()
    if ring.mean() > _FRAME_AREA:
        return None
    rows, columns = np.flatnonzero((~ring).any(axis=1)), np.flatnonzero((~ring).any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    widest = max(top, values.shape[0] - bottom, left, values.shape[1] - right)
    if widest > _FRAME_WIDTH * min(values.shape) or (~ring[top:bottom, left:right]).mean() < _FRAME_FILL:
        return None
    edge = 1 + widest // 3  # the frame's edge is not sharp
    inside = values[top + edge : bottom - edge, left + edge : right - edge]
    share = ((inside < middle) == frame_is_dark).mean() if inside.size else 0.0
    return inside if 0 < share < 0.5 else None


def _without_shade(ink: Ink) -> Ink | None:
    """Return ink on even ground; None where the ground is even.

    What is wider than a few lines is no line but ground. Lines are those of the strongest ink.
    """
    strong = ink > 0.6 * ink.max()
    side = round(_PEN_TIMES * _line_width(strong)) | 1
    if side >= min(ink.shape) / 2:
        return None
    # Closing fills what is darker and narrow; for ink, which is lighter than ground, that is opening.
    ground = -closed(-ink, side)
    labels, number = components(ground > _EVEN * ink.max())
    strongest = np.zeros(number + 1)
    np.maximum.at(strongest, labels, ground)
    is_shade = strongest < _SHADE * ink.max()
    is_shade[0] = False
    is_shade[np.setdiff1d(np.arange(number + 1), _along_border(labels))] = False
    shade = is_shade[labels]
    return np.maximum(ink - np.where(shade, ground, 0.0), 0) if shade.any() else None


def _along_border(labels: Labels) -> NDArray[np.intp]:
    """Return the components that reach the border, and 0."""
    return distinct(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1], [0]]))


def _line_width(mask: Mask) -> float:
    """Return the mean width of lines: twice their area over the length of their outline."""
    padded = np.pad(mask, 1)
    outline = sum(int((padded != np.roll(padded, 1, axis)).sum()) for axis in (0, 1))
    # An outline along pixels is longer than the curve that it follows, by 4/π on average.
    return 2 * float(mask.sum()) / (outline * np.pi / 4) if outline else 0.0


def _digit_of(mark: Mask, ink: Ink) -> Mask:
    """Return the marks that are the digit: those with most ink away from the border, and those near."""
    labels, number = components(mark)
    weight = np.bincount(labels.ravel(), ink.ravel() * mark.ravel(), number + 1)
    edge = _along_border(labels)
    inner = np.setdiff1d(np.arange(1, number + 1), edge)
    # A digit that touches the border is all there is of weight: marks there are else shade, frame, or hand.
    main = int(weight[1:].argmax()) + 1
    if len(inner) and weight[inner].max() >= 0.1 * weight[main]:
        main = int(inner[weight[inner].argmax()])
    belongs = np.arange(number + 1) == main
    free = weight > 0
    free[edge] = False
    for share, distance in _NEAR:
        kept = belongs[labels]
        rows, columns = np.nonzero(kept)
        around = spread(kept, distance * max(np.ptp(rows), np.ptp(columns)))
        near = np.bincount(labels[around], minlength=number + 1) > 0
        belongs |= near & free & (weight >= share * weight[main])
    digit: Mask = belongs[labels]
    return digit


def _with_pen(ink: Ink, shape: Shape) -> Ink:
    """Return ink whose lines are at least nearly as wide as those of MNIST at the size of the digit."""
    line = ink > 0.5 * ink.max()
    rows, columns = np.nonzero(line)
    width = _line_width(line)
    wanted = pen_before(max(np.ptp(rows), np.ptp(columns)) + 1 - width, shape)
    if width >= _THIN * wanted:
        return ink
    radius = (wanted - width) / 2
    return np.where(spread(np.pad(line, int(radius) + 1), radius), 255.0, 0.0)
