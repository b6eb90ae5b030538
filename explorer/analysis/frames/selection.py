"""Selection: the selected images of the probe set, and how a gesture changes it."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
SelectionMode = Literal["replace", "add", "remove"]


class Selection(Struct, frozen=True, eq=False):
    """A selection of rows of a probe set: ``mask`` (n,) has one entry per row."""

    mask: Mask

    @classmethod
    def none_of(cls, size: int) -> Selection:
        """Return the empty selection of ``size`` rows."""
        return cls(np.zeros(size, dtype=np.bool_))

    @property
    def rows(self) -> Rows:
        """The selected rows in ascending order."""
        return np.flatnonzero(self.mask)

    @property
    def count(self) -> int:
        """Number of selected rows."""
        return int(np.count_nonzero(self.mask))

    def mask_of(self, size: int) -> Mask:
        """Return the mask (size,); all False if the selection is of another probe set."""
        return self.mask if len(self.mask) == size else np.zeros(size, dtype=np.bool_)

    def changed(self, rows: Rows, mode: SelectionMode) -> Selection:
        """Return the selection with ``rows`` replacing it, added to it, or removed from it.

        Raises
        ------
        IndexError
            For a row that the probe set does not have.
        """
        if len(rows) and not (rows.min() >= 0 and rows.max() < len(self.mask)):
            raise IndexError(f"rows {rows.min()} to {rows.max()} of a probe set of {len(self.mask)}")
        mask = np.zeros_like(self.mask) if mode == "replace" else self.mask.copy()
        mask[rows] = mode != "remove"
        return Selection(mask)

    def same_as(self, other: Selection) -> bool:
        """Return whether both have the same mask."""
        return np.array_equal(self.mask, other.mask)


def inside(points: NDArray[np.floating], polygon: NDArray[np.floating]) -> Mask:
    """Return which ``points`` (n, 2) are inside a closed ``polygon`` (k, 2), by the even-odd rule.

    From a point inside, a ray to the right crosses the edges of the polygon an odd number of times.
    """
    result = np.zeros(len(points), dtype=np.bool_)
    if len(polygon) < 3:
        return result
    near = np.flatnonzero(((points >= polygon.min(axis=0)) & (points <= polygon.max(axis=0))).all(axis=1))
    x, y = points[near].astype(np.float64).T
    odd = np.zeros(len(near), dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(polygon.tolist(), np.roll(polygon, -1, axis=0).tolist(), strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            odd ^= crosses & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
    result[near] = odd
    return result
