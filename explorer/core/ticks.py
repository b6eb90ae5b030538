"""Ticks: round numbers along an axis, and how they are written."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_WITHIN_DECADE = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
_ROUNDING = 1e-9


def round_ticks(low: float, high: float, most: int) -> NDArray[np.float64]:
    """Return at most ``most`` (2 or more) multiples of 1, 2 or 5 times a power of ten, from low to high."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
        if last - first < most:
            break
    return np.arange(first, last + 1, dtype=np.float64) * step


def decade_ticks(low: float, high: float, most: int) -> NDArray[np.float64]:
    """Return decimal logarithms of round numbers, from ``low`` to ``high``, themselves decimal logarithms.

    1, 2 and 5 of each power of ten where there is room for them, else 1 and 3, else whole powers, each or
    every so many.
    """
    powers = np.arange(math.floor(low), math.ceil(high) + 1)
    for digits in _WITHIN_DECADE:
        ticks = np.sort(np.add.outer(powers, np.log10(digits)).ravel())
        ticks = ticks[(ticks >= low - _ROUNDING) & (ticks <= high + _ROUNDING)]
        if len(ticks) <= most:
            return ticks
    return ticks[:: -(-len(ticks) // most)]


def tick_texts(ticks: NDArray[np.float64]) -> list[str]:
    """Return the numbers with as many decimals as tell them apart; very large and small ones in powers."""
    if not len(ticks):
        return []
    largest = float(np.abs(ticks).max())
    step = float(np.diff(ticks).min()) if len(ticks) > 1 else largest
    if step <= 0 or largest >= 1e7 or step < 1e-4:
        return [f"{tick:.3g}" for tick in ticks]
    decimals = max(0, -math.floor(math.log10(step) + _ROUNDING))
    return [f"{tick:,.{decimals}f}" for tick in ticks]
