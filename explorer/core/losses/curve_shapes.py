"""Shapes of target-logit curves with their derivatives; all angles in radians, all arrays float64."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Line(NamedTuple):
    """A curve over θ: its ``value`` and its ``slope`` dvalue/dθ, each of the shape of θ.

    At a jump or corner the slope is that of the branch to which the value belongs.
    """

    value: Floats
    slope: Floats


def cosine(theta: Floats) -> Line:
    """Return cos θ."""
    return Line(np.cos(theta), -np.sin(theta))


def lowered(line: Line, margin: float | Floats) -> Line:
    """Return ``line`` − m: a margin on the logit, as in CosFace."""
    return Line(line.value - margin, line.slope)


def arc_margin(theta: Floats, margin: float | Floats, beyond_pi: str = "fallback") -> Line:
    """Return cos(θ + m), continued beyond θ + m = π as ``beyond_pi`` says.

    ``fallback``: cos θ − m·sin m, which keeps decreasing after a jump; ``none``: cos(θ + m), which increases
    there; ``easy``: cos θ beyond 90°, where it jumps upward; ``clip``: −1, and 1 where a negative margin
    leads below θ + m = 0.
    """
    if beyond_pi == "clip":
        angle = np.clip(theta + margin, 0.0, np.pi)
        inside = angle == theta + margin
        return Line(np.cos(angle), np.where(inside, -np.sin(angle), 0.0))
    added = Line(np.cos(theta + margin), -np.sin(theta + margin))
    plain = cosine(theta)
    if beyond_pi == "fallback":
        return _choose(plain.value < -np.cos(margin), lowered(plain, margin * np.sin(margin)), added)
    if beyond_pi == "easy":
        return _choose(plain.value > 0, added, plain)
    return added


def multiplied(theta: Floats, margin: float, added: float = 0.0) -> Line:
    """Return ψ(θ) = (−1)^k cos(mθ) − 2k with k = ⌊mθ/π⌋: cos(mθ), continued so that it decreases on [0, π].

    Liu et al. 2016, eq. 6, for integer m; the formula also holds for real m, and for an angle ``added`` to
    mθ. Its slope is zero at every kπ/m.
    """
    angle = margin * theta + added
    fold = np.floor(angle / np.pi)
    sign = np.where(fold % 2 == 0, 1.0, -1.0)
    return Line(sign * np.cos(angle) - 2 * fold, -sign * margin * np.sin(angle))


def _choose(condition: NDArray[np.bool_], first: Line, second: Line) -> Line:
    return Line(
        np.where(condition, first.value, second.value), np.where(condition, first.slope, second.slope)
    )
