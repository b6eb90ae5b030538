"""Shapes of target-logit curves, each with its derivative; all angles in radians, all arrays float64."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Line(NamedTuple):
    """A curve over θ: its ``value`` and its ``slope`` dvalue/dθ, each of the shape of θ.

    Where the curve jumps or has a corner, the slope is the one of the branch that the value stands on.
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

    ``fallback``: cos θ − m·sin m, which keeps falling after a step; ``none``: cos(θ + m), which turns upward;
    ``easy``: cos θ beyond 90°, which jumps upward there; ``clip``: −1.
    """
    added = Line(np.cos(theta + margin), -np.sin(theta + margin))
    beyond = np.cos(theta) < -np.cos(margin)
    if beyond_pi == "fallback":
        return _choose(beyond, lowered(cosine(theta), margin * np.sin(margin)), added)
    if beyond_pi == "easy":
        return _choose(np.cos(theta) > 0, added, cosine(theta))
    if beyond_pi == "clip":
        return _choose(beyond, Line(-np.ones_like(theta), np.zeros_like(theta)), added)
    return added


def multiplied(theta: Floats, margin: float) -> Line:
    """Return ψ(θ) = (−1)^k cos(mθ) − 2k with k = ⌊mθ/π⌋: cos(mθ), made to fall all the way.

    Liu et al. 2016, eq. 6, for whole m; the same formula serves a real m. Its slope is zero at every kπ/m.
    """
    fold = np.floor(margin * theta / np.pi)
    sign = np.where(fold % 2 == 0, 1.0, -1.0)
    return Line(sign * np.cos(margin * theta) - 2 * fold, -sign * margin * np.sin(margin * theta))


def annealed(theta: Floats, margin: float, annealing: float) -> Line:
    """Return (λ cos θ + ψ(θ))/(1 + λ), between ψ at λ = 0 and cos θ as λ grows."""
    plain, psi = cosine(theta), multiplied(theta, margin)
    total = 1 + annealing
    return Line((annealing * plain.value + psi.value) / total, (annealing * plain.slope + psi.slope) / total)


def linear_angle(theta: Floats, margin: float = 0.0) -> Line:
    """Return (π − 2(θ + m))/π: Li-ArcFace's straight line."""
    return Line((np.pi - 2 * (theta + margin)) / np.pi, np.full_like(theta, -2 / np.pi))


def adaptive(theta: Floats, margin: float, quality: float | Floats) -> Line:
    """Return cos(θ − m·z) − (m + m·z) for a ``quality`` z in [−1, 1].

    Kim et al. 2022: ArcFace's cos(θ + m) at z = −1, CosFace at z = 0, a negative angular margin at z = 1.
    """
    added = arc_margin(theta, -margin * quality, "none")
    return lowered(added, margin * (1 + quality))


def powered(theta: Floats, power: float) -> Line:
    """Return g(θ) = 2((cos θ + 1)/2)^t − 1: SphereFace2's cosine, flatter far from the class weight."""
    half = (np.cos(theta) + 1) / 2
    return Line(2 * half**power - 1, -np.sin(theta) * power * half ** (power - 1))


def circle_target(theta: Floats, margin: float) -> Line:
    """Return m² − (1 − cos θ)²: Circle loss' own logit over γ, its weight α_p = 1 + m − cos θ included.

    The slope is the curve's own; in training α_p counts as constant.
    """
    plain = cosine(theta)
    return Line(margin**2 - (1 - plain.value) ** 2, 2 * (1 - plain.value) * plain.slope)


def circle_other(theta: Floats, margin: float) -> Line:
    """Return [cos θ + m]₊(cos θ − m): Circle loss' logit of another class over γ. As `circle_target`."""
    plain = cosine(theta)
    counts = plain.value > -margin
    return Line(
        np.where(counts, plain.value**2 - margin**2, 0.0),
        np.where(counts, 2 * plain.value * plain.slope, 0.0),
    )


def _choose(condition: NDArray[np.bool_], first: Line, second: Line) -> Line:
    return Line(
        np.where(condition, first.value, second.value), np.where(condition, first.slope, second.slope)
    )
