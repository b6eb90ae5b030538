"""History: the scalars of a run over its steps, as columns that grow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 256
MOST_ROWS = 100_000
"""Rows kept, an even number; beyond them every second is given up: a run of days must not fill the memory."""
STEP, ELAPSED = "step", "elapsed"


class History:
    """Columns by name, one row per frame: ``step``, ``elapsed`` and scalars; NaN where a row lacks one.

    Of a run of more frames than `MOST_ROWS` it keeps every second, fourth, eighth ..., and the newest.
    """

    def __init__(self) -> None:
        self._columns: dict[str, NDArray[np.float64]] = {}
        self._rows = 0
        self._frames = 0
        self._stride = 1

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in the order of their first appearance."""
        return tuple(self._columns)

    def append(self, step: int, elapsed: float, scalars: Mapping[str, float]) -> None:
        """Add the scalars of one frame."""
        if self._rows and (self._frames - 1) % self._stride:
            self._take_back()
        if self._rows >= MOST_ROWS:
            self._thin()
        self._frames += 1
        for name, value in {STEP: float(step), ELAPSED: elapsed, **scalars}.items():
            column = self._columns.get(name)
            if column is None:
                column = self._columns[name] = np.full(max(_FIRST_CAPACITY, self._rows + 1), np.nan)
            if self._rows >= len(column):
                column = np.concatenate([column, np.full(len(column), np.nan)])
                self._columns[name] = column
            column[self._rows] = value
        self._rows += 1

    def column(self, name: str) -> NDArray[np.float64]:
        """Return a read-only view (rows,) of a column; all NaN where there is none of that name."""
        column = self._columns.get(name)
        if column is None:
            return np.full(self._rows, np.nan)
        if len(column) < self._rows:
            column = self._columns[name] = np.concatenate(
                [column, np.full(self._rows - len(column) + _FIRST_CAPACITY, np.nan)]
            )
        view = column[: self._rows]
        view.flags.writeable = False
        return view

    def _take_back(self) -> None:
        """Give up the last row, which was there only as the newest."""
        self._rows -= 1
        for column in self._columns.values():
            column[self._rows : self._rows + 1] = np.nan

    def _thin(self) -> None:
        """Keep every second row, and of the frames to come half as many as so far."""
        self._columns = {name: self.column(name)[::2].copy() for name in self._columns}
        self._rows = (self._rows + 1) // 2
        self._stride *= 2

    def clear(self) -> None:
        """Forget everything."""
        self._columns.clear()
        self._rows = self._frames = 0
        self._stride = 1
