"""DrawingPlan: when to draw what, so that watching costs training little. Knows nothing of Qt.

A parallel training step waits for its slowest thread, so each millisecond that the window takes from a core
that trains is lost on all of them; and even on a core of its own it shares caches, memory and heat. Hence an
allowance of processor time, kept by measuring what drawing costs.
"""

from __future__ import annotations

MAX_RATE = 60.0
"""Drawings of the primary view per second: more than a screen shows is waste."""
MIN_RATE = 4.0
"""Drawings of the primary view per second that are worth more than the allowance."""
SECONDARY_RATES = (2.0, 4.0)
"""Least and greatest number of drawings of a secondary view per second."""
PRIMARY = 0
"""Number of the primary view in a plan; the secondary ones follow."""

_FREE = 0.5
"""Seconds of drawing per second where nothing that trains needs them."""
_SPARED_SHARE = 0.25
"""The same on each core that training on the others leaves alone; the worker's frames take as much of it."""
_TIGHT_SHARE = 0.03
"""The same on each core where training takes all of them."""
_SECONDARY_SHARE = 0.25
_ASSUMED_COST = 0.005
_LEAST_COST = 1e-4
_LEARNING = 0.2
_STEEPEST = 4.0


def allowance(cores: int, threads: int) -> float:
    """Return the seconds of processor time per second that drawing may take.

    Parameters
    ----------
    cores : int
        Of this machine.
    threads : int
        Of them that train now; 0 for a run that is held or trains elsewhere.
    """
    if threads == 0:
        return _FREE
    spared = cores - threads
    return min(_FREE, _SPARED_SHARE * spared if spared > 0 else _TIGHT_SHARE * cores)


class DrawingPlan:
    """Gives each view its turns. Times are seconds on any steady clock.

    Parameters
    ----------
    views : int
        Number of views: the primary one first, then the secondary ones.
    """

    def __init__(self, views: int) -> None:
        self.allowance = _FREE
        self._costs = [_ASSUMED_COST] * views
        self._drawn = [float("-inf")] * views
        self._wanted = [False] * views

    def want(self, view: int) -> None:
        """Note that there is something new to draw in a view."""
        self._wanted[view] = True

    def drawn(self, view: int, now: float) -> None:
        """Note that a view was drawn; nothing more is wanted of it."""
        self._drawn[view], self._wanted[view] = now, False

    def cost(self, view: int, seconds: float) -> None:
        """Learn what a drawing cost; a first one, or one during a resize, is not taken at its word."""
        known = self._costs[view]
        seconds = min(max(seconds, _LEAST_COST), _STEEPEST * known)
        self._costs[view] = known + _LEARNING * (seconds - known)

    def rate(self, view: int) -> float:
        """Return how many times a second a view may be drawn."""
        least, most = SECONDARY_RATES
        others = sum(self._costs[PRIMARY + 1 :])
        secondary = min(most, max(least, _SECONDARY_SHARE * self.allowance / others)) if others else most
        if view != PRIMARY:
            return secondary
        left = self.allowance - secondary * others
        return min(MAX_RATE, max(MIN_RATE, left / self._costs[PRIMARY]))

    def next(self, now: float) -> tuple[int, float] | None:
        """Return which view comes next and in how many seconds, 0 for now; None where nothing is wanted."""
        turns = [
            (max(0.0, self._drawn[view] + 1 / self.rate(view) - now), view)
            for view, wanted in enumerate(self._wanted)
            if wanted
        ]
        if not turns:
            return None
        wait, view = min(turns)
        return view, wait
