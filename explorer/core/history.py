"""History: the scalars of a run over its steps, as columns that grow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 256
STEP, ELAPSED = "step", "elapsed"


class History:
    """Columns by name, one row per frame: ``step``, ``elapsed`` and scalars; NaN where a row lacks one."""

    def __init__(self) -> None:
        self._columns: dict[str, NDArray[np.float64]] = {}
        self._rows = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in the order of their first appearance."""
        return tuple(self._columns)

    def append(self, step: int, elapsed: float, scalars: Mapping[str, float]) -> None:
        """Add the scalars of one frame."""
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

    def clear(self) -> None:
        """Forget everything."""
        self._columns.clear()
        self._rows = 0
