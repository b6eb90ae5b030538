"""The predicted class at every pixel of an image of a sphere, computed at a fraction of them.

The sphere is classified at the corners of square cells. A cell whose corners agree has one class. In others,
scores and margins are interpolated between the corners, which places borders within a tenth of a pixel. Near
the rim, where a pixel covers many degrees, pixels are classified individually, in small blocks.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.plane.geometry import UNDECIDED
from explorer.analysis.products import product
from explorer.analysis.sphere.classification import SphereClassification

CELL = 8
"""Side of a cell in pixels of the image."""
_RIVALS = 3
Codes = NDArray[np.unsignedinteger[Any]]


class Disc(Struct, frozen=True):
    """A picture of ``columns`` × ``rows`` cells of a sphere that covers a circle, all in its own pixels."""

    columns: int
    rows: int
    x: float
    y: float
    radius: float


class Coding(Struct, frozen=True):
    """Codes of answers: class modulo ``colors``, then `undecided`, then classes in bands.

    From `undecided` on they are ``step`` apart, with room for the shades of a pattern.
    """

    colors: int
    step: int = 3

    @property
    def kind(self) -> type[np.unsignedinteger[Any]]:
        """The smallest integer type for all codes: a byte for ten colours, more for 256."""
        return np.uint8 if self.first_band + self.step * self.colors <= 1 << 8 else np.uint16

    @property
    def undecided(self) -> int:
        """The code of no class."""
        return self.colors

    @property
    def first_band(self) -> int:
        """The first code of margin bands."""
        return self.colors + self.step

    def of(self, classes: NDArray[np.intp], violates_margin: NDArray[np.bool_] | None) -> Codes:
        """Return the codes of answers, with those of the bands where the margin is violated."""
        names = classes % self.colors
        if violates_margin is not None:
            names = np.where(violates_margin, self.first_band + self.step * names, names)
        return np.where(classes == UNDECIDED, self.undecided, names).astype(self.kind)


class PictureGrid(Struct, frozen=True, eq=False):
    """Where in the picture of a sphere its class has to be known, and what follows for all pixels.

    Attributes
    ----------
    disc : Disc
        The picture, by `of`.
    block : int
        Pixels to a side with one answer near the rim.
    pixels : (n, 2) float32
        The places to classify: first the corners of cells, then the middles of blocks.
    rim, smooth : (rows, columns) bool
        Cells in blocks, and those to interpolate; the others are outside the circle.
    corners : (m, 4)
        The places at the corners of the smooth cells.
    """

    disc: Disc
    block: int
    pixels: Floats
    rim: NDArray[np.bool_]
    smooth: NDArray[np.bool_]
    corners: NDArray[np.intp]

    @classmethod
    def of(cls, disc: Disc, block: int = 2) -> PictureGrid:
        """Return the places for a picture; near the rim a ``block`` of 1, 2, 4 or 8 has one answer."""
        shape = disc.rows + 1, disc.columns + 1
        down, across = (
            np.arange(count) * CELL - middle for count, middle in zip(shape, (disc.y, disc.x), strict=True)
        )
        # An interpolated border is off by CELL² sin θ / (8 radius cos² θ) where a ray meets the sphere at θ.
        steady = down[:, None] ** 2 + across**2 < disc.radius**2 - disc.radius * CELL**2 / 4
        smooth = np.logical_and.reduce([_corner(steady, at) for at in range(4)])
        nearest = [np.maximum(0, np.maximum(at[:-1], -at[1:])) for at in (down, across)]
        rim = (nearest[0][:, None] ** 2 + nearest[1] ** 2 < (disc.radius + 1) ** 2) & ~smooth
        slot = (np.cumsum(steady) - 1).reshape(shape)
        return cls(
            disc=disc,
            block=block,
            pixels=np.concatenate([np.argwhere(steady)[:, ::-1] * CELL, _blocks(rim, block)]).astype(
                np.float32
            ),
            rim=rim,
            smooth=smooth,
            corners=np.stack([_corner(slot, at)[smooth] for at in range(4)], axis=1),
        )

    def codes(self, found: SphereClassification, coding: Coding, pictures: int = 1) -> Codes | None:
        """Return the `Coding` of the answer at every pixel (pictures, rows · CELL, columns · CELL).

        ``found`` are the answers at the places, for one picture after the other. Pixels outside the circle
        have no meaning. None if no class can be predicted.
        """
        if not len(found.classes):
            return None
        codes = coding.of(found.classes[found.answers], found.violates_margin)
        count, inside = len(self.pixels), CELL // self.block
        cells = np.zeros((pictures, *self.rim.shape, CELL, CELL), dtype=coding.kind)
        nodes = count - inside**2 * np.count_nonzero(self.rim)
        blocks = codes.reshape(pictures, count)[:, nodes:].reshape(-1, inside, inside)
        cells[:, self.rim] = (
            blocks.repeat(self.block, axis=1).repeat(self.block, axis=2).reshape(pictures, -1, CELL, CELL)
        )
        number = np.arange(pictures)[:, None]
        which = (np.flatnonzero(self.smooth) + number * self.smooth.size).ravel()
        corners = (self.corners + count * number[..., None]).reshape(-1, 4)
        _fill_smooth(cells.reshape(-1, CELL * CELL), which, corners, found, codes, coding)
        height, width = self.disc.rows * CELL, self.disc.columns * CELL
        return cells.transpose(0, 1, 3, 2, 4).reshape(pictures, height, width)


def _blocks(where: NDArray[np.bool_], block: int) -> NDArray[np.float64]:
    """Return the middles (n, 2) of all blocks of some cells, cell by cell."""
    inside = np.arange(0, CELL, block) + block / 2
    row, column = (CELL * at[:, None, None] for at in np.nonzero(where))
    x, y = np.broadcast_arrays(column + inside, row + inside[:, None])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _corner(grid: NDArray[Any], number: int) -> NDArray[Any]:
    """Return the values at one of the four corners of each cell."""
    down, right = divmod(number, 2)
    return grid[down : down + grid.shape[0] - 1, right : right + grid.shape[1] - 1]


@cache
def _blend() -> Floats:
    """Return the shares (4, CELL²) of the corners of a cell in each of its pixels."""
    far = ((np.arange(CELL) + 0.5) / CELL).astype(np.float32)
    sides = np.stack([1 - far, far])
    result: Floats = np.einsum("ay,bx->abyx", sides, sides).reshape(4, CELL * CELL)
    return result


def _interpolated(values: Floats) -> Floats:
    """Return for ``values`` (…, 4) at the corners of cells those (…, CELL²) of their pixels."""
    return product(values.reshape(-1, 4), _blend()).reshape(*values.shape[:-1], CELL * CELL)


def _fill_smooth(
    cells: Codes,
    which: NDArray[np.intp],
    corners: NDArray[np.intp],
    known: SphereClassification,
    known_codes: Codes,
    coding: Coding,
) -> None:
    """Answer for the rows ``which`` (n,) of ``cells`` (m, CELL²), with four classified ``corners`` (n, 4)."""
    codes = known_codes[corners]
    cells[which] = codes[:, :1]
    mixed = np.logical_or.reduce([codes[:, 0] != codes[:, at] for at in (1, 2, 3)])
    if not mixed.any():
        return
    corners = corners[mixed]
    deficits = known.deficits[:, corners]
    count = min(_RIVALS, len(deficits))
    rivals = np.argpartition(deficits.max(axis=2), len(deficits) - count, axis=0)[len(deficits) - count :]
    values = _interpolated(np.take_along_axis(deficits, rivals[..., None], axis=0))
    first, chosen = values[0], np.repeat(rivals[0][:, None], CELL * CELL, axis=1)
    for value, rival in zip(values[1:], rivals[1:], strict=True):
        np.copyto(chosen, rival[:, None], where=value > first)
        np.maximum(first, value, out=first)
    violating = None
    if known.margin is not None:
        violating = _interpolated(known.margin[corners]) < 0
    cells[which[mixed]] = coding.of(known.classes[chosen], violating)
