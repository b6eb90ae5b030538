"""A sample between two classes under a loss with a margin, in training and at test time.

θ₁ is the angle of the sample to the weight of its own class, θ₂ that to the weight of the other one.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.margins.target_curve import THETA, TargetCurve
from explorer.analysis.margins.two_class import RivalScores
from explorer.core.losses.margin_geometry import Sample
from explorer.core.settings.config import LossConfig

Floats = NDArray[np.float64]
Decision = Literal["own", "other", "neither"]
"""The class for which the test decides; neither where each class has a binary classifier and none accepts."""
Side = Literal["trained", "margin", "other", "neither"]
"""Where a sample is: where training is satisfied, where only the test is, and where the other class, or
neither class, wins."""

_DECISIONS: tuple[Decision, ...] = ("own", "other", "neither")
_BISECTIONS = 45
_DIRECTIONS = 1440


class Outcome(Struct, frozen=True):
    """What a loss makes of a sample.

    Parameters
    ----------
    score, other_score : float
        The test-time scores of both classes, over the scale.
    target, rival : float
        The logits of both classes in training, over the scale.
    slope : float
        dT/dθ at θ₁, per radian.
    loss : float
        ln(1 + exp(s·rival − s·target)) in nats; NaN for a loss that decides each class by itself.
    decision : Decision
        The class for which the test decides.
    slack : float
        By how much the sample is beyond the margin; negative where it is not.
    """

    score: float
    other_score: float
    target: float
    rival: float
    slope: float
    loss: float
    decision: Decision
    slack: float

    @property
    def correct(self) -> bool:
        """Whether the test decides for the own class."""
        return self.decision == "own"

    @property
    def satisfied(self) -> bool:
        """Whether the sample is beyond the margin."""
        return self.slack >= 0


def curve_of(loss: LossConfig, num_classes: int) -> TargetCurve:
    """Return the curve of a loss that has one, at the end of its annealing.

    Raises
    ------
    ValueError
        For a loss without a curve.
    """
    curve = TargetCurve.of(loss, None, num_classes)
    if curve is None:
        raise ValueError(f"{loss.name} has no curve")
    return curve.annealed or curve


def sample_of(curve: TargetCurve) -> Sample:
    """Return a sample of the mean length that the loss assumes before there are data."""
    return curve.sample(curve.assumed_lengths)


def outcome(curve: TargetCurve, first: float, second: float) -> Outcome:
    """Return what a loss makes of a sample at angles θ₁ and θ₂ in radians.

    A loss with a binary classifier for each class has a bias, which is 0 here: training finds its value.
    """
    geometry, sample = curve.geometry, sample_of(curve)
    one, two = np.array([first]), np.array([second])
    score, other_score = geometry.score(one, sample).value, geometry.score(two, sample).value
    target, rival = geometry.target(one, sample).value, geometry.rival(two, sample).value
    gap = curve.scale * float(rival[0] - target[0])
    return Outcome(
        score=float(score[0]),
        other_score=float(other_score[0]),
        target=float(target[0]),
        rival=float(rival[0]),
        slope=float(geometry.training_slope(one, sample)[0]),
        loss=math.nan if geometry.binary else max(gap, 0.0) + math.log1p(math.exp(-abs(gap))),
        decision=_DECISIONS[int(_decided(curve, score, other_score)[0])],
        slack=float(geometry.slack(target, rival)[0]),
    )


def pull_at(pulls: Floats | None, first: float) -> float:
    """Return |∂L/∂θ| at θ₁ of the pulls at `THETA`; NaN where they depend on what is not known."""
    return math.nan if pulls is None else float(np.interp(first, THETA, pulls))


def largest_angle(curve: TargetCurve, second: float) -> float:
    """Return the θ₁ in radians up to which training is satisfied from θ₁ = 0 on; NaN where it never is."""
    geometry, sample = curve.geometry, sample_of(curve)
    other = geometry.rival(np.array([second]), sample).value

    def slack(theta: Floats) -> Floats:
        return geometry.slack(geometry.target(theta, sample).value, other)

    fails = slack(THETA) < 0
    first = int(fails.argmax())
    if not fails.any():
        return math.pi
    if first == 0:
        return math.nan
    low, high = float(THETA[first - 1]), float(THETA[first])
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if slack(np.array([middle]))[0] >= 0 else (low, middle)
    return low


def scores_of(curve: TargetCurve) -> RivalScores:
    """Return what the boundaries of two classes depend on, for the plane of θ₁ and θ₂."""
    lengths = curve.assumed_lengths
    return RivalScores(
        head=curve.loss.spec.head,
        geometry=curve.geometry,
        params=curve.params,
        plane="angles",
        norms=(lengths.mean, lengths.mean),
        norm_mean=lengths.mean,
        norm_std=lengths.deviation,
    )


def circle_sides(curve: TargetCurve, apart: float) -> list[tuple[Side, float, float]]:
    """Return the arcs of the circle of directions as a sample of class 1 sees them.

    Parameters
    ----------
    curve : TargetCurve
        The curve of the loss.
    apart : float
        Angle between the class weights in radians; w₁ is at angle 0 and w₂ at ``−apart``.

    Returns
    -------
    list of (Side, float, float)
        Side, start and end in radians, anticlockwise from −π to π, to a quarter of a degree.
    """
    geometry, sample = curve.geometry, sample_of(curve)
    edges = np.linspace(-np.pi, np.pi, _DIRECTIONS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    first, second = np.abs(middles), _turn(middles + apart)
    decided = _decided(curve, geometry.score(first, sample).value, geometry.score(second, sample).value)
    slack = geometry.slack(geometry.target(first, sample).value, geometry.rival(second, sample).value)
    kinds = np.where(decided == 0, np.where(slack >= 0, 0, 1), decided + 1)
    names: tuple[Side, ...] = ("trained", "margin", "other", "neither")
    starts = np.flatnonzero(np.diff(kinds, prepend=-1))
    ends = [*starts[1:].tolist(), _DIRECTIONS]
    return [
        (names[kinds[start]], float(edges[start]), float(edges[end]))
        for start, end in zip(starts.tolist(), ends, strict=True)
    ]


def direction_on_circle(first: float, second: float, apart: float) -> float | None:
    """Return the direction of a sample in the plane of both weights, None where it is not in their plane.

    ``apart`` and the direction are as in `circle_sides`; angles agree to a tenth of a degree.
    """
    for direction in (first, -first):
        if abs(float(_turn(np.array([direction + apart]))[0]) - second) < math.radians(0.1):
            return direction
    return None


def angles_on_circle(direction: float, apart: float) -> tuple[float, float]:
    """Return θ₁ and θ₂ in radians of a direction as in `circle_sides`."""
    first, second = _turn(np.array([direction, direction + apart])).tolist()
    return first, second


def _decided(curve: TargetCurve, own: Floats, other: Floats) -> NDArray[np.intp]:
    """Return for which class the test decides, as an index of `_DECISIONS`; a tie is not its own class."""
    best = np.where(own > other, 0, 1)
    return np.where(np.maximum(own, other) > 0, best, 2) if curve.geometry.binary else best


def _turn(angles: Floats) -> Floats:
    """Return angles as unsigned ones between 0 and π."""
    return np.abs((angles + np.pi) % (2 * np.pi) - np.pi)
