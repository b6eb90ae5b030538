"""Crossings: where functions of one variable change sign, for many functions at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_MOST_STEPS = 60


def crossings(
    function: Callable[[Numbers], Numbers], low: Numbers, high: Numbers, at_low: Numbers, at_high: Numbers
) -> Numbers:
    """Return a zero or a jump over zero of each function between its two ends.

    Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function",
    Advances in Engineering Software 28, 1997: about ten steps for a smooth function, and never many more than
    bisection.

    Parameters
    ----------
    function : callable
        From positions (n,), one for each function, to values (n,).
    low, high : (n,)
        The ends of the intervals.
    at_low, at_high : (n,)
        The values there, of opposite sign or zero.

    Returns
    -------
    array (n,)
        Accurate to 10⁻¹³ of the largest absolute position, or 10⁻¹² of the shortest interval.
    """
    a, b, fa, fb = high, low, at_high, at_low
    c, fc = a, fa
    share = np.full_like(a, 0.5)
    reach = max(float(np.abs(low).max(initial=0)), float(np.abs(high).max(initial=0)))
    least = max(1e-13 * reach, 1e-12 * float((high - low).min(initial=np.inf))) if len(low) else 0.0
    for _ in range(_MOST_STEPS if len(low) else 0):
        place = a + share * (b - a)
        value = function(place)
        same = np.sign(value) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = place, value
        closer = np.abs(fa) < np.abs(fb)
        best = np.where(closer, a, b)
        limit = 0.5 * least / np.maximum(np.abs(b - a), 1e-300)
        if ((limit > 0.5) | (fa == 0)).all():
            return best
        with np.errstate(divide="ignore", invalid="ignore"):
            along, up = (a - b) / (c - b), (fa - fb) / (fc - fb)
            bends = (up**2 < along) & ((1 - up) ** 2 < 1 - along)
            inverse = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        limit = np.minimum(limit, 0.5)
        share = np.clip(np.where(bends & np.isfinite(inverse), inverse, 0.5), limit, 1 - limit)
    return best if len(low) else low
