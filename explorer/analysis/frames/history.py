"""History: the scalars of a run by step, as growing columns, changes of its settings, and its events."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.events.event_log import EventLog
from explorer.analysis.frames.setting_changes import Marks

MOST_BYTES = 4 * 2**20
"""Limit of all columns together, 20,000 rows: more than a curve has pixels. Beyond it rows are thinned."""
STEP, ELAPSED = "step", "elapsed"
_FIRST_CAPACITY = 256
_BYTES = np.dtype(np.float64).itemsize


class History:
    """Columns by name, one row per frame: ``step``, ``elapsed`` (seconds of training) and scalars.

    A value that a frame lacks is NaN. A second frame of the same step fills in what the first one lacked.
    Where more rows come than `MOST_BYTES` holds, only every second, fourth, eighth … is kept, and the newest.

    Attributes
    ----------
    marks : Marks
        The changes of settings.
    events : EventLog
        What happened in the run.
    first_losses : dict of int to float
        Losses of the first steps, as far as frames have them.
    """

    def __init__(self) -> None:
        self.marks = Marks()
        self.events = EventLog()
        self.first_losses: dict[int, float] = {}
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
        """Names of all columns, in order of first appearance."""
        return tuple(self._places)

    @property
    def nbytes(self) -> int:
        """Memory of all columns in bytes."""
        return self._table.nbytes

    def append(self, step: int, elapsed: float, scalars: Mapping[str, float]) -> None:
        """Add the scalars of one frame as a row, or to the last row if it has the same step."""
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
        """Return a read-only view (rows,) of a column; all NaN for an unknown name."""
        place = self._places.get(name)
        if place is None:
            return np.full(self._rows, np.nan)
        view = self._table[place, : self._rows]
        view.flags.writeable = False
        return view

    def _take_back(self) -> None:
        """Remove the last row."""
        self._rows -= 1
        self._table[:, self._rows] = np.nan

    def _make_room(self) -> None:
        """Grow the table to hold all columns and one more row; halve the rows where it may not grow."""
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
