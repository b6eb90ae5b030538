"""DrawnCurve: T(θ) as a person draws it, and how far it is from the curve of the loss."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.margins.target_curve import THETA, Curve
from explorer.core.texts import Text, text

KNOT_DEGREES = 2.5
KNOTS = np.linspace(0.0, 180.0, round(180 / KNOT_DEGREES) + 1)
"""Angles in degrees at which a drawn curve has a value."""

_SAME = 1e-6


class CurvePlace(NamedTuple):
    """A place of the plot of T(θ): the angle in degrees, and the value there."""

    degrees: float
    value: float


class DrawnCurve(Struct, frozen=True, eq=False):
    """The values (73,) of a curve at `KNOTS`, NaN where nothing is drawn yet."""

    values: NDArray[np.float64]

    @classmethod
    def blank(cls) -> DrawnCurve:
        """Return a curve of which nothing is drawn."""
        return cls(np.full(len(KNOTS), np.nan))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return bool(np.isnan(self.values).all())

    def with_stroke(self, start: CurvePlace, end: CurvePlace) -> DrawnCurve:
        """Return the curve with a straight stroke, which replaces what was drawn at its angles."""
        values = self.values.copy()
        first, last = sorted((_knot(start.degrees), _knot(end.degrees)))
        low, high = sorted((start, end))
        passed = slice(first, last + 1)
        values[passed] = np.interp(KNOTS[passed], [low.degrees, high.degrees], [low.value, high.value])
        values[_knot(end.degrees)] = end.value  # also where both are at the same knot
        return DrawnCurve(values)

    def value_at(self, degrees: float) -> float:
        """Return the value that is drawn at the knot nearest to an angle, NaN for none."""
        return float(self.values[_knot(degrees)])

    @property
    def curve(self) -> Curve:
        """The values at `THETA`, between knots and beyond the ends as drawn nearest; NaN if blank."""
        drawn, degrees = ~np.isnan(self.values), np.degrees(THETA)
        if not drawn.any():
            return np.full(len(degrees), np.nan)
        return np.interp(degrees, KNOTS[drawn], self.values[drawn])

    @property
    def drawn_part(self) -> Curve:
        """The values at `THETA` between the first and the last knot that is drawn, NaN beyond."""
        drawn, degrees = KNOTS[~np.isnan(self.values)], np.degrees(THETA)
        if not len(drawn):
            return np.full(len(degrees), np.nan)
        return np.where((degrees > drawn[0] - _SAME) & (degrees < drawn[-1] + _SAME), self.curve, np.nan)


def curve_off(drawn: DrawnCurve, values: Curve) -> float:
    """Return the root mean square difference over [0, π] of a drawn curve from ``values`` at `THETA`.

    It is a share of the range of ``values``, from its lowest to its highest; of 1 for a constant curve.
    """
    extent = float(np.ptp(values)) or 1.0
    return float(np.sqrt(np.mean((drawn.curve - values) ** 2))) / extent


def curve_reason(values: Curve) -> Text:
    """Return in one sentence how T(θ) differs from cos θ; ``values`` are at `THETA`."""
    below = np.cos(THETA) - values
    most, least = int(below.argmax()), int(below.argmin())
    down = {"below": f"{below[most]:.2f}", "at": round(float(np.degrees(THETA[most])))}
    up = {"above": f"{-below[least]:.2f}", "there": round(float(np.degrees(THETA[least])))}
    if max(below[most], -below[least]) < _SAME:
        return text("T(θ) is cos θ itself: training asks for no more than the test.")
    if below[least] > 0 and np.ptp(below) < _SAME:
        return text(
            "T(θ) lies {below} below cos θ at every angle: in training an image must be nearer to its class "
            "than in the test.",
            below=down["below"],
        )
    if -below[least] < _SAME:
        return text(
            "T(θ) lies below cos θ, at most by {below} at {at}°: in training an image must be nearer to its "
            "class than in the test.",
            **down,
        )
    if below[most] < _SAME:
        return text("T(θ) lies above cos θ, at most by {above} at {there}°.", **up)
    return text(
        "T(θ) lies up to {below} below cos θ (at {at}°) and up to {above} above it (at {there}°).",
        **down,
        **up,
    )


def _knot(degrees: float) -> int:
    return min(max(round(degrees / KNOT_DEGREES), 0), len(KNOTS) - 1)
