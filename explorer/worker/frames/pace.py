"""Pace: decides when the next frame is due, so that frames take only a few percent of the training time."""

from __future__ import annotations

MAX_SHARE = 0.06
"""Maximum fraction of the time that snapshots may take."""
BESIDE_SHARE = 0.3
"""The same where a spare core takes them; the rest of that core is for the window."""
CUDA_SHARE = 0.05
"""The same on a GPU."""
MIN_INTERVAL = 1 / 60
"""Minimum seconds between frames: a screen shows no more."""


class Pace:
    """Decides when the next snapshot is due, from the cost of earlier ones; times in seconds.

    Parameters
    ----------
    share : float
        Maximum fraction of the time that they may take.
    """

    def __init__(self, share: float = MAX_SHARE) -> None:
        self._share = share
        self._cost = 0.0
        self._last = float("-inf")

    def taken(self, start: float, end: float) -> None:
        """Record that a snapshot was taken between these times."""
        cost = end - start
        self._cost = cost if self._cost == 0 else min(cost, (self._cost + cost) / 2)
        self._last = end

    @property
    def interval(self) -> float:
        """Seconds from the end of one snapshot to the start of the next."""
        return max(MIN_INTERVAL, self._cost * (1 / self._share - 1))

    def due(self, now: float) -> bool:
        """Whether a snapshot may be taken."""
        return now - self._last >= self.interval
