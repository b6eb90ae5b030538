"""Root of a decreasing function, by Chandrupatla's method."""

from __future__ import annotations

import math
from collections.abc import Callable


def falling_root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses zero between two points, or the nearer of the two.

    To one unit in the last place: about ten evaluations of a smooth function, and at most some sixty of one
    that jumps, where the jump is the answer.

    Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function
    without using derivatives", Advances in Engineering Software 28, 1997. The bracket [a, b] holds the root;
    c is the point before. Each step is inverse quadratic interpolation through a, b and c where that is safe,
    and a bisection elsewhere.
    """
    a, b = high, low
    at_a, at_b = falling(a), falling(b)
    if at_b <= 0:
        return low
    if at_a > 0:
        return high
    share = 0.5
    while True:
        middle = a + share * (b - a)
        at_middle = falling(middle)
        if at_middle == 0:
            return middle
        if (at_middle > 0) == (at_a > 0):
            c, at_c = a, at_a
        else:
            c, at_c = b, at_b
            b, at_b = a, at_a
        a, at_a = middle, at_middle
        nearest = a if abs(at_a) < abs(at_b) else b
        smallest = math.ulp(nearest) / max(abs(b - a), math.ulp(0.0))
        if smallest >= 0.5:
            return nearest
        share = max(smallest, min(1 - smallest, _share(a, b, c, at_a, at_b, at_c)))


def _share(a: float, b: float, c: float, at_a: float, at_b: float, at_c: float) -> float:
    """Return how far from a to b to look next: interpolated, or one half where the curve bends too much."""
    xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    if not (phi**2 < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    ahead = at_a / (at_b - at_a) * at_c / (at_b - at_c)
    return ahead + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
