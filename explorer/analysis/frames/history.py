"""History: the scalars of a run over its steps, as columns that grow, and the changes of its settings."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.setting_changes import Marks

MOST_BYTES = 16 * 2**20
"""Of all columns together; rows beyond are thinned: a run of days must not fill the memory."""
STEP, ELAPSED = "step", "elapsed"
_FIRST_CAPACITY = 256
_BYTES = np.dtype(np.float64).itemsize


class History:
    """Columns by name, one row per step shown: ``step``, ``elapsed`` and scalars; NaN where a row lacks one.

    A second frame of a step adds what the first one lacked. Of a run of more rows than `MOST_BYTES` hold it
    keeps every second, fourth, eighth ..., and the newest. ``marks`` are the changes of settings.
    """

    def __init__(self) -> None:
        self.marks = Marks()
        self._places: dict[str, int] = {}
        self._table = np.full((0, _FIRST_CAPACITY), np.nan)
        self._rows = 0
        self._frames = 0
        self._stride = 1

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in the order of their first appearance."""
        return tuple(self._places)

    @property
    def nbytes(self) -> int:
        """Memory of all columns in bytes."""
        return self._table.nbytes

    def append(self, step: int, elapsed: float, scalars: Mapping[str, float]) -> None:
        """Add the scalars of one frame, to the last row where that is of the same step."""
        values = {STEP: float(step), ELAPSED: elapsed, **scalars}
        if self._rows and self._table[self._places[STEP], self._rows - 1] == step:
            last = {name: float(self.column(name)[-1]) for name in self._places}
            values = last | {name: value for name, value in values.items() if not math.isnan(value)}
            self._frames -= 1
            self._take_back()
        elif self._rows and (self._frames - 1) % self._stride:
            self._take_back()
        for name in values:
            self._places.setdefault(name, len(self._places))
        self._make_room()
        for name, value in values.items():
            self._table[self._places[name], self._rows] = value
        self._rows += 1
        self._frames += 1

    def column(self, name: str) -> NDArray[np.float64]:
        """Return a read-only view (rows,) of a column; all NaN where there is none of that name."""
        place = self._places.get(name)
        if place is None:
            return np.full(self._rows, np.nan)
        view = self._table[place, : self._rows]
        view.flags.writeable = False
        return view

    def _take_back(self) -> None:
        """Give up the last row."""
        self._rows -= 1
        self._table[:, self._rows] = np.nan

    def _make_room(self) -> None:
        """See to a place for every column and one more row; halve the rows where there may be no more."""
        most = max(2, MOST_BYTES // (_BYTES * len(self._places)))
        every = 1
        while -(-self._rows // every) >= most:
            every *= 2
        kept = self._table[:, : self._rows : every]
        columns, capacity = self._table.shape
        if every > 1 or len(self._places) > columns or self._rows >= capacity:
            doubled = max(_FIRST_CAPACITY, 2 * kept.shape[1])
            self._table = np.full((len(self._places), min(doubled, most)), np.nan)
            self._table[:columns, : kept.shape[1]] = kept
        self._rows = kept.shape[1]
        self._stride *= every
