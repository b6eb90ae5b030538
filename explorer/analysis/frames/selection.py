"""Selection: which probe images a person has chosen, and what a gesture does to it."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
SelectionMode = Literal["replace", "add", "remove"]


class Selection(Struct, frozen=True, eq=False):
    """Rows of a probe set, kept for as long as its run: ``mask`` (n,) has one entry per row."""

    mask: Mask

    @classmethod
    def none_of(cls, size: int) -> Selection:
        """Return the empty selection of ``size`` rows."""
        return cls(np.zeros(size, dtype=np.bool_))

    @property
    def rows(self) -> Rows:
        """The chosen rows in ascending order."""
        return np.flatnonzero(self.mask)

    @property
    def count(self) -> int:
        """How many are chosen."""
        return int(np.count_nonzero(self.mask))

    def mask_of(self, size: int) -> Mask:
        """Return which of ``size`` rows are chosen: none while the selection is still another run's."""
        return self.mask if len(self.mask) == size else np.zeros(size, dtype=np.bool_)

    def changed(self, rows: Rows, mode: SelectionMode) -> Selection:
        """Return the selection with ``rows`` instead, or added, or taken out.

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
        """Return whether the same rows of equally many are chosen."""
        return np.array_equal(self.mask, other.mask)


def inside(points: NDArray[np.floating], polygon: NDArray[np.floating]) -> Mask:
    """Return which ``points`` (n, 2) lie inside a closed ``polygon`` (k, 2), by the even-odd rule.

    A ray to the right of each point crosses the edges of the polygon an odd number of times from inside.
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
