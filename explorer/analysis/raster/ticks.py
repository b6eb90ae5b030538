"""Ticks: round numbers along an axis, and their labels."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_WITHIN_DECADE = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
_ROUNDING = 1e-9
_BRIEF = 6
"""Most characters of a brief label: "50,000" fits beside an axis, "-50,000" does not."""


def round_ticks(low: float, high: float, most: int, least: float = 0.0) -> NDArray[np.float64]:
    """Return at most ``most`` (2 or more) multiples of 1, 2 or 5 times a power of ten, from low to high.

    ``least``, a power of ten, is the least distance: 1 for what is counted.
    """
    power = max(least, 10.0 ** math.floor(math.log10((high - low) / most)))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
        if last - first < most:
            break
    return np.arange(first, last + 1, dtype=np.float64) * step


def decade_ticks(low: float, high: float, most: int) -> NDArray[np.float64]:
    """Return decimal logarithms of round numbers, from ``low`` to ``high``, themselves decimal logarithms.

    1, 2 and 5 times each power of ten where they fit, else 1 and 3 times, else whole powers of ten, or every
    second, third … of them.
    """
    powers = np.arange(math.floor(low), math.ceil(high) + 1)
    for digits in _WITHIN_DECADE:
        ticks = np.sort(np.add.outer(powers, np.log10(digits)).ravel())
        ticks = ticks[(ticks >= low - _ROUNDING) & (ticks <= high + _ROUNDING)]
        if len(ticks) <= most:
            return ticks
    return ticks[:: -(-len(ticks) // most)]


def tick_texts(ticks: NDArray[np.float64], *, brief: bool = False) -> list[str]:
    """Return labels with as many decimals as distinguish them.

    Very large and very small numbers are in scientific notation; if ``brief``, all of over six characters.
    """
    if not len(ticks):
        return []
    largest = float(np.abs(ticks).max())
    step = float(np.diff(ticks).min()) if len(ticks) > 1 else largest
    if step < (1e-3 if brief else 1e-4) or largest >= (1e5 if brief else 1e8):
        return [_power_text(float(tick)) for tick in ticks]
    decimals = max(0, -math.floor(math.log10(step) + _ROUNDING))
    texts = [_with_minus(f"{tick:,.{decimals}f}") for tick in ticks]
    if brief and max(map(len, texts)) > _BRIEF:
        return [_power_text(float(tick)) for tick in ticks]
    return texts


def decade_texts(ticks: NDArray[np.float64]) -> list[str]:
    """Return labels of at most six characters for ``ticks``, which are decimal logarithms."""
    values = [float(f"{10**tick:.3g}") for tick in ticks.tolist()]
    return [f"{value:g}" if 1e-3 <= value < 1e5 else _power_text(value) for value in values]


def _power_text(value: float) -> str:
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    return _with_minus(f"{float(mantissa):g}e{int(exponent)}") if value else "0"


def _with_minus(number: str) -> str:
    """Write a minus sign, which is as wide as a figure, in place of hyphens."""
    return number.replace("-", "−")
