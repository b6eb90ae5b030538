"""Scores that are quadratic in the position, without mixed terms: parabolas along each line of constant y."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.plane.geometry import Floats

Numbers = NDArray[np.float64]

_WIDEST_SPREAD = 200.0
"""Logarithm of the least and greatest variance, up to a sign, with which squares still are numbers."""
_FLAT = 1e-290
"""In the place of a square term of zero; it keeps the two solutions apart and moves none that is visible."""


class Parabolas(Struct, frozen=True, eq=False):
    """C scores a·x² + b·x + c + (d·y² + e·y), each coefficient (C,)."""

    a: Numbers
    b: Numbers
    c: Numbers
    d: Numbers
    e: Numbers

    @classmethod
    def of(cls, centers: Floats, log_variance: Floats, origin: Numbers, factor: float = 1.0) -> Parabolas:
        """Return −``factor``·½(x − μ)ᵀΛ⁻¹(x − μ) − ½ln|Λ| of Gaussians (C, 2), x counted from ``origin``.

        Those with a number that is not finite never win.
        """
        mean = centers.astype(np.float64) - origin
        spread = np.clip(log_variance.astype(np.float64), -_WIDEST_SPREAD, _WIDEST_SPREAD)
        present = np.isfinite(np.concatenate([mean, spread], axis=1)).all(axis=1)
        mean, spread = np.where(present[:, None], mean, 0), np.where(present[:, None], spread, 0)
        sharp = factor * np.exp(-spread) / 2
        slope = 2 * sharp * mean
        constant = -(sharp * mean**2).sum(axis=1) - spread.sum(axis=1) / 2
        constant[~present] = -1e300
        return cls(-sharp[:, 0], slope[:, 0], constant, -sharp[:, 1], slope[:, 1])

    def constants(self, y: Numbers) -> Numbers:
        """Return the part of the scores that does not depend on x, at each of ``y`` (n,), (n, C)."""
        return self.c + (self.d * y[:, None] + self.e) * y[:, None]


def zeros(a: Numbers, b: Numbers, c: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Return the zeros of a·x² + b·x + c, the smaller first, NaN where there are none, and where a > 0."""
    a, b, c = np.broadcast_arrays(np.where(a == 0, _FLAT, a), b, c)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        inside = b**2 - 4 * a * c
        root = np.sqrt(np.where(inside > 0, inside, np.nan))  # where the two are one, nothing changes sign
        half = -(b + np.copysign(root, b)) / 2
        one, two = half / a, c / half
        return np.fmin(one, two), np.fmax(one, two), a > 0
