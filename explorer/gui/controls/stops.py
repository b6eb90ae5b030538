"""Stops: the values at which the slider of a number stops, in equal steps or equal ratios."""

from __future__ import annotations

import bisect
import math
from decimal import Decimal
from functools import lru_cache

from explorer.core.params import Param, Value

_PER_DECADE = 24
_MOST_EVEN = 1000
_MOST_AT_ALL = 10_000_000


def format_number(value: float) -> str:
    """Return the shortest text that reads back as the same number, without an exponent: ``"0.0005"``."""
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


@lru_cache(maxsize=512)
def stops(param: Param) -> tuple[float, ...]:
    """Return the values a slider of ``param`` stops at, ascending; empty where a slider makes no sense.

    A range of at most a thousand steps has a stop at each. A longer one has 24 per decade, rounded to two
    significant digits, and zero where the range begins there. The default and the published values are always
    included. A range of more than ten million steps, such as that of a seed, has no stops. A few numbers that
    are offered are all the stops there are.
    """
    if param.offered:
        return param.offered
    if param.min is None or param.max is None or param.step is None:
        return ()
    count = (param.max - param.min) / param.step
    if count > _MOST_AT_ALL:
        return ()
    if param.log or count > _MOST_EVEN:
        values = _ratios(param.min or param.step, param.max)
    else:
        first, step = Decimal(repr(param.min)), Decimal(repr(param.step))
        values = {float(first + index * step) for index in range(math.floor(count + 1e-9) + 1)}
    values |= {param.min, param.max}
    values |= {float(value) for value in (*param.defaults, *param.published) if not isinstance(value, str)}
    inside = sorted(value for value in values if param.min <= value <= param.max)
    if param.kind == "int":
        return tuple(sorted({round(value) for value in inside}))
    return tuple(float(value) for value in inside)


def _ratios(low: float, high: float) -> set[float]:
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    mantissas = [round(10 ** (1 + index / _PER_DECADE)) for index in range(_PER_DECADE)]
    return {float(f"{mantissa}e{decade - 1}") for decade in decades for mantissa in mantissas}


def nearest(values: tuple[float, ...], value: float) -> int:
    """Return the index of the stop at or next to ``value``."""
    right = bisect.bisect_left(values, value)
    if right == 0:
        return 0
    if right == len(values) or value - values[right - 1] <= values[right] - value:
        return right - 1
    return right


def stepped(param: Param, value: float, steps: int) -> Value:
    """Return the value ``steps`` stops up (down where negative) from ``value``, within the limits.

    A value between two stops goes to the neighbouring one first.
    """
    values = stops(param)
    if values:
        start = bisect.bisect_right(values, value) - 1 if steps > 0 else bisect.bisect_left(values, value)
        return values[min(max(start + steps, 0), len(values) - 1)]
    moved = value + steps * (param.step or 1)
    moved = moved if param.min is None else max(moved, param.min)
    moved = moved if param.max is None else min(moved, param.max)
    return param.check(moved)


def spread(param: Param, value: float) -> tuple[float, ...]:
    """Return half of ``value``, itself and twice of it: whole where the parameter is, and within its limits.

    Zero is compared with the default and twice of that; what has no slider is not compared.
    """
    if not stops(param) or param.min is None or param.max is None:
        return ()
    base = value or float(param.default)
    others = (float(f"{base * ratio:.3g}") for ratio in ((0.5, 2) if value else (1, 2)))
    near = {value, *(round(number) if param.kind == "int" else number for number in others)}
    return tuple(sorted(number for number in near if param.min <= number <= param.max))
