"""Distances and similarities of two vectors, in float64."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

Vector = Sequence[float]

_ROUNDING = 1e-12


class Comparison(Struct, frozen=True):
    """All distances and similarities of two vectors; NaN where one is not defined.

    Parameters
    ----------
    euclidean, manhattan : float
        ‖a − b‖ and Σ|aᵢ − bᵢ|, in the unit of the components.
    cosine, cosine_distance : float
        cos(a, b), −1 to 1, and 1 − cos(a, b), 0 to 2.
    angle : float
        The angle between the vectors in radians, 0 to π.
    own_means, assumed_mean : float
        Adjusted cosine: the cosine once each vector's own mean, or one mean for both, is subtracted.
    first_share : float
        Share of the first component in ‖a − b‖².
    """

    euclidean: float
    manhattan: float
    cosine: float
    cosine_distance: float
    angle: float
    own_means: float
    assumed_mean: float
    first_share: float


def compare(a: Vector, b: Vector, assumed_mean: float) -> Comparison:
    """Return all distances and similarities of two vectors of the same length."""
    apart = euclidean(a, b)
    similarity = cosine(a, b)
    return Comparison(
        euclidean=apart,
        manhattan=manhattan(a, b),
        cosine=similarity,
        cosine_distance=1.0 - similarity,
        angle=angle(a, b),
        own_means=cosine(_less(a, mean(a)), _less(b, mean(b))),
        assumed_mean=cosine(_less(a, assumed_mean), _less(b, assumed_mean)),
        first_share=((a[0] - b[0]) / apart) ** 2 if apart else math.nan,
    )


def norm(a: Vector) -> float:
    """Return ‖a‖."""
    return math.hypot(*a)


def mean(a: Vector) -> float:
    """Return the mean of the components."""
    return math.fsum(a) / len(a)


def euclidean(a: Vector, b: Vector) -> float:
    """Return ‖a − b‖."""
    return math.dist(a, b)


def manhattan(a: Vector, b: Vector) -> float:
    """Return Σ|aᵢ − bᵢ|, the length of a path along the axes."""
    return math.fsum(abs(x - y) for x, y in zip(a, b, strict=True))


def unit(a: Vector) -> tuple[float, ...]:
    """Return a/‖a‖; NaN for the zero vector, which has no direction."""
    length = norm(a)
    return tuple(x / length for x in a) if length else (math.nan,) * len(a)


def cosine(a: Vector, b: Vector) -> float:
    """Return cos(a, b); NaN where one of the vectors is zero."""
    similarity = math.fsum(x * y for x, y in zip(unit(a), unit(b), strict=True))
    return similarity if math.isnan(similarity) else min(max(similarity, -1.0), 1.0)


def angle(a: Vector, b: Vector) -> float:
    """Return the angle between two vectors in radians; NaN where one is zero.

    2·atan2(‖u − v‖, ‖u + v‖) of the unit vectors: near 0 and π the arccosine would lose half the digits
    (Kahan 2006, "How futile are mindless assessments of roundoff in floating-point computation?").
    """
    u, v = unit(a), unit(b)
    return 2.0 * math.atan2(math.dist(u, v), norm([x + y for x, y in zip(u, v, strict=True)]))


def in_their_plane(a: Vector, b: Vector) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return two vectors of any length as points of the plane that contains them, the first on the X axis.

    Lengths, the angle and the Euclidean distance are kept. A zero vector is the origin.
    """
    turn = angle(a, b)
    turn = 0.0 if math.isnan(turn) else turn
    return (norm(a), 0.0), (norm(b) * math.cos(turn), norm(b) * math.sin(turn))


def _less(a: Vector, subtracted: float) -> Vector:
    """Return a with a mean subtracted; zero where only rounding errors are left, which have no direction."""
    left = [x - subtracted for x in a]
    return left if norm(left) > _ROUNDING * norm(a) else (0.0,) * len(a)
