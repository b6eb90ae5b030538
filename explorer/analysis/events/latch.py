"""Latch: conditions that turn on and off with hysteresis, so that noise makes no stream of events."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

PATIENCE = 2
"""Observations in succession for which a condition must hold before it counts.

One frame is not enough: the accuracy of a class can fall to zero and recover within a few steps.
"""


class Latch:
    """An array of switches that change only after `PATIENCE` observations that agree.

    The first observation sets them without a change: what a run begins with has not happened in it.

    Attributes
    ----------
    on : Mask
        The state of each switch.
    since : NDArray
        Step of the first of the observations that made each switch change, or that ask for it now.
    """

    def __init__(self, on: Mask) -> None:
        self.on = on.copy()
        self.since = np.zeros(on.shape, np.int64)
        self._count = np.zeros(on.shape, np.int8)

    def update(self, step: int, enter: Mask, leave: Mask) -> tuple[Mask, Mask]:
        """Take an observation and return which switches turn on, and which turn off.

        ``enter`` and ``leave`` hold where a switch should turn on or off; where neither holds, it stays.
        """
        asked = np.where(self.on, leave, enter)
        self.since[asked & (self._count == 0)] = step
        self._count = np.where(asked, self._count + 1, 0).astype(np.int8)
        changed = self._count >= PATIENCE
        self._count[changed] = 0
        turned_on, turned_off = changed & ~self.on, changed & self.on
        self.on ^= changed
        return turned_on, turned_off
