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
BROWSING_RATE = 30.0
"""Maximum drawings of a secondary view per second while the person moves through past frames."""
_FLUENT_RATE = 36.0
"""Drawings of a primary view per second, at that time, before secondary ones have more than their share. More
than the 30 that look fluent, since events and other work of the window take from them."""

_FREE = 0.5
"""Allowance in seconds per second while nothing trains on the CPU."""
_SPARED_SHARE = 0.25
"""Allowance per spare core while others train; the worker needs about as much of it for frames."""
_TIGHT_SHARE = 0.03
"""Allowance per core while training uses all of them."""
_BROWSING = 0.85, 0.6, 0.15
"""The same three while the person moves through past frames, and waits for each picture."""
_SECONDARY_SHARE = 0.25
"""Of the allowance, for all secondary views; while browsing, at least."""
_ASSUMED_COST = 0.005
_LEAST_COST = 1e-4
_LEARNING = 0.2
_STEEPEST = 4.0


def allowance(cores: int, threads: int, *, browsing: bool = False) -> float:
    """Return the seconds of processor time per second that drawing may take.

    Parameters
    ----------
    cores : int
        Number of cores of this machine.
    threads : int
        Number of training threads of all runs on the CPU; 0 if all are paused or train on a GPU.
    browsing : bool
        Whether the person moves through past frames.
    """
    free, spared_share, tight_share = _BROWSING if browsing else (_FREE, _SPARED_SHARE, _TIGHT_SHARE)
    if threads == 0:
        return free
    spared = cores - threads
    return min(free, spared_share * spared if spared > 0 else tight_share * cores)


class _View(Struct):
    """State of a view: the cost of a drawing, the time of the last one, and whether another is requested."""

    primary: bool
    cost: float = _ASSUMED_COST
    drawn: float = float("-inf")
    wanted: bool = False


class DrawingPlan:
    """Schedules the views. Times are in seconds on a monotonic clock.

    Primary views, one per run, are drawn as often as the allowance permits, secondary ones a few times per
    second, and as often as it permits while the person moves through past frames.

    Attributes
    ----------
    allowance : float
        Seconds of processor time per second for all views, see `allowance`.
    browsing : bool
        Whether the person moves through past frames.
    """

    def __init__(self) -> None:
        self.allowance = _FREE
        self.browsing = False
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

        Of several that are due, the one comes first that is late by most of its intervals, where a primary
        view counts as later by one. Where there is no time for all, every view is so drawn less often.
        """
        primary, secondary = (1 / rate for rate in self._rates())
        turns: list[tuple[float, float, int]] = []
        for view, known in self._views.items():
            if known.wanted:
                interval = primary if known.primary else secondary
                late = now - known.drawn - interval
                turns.append((max(0.0, -late), -late / interval - known.primary, view))
        if not turns:
            return None
        wait, _, view = min(turns)
        return view, wait

    def _rates(self) -> tuple[float, float]:
        """Return how often per second a primary view may be drawn, and a secondary one.

        The secondary views of all runs share a part of the allowance, and the primary views the rest.
        """
        first, others = self._cost_primary, self._cost_secondary
        least, most = SECONDARY_RATES
        share = _SECONDARY_SHARE * self.allowance
        if self.browsing:
            most = BROWSING_RATE
            share = max(share, self.allowance - _FLUENT_RATE * first)
        secondary = min(most, max(least, share / others)) if others else most
        left = self.allowance - secondary * others
        return min(MAX_RATE, max(MIN_RATE, left / first)) if first else MAX_RATE, secondary

    def _add_up(self) -> None:
        """Sum the costs of drawing all views once; cached, since rates are needed more often."""
        self._cost_primary = sum(view.cost for view in self._views.values() if view.primary)
        self._cost_secondary = sum(view.cost for view in self._views.values() if not view.primary)
