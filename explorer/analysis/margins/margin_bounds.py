"""The largest margin and the smallest scale that leave room for C classes in d dimensions.

All bounds assume evenly spread class weights (`margins.spread`), with neighbours at the angle
Δ = separation(C, d), and use the curves of the loss: T(θ) for the true class, O(θ) for another.

- A margin is *feasible* while a feature exactly at its class weight meets it: T(0) ≥ O(Δ). For CosFace that
  is m ≤ 1 − cos Δ (0.191 for ten classes in the plane), and for ArcFace m ≤ Δ (36° = 0.628 rad).
- The *half-width* of a class is the largest θ at which a feature between two neighbours meets the margin,
  T(θ) = O(Δ − θ): Δ/2 without a margin, (Δ − m)/2 for ArcFace, Δ/(m + 1) for A-Softmax.
- The *centre probability* is the softmax of a feature exactly at its class weight, with no margin:
  e^s/Σ_j e^{s O(θ_j)}, averaged over the classes. A scale that keeps it low keeps the loss from falling.

With a ReLU, features have no negative coordinate, and Δ is the angle between neighbours in a quarter of the
circle or an eighth of the sphere, with weights at the features; see `MarginCase.excluded` for other weights.

For a margin that follows the length of the feature, the largest margin counts, or the one at the average
length where the loss follows that length.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.margins.falling_root import falling_root
from explorer.analysis.margins.spread import nonnegative_separation, separation, spread
from explorer.core.losses.curve_shapes import Floats
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig

_LARGEST_SCALE = 1e8
_ROWS, _FACTORS = 64, 16
_ANGLES = np.linspace(0.0, math.pi, 361)
_FLAT = 1e-9
_OWN = np.linspace(0.0, math.pi, 61)
"""Angles to the own weight at which a margin is tried."""


class MarginCase(Struct, frozen=True):
    """All that the bounds of a margin depend on: curves, C ``classes`` and d dimensions.

    ``params`` are the parameters of the loss in order, without its scale: T(θ) is a logit divided by it.
    ``nonnegative`` tells whether a ReLU leaves the features only the part of the circle or sphere with no
    coordinate below zero.
    """

    geometry: MarginGeometry
    params: tuple[tuple[str, Value], ...]
    classes: int
    dim: int
    nonnegative: bool = False

    @classmethod
    def of(cls, config: RunConfig) -> MarginCase | None:
        """Return the case of a configuration, None if its loss has no geometry."""
        spec = config.loss.spec
        if spec.geometry is None:
            return None
        params = tuple((k, value) for k, value in config.loss.params.items() if k != spec.scale.param)
        network = config.network
        return cls(spec.geometry, params, len(config.data.trained), network.dim, network.relu)

    @property
    def margins(self) -> dict[str, float]:
        """The additive margins that are not zero, by name."""
        params = dict(self.params)
        return {name: float(params[name]) for name in self.geometry.margins if float(params[name]) > 0}

    @property
    def apart(self) -> float:
        """The angle Δ between neighbouring class weights, in radians."""
        return (nonnegative_separation if self.nonnegative else separation)(self.classes, self.dim)

    @property
    def of_unit_margin(self) -> MarginCase:
        """The case scaled so that its first margin is 1; the ratios of its margins stay the same.

        `largest_margin` is equal for both, so it is cached while a slider of a margin moves.
        """
        margins = self.margins
        first = next(iter(margins.values()), 1.0)
        scaled = {name: value / first for name, value in margins.items()}
        return replace(self, params=tuple((name, scaled.get(name, value)) for name, value in self.params))

    def slack(self, theta: float, factor: float = 1.0, own: float | None = None) -> float:
        """Return T(θ) − O(Δ − θ) with the margins times ``factor``; the margin is missed where negative.

        ``own`` is the argument of T where it is another one.
        """
        changed = {name: value * factor for name, value in self.margins.items()}
        sample = Sample({**dict(self.params), **changed})
        other = self.geometry.rival(np.array(self.apart - theta), sample).value
        angle = np.array(theta if own is None else own)
        return min(float(self.geometry.target(angle, one).value - other) for one in self.samples(sample))

    @property
    def excluded(self) -> bool:
        """Whether no class weights at all, wherever they are, meet the margins.

        Features x_j and x_k of two classes are at most Δ apart. By the triangle inequality the angle from x_j
        to the weight of k is at most Δ plus that from x_k, and the same the other way around. So for one of
        both classes, whose own angle is θ, the angle to the other weight is at most θ + Δ: a margin is
        excluded if T(θ) < O(θ + Δ) for every θ. For an angular margin m that is m > Δ, which weights at the
        features attain. Cosines may gain by weights turned away from the features: for two classes and a ReLU
        up to 2·sin(Δ/2), where weights at the features reach 1 − cos Δ. In the plane there is no such gain
        for odd numbers of classes, and at most 12% for even ones from four on (found by search).
        """
        return all(self.slack(-theta, own=theta) < 0 for theta in _OWN[math.pi - self.apart >= _OWN])

    def samples(self, sample: Sample) -> tuple[Sample, ...]:
        """Return samples at the lengths with the smallest and the largest margin."""
        lengths = self.geometry.lengths
        if lengths is None or self.geometry.follows_lengths:
            return (sample,)
        shortest, longest = lengths(sample)
        return replace(sample, norm=shortest), replace(sample, norm=longest)


def half_width(case: MarginCase) -> float:
    """Return the half-width of a class, in radians, between two neighbours.

    Zero if even a feature exactly at its class weight misses the margin.
    """
    return falling_root(case.slack, 0.0, case.apart) if case.slack(0.0) > 0 else 0.0


def largest_margin(case: MarginCase, share: float = 0.0) -> dict[str, float]:
    """Return the margins of a case, scaled by a common factor to the largest that are feasible.

    Parameters
    ----------
    case : MarginCase
        Its margins give the proportion.
    share : float
        Half-width to keep, as a fraction of that without a margin; zero gives the bound itself.

    Returns
    -------
    dict
        Values by name, in the unit of the catalogue; empty if all margins are zero.
    """
    margins = case.margins
    if not margins:
        return {}
    theta, most = share * case.apart / 2, math.pi / max(margins.values())
    # A large angular margin passes π, where T is continued and may rise again: the first crossing counts.
    factors = [most * (k + 1) / _FACTORS for k in range(_FACTORS)]
    high = next((factor for factor in factors if case.slack(theta, factor) <= 0), most)
    factor = falling_root(lambda factor: case.slack(theta, factor), 0.0, high)
    return {name: value * factor for name, value in margins.items()}


def turning_angle(case: MarginCase) -> float:
    """Return the smallest angle, in radians, at which T(θ) of training rises; π where it falls everywhere.

    Beyond it a feature is pushed away from its class weight.
    """
    sample = Sample(dict(case.params))
    slopes = [case.geometry.training_slope(_ANGLES, one) for one in case.samples(sample)]
    rising = np.flatnonzero(np.max(slopes, axis=0) > _FLAT)
    return float(_ANGLES[max(0, rising[0] - 1)]) if len(rising) else math.pi


def center_probability(case: MarginCase, scale: float) -> float:
    """Return the mean softmax probability of features exactly at their class weights."""
    return _softmax_share(_gaps(case), scale)


def smallest_scale(case: MarginCase, probability: float) -> float:
    """Return the scale at which the centre probability reaches ``probability``.

    For cosines of ten classes: 0.9 at scale 15.1 in the plane and 6.0 in space, 0.99 at 27.7 and 10.0.
    """
    gaps = _gaps(case)
    above = 1.0
    while _softmax_share(gaps, above) < probability and above < _LARGEST_SCALE:
        above *= 2
    return falling_root(lambda scale: probability - _softmax_share(gaps, scale), 0.0, above)


def _gaps(case: MarginCase) -> Floats:
    """Return by how much each score over s is below the true one (rows, C), for features at class weights.

    One row suffices in the plane and for a simplex; else at most `_ROWS` evenly spaced ones are used.
    """
    points = spread(case.classes, case.dim)
    alike = case.dim == 2 or case.classes <= case.dim + 1
    rows = points[:1] if alike else points[:: -(-case.classes // _ROWS)]
    angles = np.arccos(np.clip(rows @ points.T, -1.0, 1.0))
    sample = Sample(dict(case.params))
    gaps: Floats = case.geometry.score(angles, sample).value - case.geometry.score(np.zeros(1), sample).value
    return gaps


def _softmax_share(gaps: Floats, scale: float) -> float:
    return float((1 / np.exp(scale * gaps).sum(axis=1)).mean())
