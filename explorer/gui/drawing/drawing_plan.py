"""DrawingPlan: decides when to draw which view, so that drawing slows training only a little. Without Qt.

A parallel training step waits for its slowest thread, so a millisecond that the window takes from one
training core is lost on all of them; and even on a spare core the window shares caches, memory bandwidth and
heat. Drawing therefore has an allowance of processor time, which is kept by measuring its cost.
"""

from __future__ import annotations

from msgspec import Struct

MAX_RATE = 60.0
"""Maximum drawings of a primary view per second: a screen shows no more."""
MIN_RATE = 4.0
"""Minimum drawings of a primary view per second, even beyond the allowance."""
SECONDARY_RATES = (2.0, 4.0)
"""Minimum and maximum drawings of a secondary view per second."""

_FREE = 0.5
"""Allowance in seconds per second while nothing trains on the CPU."""
_SPARED_SHARE = 0.25
"""Allowance per spare core while others train; the worker needs about as much of it for frames."""
_TIGHT_SHARE = 0.03
"""Allowance per core while training uses all of them."""
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
        Number of cores of this machine.
    threads : int
        Number of training threads of all runs on the CPU; 0 if all are paused or train on a GPU.
    """
    if threads == 0:
        return _FREE
    spared = cores - threads
    return min(_FREE, _SPARED_SHARE * spared if spared > 0 else _TIGHT_SHARE * cores)


class _View(Struct):
    """State of a view: the cost of a drawing, the time of the last one, and whether another is requested."""

    primary: bool
    cost: float = _ASSUMED_COST
    drawn: float = float("-inf")
    wanted: bool = False


class DrawingPlan:
    """Schedules the views. Times are in seconds on a monotonic clock.

    Primary views, one per run, are drawn as often as the allowance permits, secondary ones a few times per
    second.
    """

    def __init__(self) -> None:
        self.allowance = _FREE
        self._views: dict[int, _View] = {}
        self._count = 0
        self._cost_primary = self._cost_secondary = 0.0

    def add(self, *, primary: bool) -> int:
        """Add a view, and return its number."""
        number, self._count = self._count, self._count + 1
        self._views[number] = _View(primary)
        self._add_up()
        return number

    def remove(self, view: int) -> None:
        """Remove a view."""
        del self._views[view]
        self._add_up()

    def want(self, view: int) -> None:
        """Request a drawing of a view."""
        self._views[view].wanted = True

    def drawn(self, view: int, now: float) -> None:
        """Record that a view was drawn, which fulfils its request."""
        self._views[view].drawn, self._views[view].wanted = now, False

    def cost(self, view: int, seconds: float) -> None:
        """Update the cost of a view, damping outliers such as a first drawing or one during a resize."""
        known = self._views[view]
        seconds = min(max(seconds, _LEAST_COST), _STEEPEST * known.cost)
        known.cost += _LEARNING * (seconds - known.cost)
        self._add_up()

    def rate(self, view: int) -> float:
        """Return how often per second a view may be drawn."""
        primary, secondary = self._rates()
        return primary if self._views[view].primary else secondary

    def next(self, now: float) -> tuple[int, float] | None:
        """Return the next view to draw and in how many seconds, 0 for now; None without a request.

        Of several that are due, primary views come first, and of those the one that has waited longest.
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
        """Return how often per second a primary view may be drawn, and a secondary one.

        The secondary views of all runs share a part of the allowance, and the primary views the rest.
        """
        first, others = self._cost_primary, self._cost_secondary
        least, most = SECONDARY_RATES
        secondary = min(most, max(least, _SECONDARY_SHARE * self.allowance / others)) if others else most
        left = self.allowance - secondary * others
        return min(MAX_RATE, max(MIN_RATE, left / first)) if first else MAX_RATE, secondary

    def _add_up(self) -> None:
        """Sum the costs of drawing all views once; cached, since rates are needed more often."""
        self._cost_primary = sum(view.cost for view in self._views.values() if view.primary)
        self._cost_secondary = sum(view.cost for view in self._views.values() if not view.primary)
