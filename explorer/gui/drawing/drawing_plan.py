"""DrawingPlan: when to draw what, so that watching costs training little. Knows nothing of Qt.

A parallel training step waits for its slowest thread, so each millisecond that the window takes from a core
that trains is lost on all of them; and even on a core of its own it shares caches, memory and heat. Hence an
allowance of processor time, kept by measuring what drawing costs.
"""

from __future__ import annotations

from msgspec import Struct

MAX_RATE = 60.0
"""Drawings of a primary view per second: more than a screen shows is waste."""
MIN_RATE = 4.0
"""Drawings of a primary view per second that are worth more than the allowance."""
SECONDARY_RATES = (2.0, 4.0)
"""Least and greatest number of drawings of a secondary view per second."""

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
        Of them that train now, in all runs; 0 where all are held or train elsewhere.
    """
    if threads == 0:
        return _FREE
    spared = cores - threads
    return min(_FREE, _SPARED_SHARE * spared if spared > 0 else _TIGHT_SHARE * cores)


class _View(Struct):
    """What a plan knows of a view: what a drawing costs, when the last one was, and whether one is wanted."""

    primary: bool
    cost: float = _ASSUMED_COST
    drawn: float = float("-inf")
    wanted: bool = False


class DrawingPlan:
    """Gives each view its turns. Times are seconds on any steady clock.

    Primary views, one for each run, are drawn as often as the allowance lets them, secondary ones a few times
    a second.
    """

    def __init__(self) -> None:
        self.allowance = _FREE
        self._views: dict[int, _View] = {}
        self._count = 0
        self._cost_primary = self._cost_secondary = 0.0

    def add(self, *, primary: bool) -> int:
        """Take in a view, and return its number."""
        number, self._count = self._count, self._count + 1
        self._views[number] = _View(primary)
        self._add_up()
        return number

    def remove(self, view: int) -> None:
        """Leave out a view from now on."""
        del self._views[view]
        self._add_up()

    def want(self, view: int) -> None:
        """Note that there is something new to draw in a view."""
        self._views[view].wanted = True

    def drawn(self, view: int, now: float) -> None:
        """Note that a view was drawn; nothing more is wanted of it."""
        self._views[view].drawn, self._views[view].wanted = now, False

    def cost(self, view: int, seconds: float) -> None:
        """Learn what a drawing cost; a first one, or one during a resize, is not taken at its word."""
        known = self._views[view]
        seconds = min(max(seconds, _LEAST_COST), _STEEPEST * known.cost)
        known.cost += _LEARNING * (seconds - known.cost)
        self._add_up()

    def rate(self, view: int) -> float:
        """Return how many times a second a view may be drawn."""
        primary, secondary = self._rates()
        return primary if self._views[view].primary else secondary

    def next(self, now: float) -> tuple[int, float] | None:
        """Return which view comes next and in how many seconds, 0 for now; None where nothing is wanted.

        Of several whose turn it is the primary ones go first, and of those the one that has waited longest.
        """
        primary, secondary = (1 / rate for rate in self._rates())
        turns = [
            (
                max(0.0, known.drawn + (primary if known.primary else secondary) - now),
                not known.primary,
                known.drawn,
                view,
            )
            for view, known in self._views.items()
            if known.wanted
        ]
        if not turns:
            return None
        wait, _, _, view = min(turns)
        return view, wait

    def _rates(self) -> tuple[float, float]:
        """Return how many times a second a primary view may be drawn, and a secondary one.

        The secondary views of all runs share a part of the allowance; the primary ones share the rest.
        """
        first, others = self._cost_primary, self._cost_secondary
        least, most = SECONDARY_RATES
        secondary = min(most, max(least, _SECONDARY_SHARE * self.allowance / others)) if others else most
        left = self.allowance - secondary * others
        return min(MAX_RATE, max(MIN_RATE, left / first)) if first else MAX_RATE, secondary

    def _add_up(self) -> None:
        """Add up what drawing all views once costs; kept, since rates are asked for more often."""
        self._cost_primary = sum(view.cost for view in self._views.values() if view.primary)
        self._cost_secondary = sum(view.cost for view in self._views.values() if not view.primary)
