"""Which margins and scales can work for C classes in d dimensions, and what to do about those that cannot.

All bounds assume class weights spread as evenly as they go (`margins.spread`), neighbours at the angle
Δ = separation(C, d), and read the loss' own curves: T(θ) for the own class, O(θ) for another.

- A margin is *feasible* while a feature exactly at its class weight meets it: T(0) ≥ O(Δ). For CosFace that
  is m ≤ 1 − cos Δ (.191 for ten classes in the plane), and for ArcFace m ≤ Δ (36° = .628 rad).
- The *half-width* of a class is the largest θ at which a feature between two neighbours meets the margin,
  T(θ) = O(Δ − θ): Δ/2 without a margin, (Δ − m)/2 for ArcFace, Δ/(m + 1) for A-Softmax.
- The *centre probability* is the softmax of a feature exactly at its class weight, with no margin:
  e^s/Σ_j e^{s O(θ_j)}, averaged over the classes. A scale that keeps it low keeps the loss from falling.

Judged are the losses whose geometry names additive ``margins``. Multiplicative ones (L-Softmax, A-Softmax,
SphereFace-R) leave every class a half-width of Δ/(m + 1) > 0 and T(0) = 1, so that none is infeasible.
SphereFace2 and Circle loss compare each logit with a bound of its own rather than with another class, and
proxies and pairs have no curve: nothing is said of those.

For a margin that follows the length of the feature, the largest margin counts, or the one at the average
length where the loss follows that length.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.margins.falling_root import falling_root
from explorer.analysis.margins.spread import separation, spread
from explorer.core.losses.curve_shapes import Floats
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig, find_param

ENOUGH, HOPELESS = 0.9, 0.5
"""Centre probability that a remedy aims at, and the one below which a scale is called too small."""

COMFORTABLE, TIGHT = 0.5, 0.25
"""Half-width, as a share of the one without a margin, that a remedy aims at, and the one called tight.

A judgement, not a theorem. With ten classes in the plane, short runs reached 94% at a share of .68 (ArcFace
10/.2), 87% at .36 (ArcFace 30/.4), 80% at .22 (CosFace 30/.15) and 19% at .20 (ArcFace 64/.5): class weights
on a circle cannot pass each other. On a sphere they can, and CosFace 10/.5 reached 99% at .18; so
tightness counts in the plane alone.
"""

_LARGEST_SCALE = 1e8
_ROWS, _FACTORS = 64, 16
_REMEMBERED = 64
"""Cases whose bounds a `Feasibility` remembers: the settings that a person goes back and forth between."""


class Concern(Struct, frozen=True):
    """A setting that cannot work, or hardly can, for the classes and the dimension of a run.

    Parameters
    ----------
    name : str
        Dotted name of the setting, such as ``loss.margin``.
    text : str
        One sentence: what is wrong, with the bound.
    remedy : mapping
        Dotted names and values that put it right, for `RunConfig.replace`.
    remedy_label : str
        What the remedy does, in a few words.
    """

    name: str
    text: str
    remedy: dict[str, Value]
    remedy_label: str


class MarginCase(Struct, frozen=True):
    """All that the bounds of a margin depend on: curves, C ``classes`` and d dimensions.

    ``params`` are the parameters of the loss in order, without its scale: T(θ) is a logit over that.
    """

    geometry: MarginGeometry
    params: tuple[tuple[str, Value], ...]
    classes: int
    dim: int

    @classmethod
    def of(cls, config: RunConfig) -> MarginCase | None:
        """Return the case of a configuration, None where its loss has no geometry."""
        spec = config.loss.spec
        if spec.geometry is None:
            return None
        params = tuple((k, value) for k, value in config.loss.params.items() if k != spec.scale.param)
        return cls(spec.geometry, params, config.data.num_classes, config.network.dim)

    @property
    def margins(self) -> dict[str, float]:
        """The additive margins that are not zero, by name."""
        params = dict(self.params)
        return {name: float(params[name]) for name in self.geometry.margins if float(params[name]) > 0}

    @property
    def apart(self) -> float:
        """The angle Δ between neighbouring class weights, in radians."""
        return separation(self.classes, self.dim)

    @property
    def of_unit_margin(self) -> MarginCase:
        """The case whose first margin is 1 and whose others keep their proportion to it.

        `largest_margin` is the same for both, so that moving the slider of a margin leaves it as it is.
        """
        margins = self.margins
        first = next(iter(margins.values()), 1.0)
        scaled = {name: value / first for name, value in margins.items()}
        return replace(self, params=tuple((name, scaled.get(name, value)) for name, value in self.params))

    def slack(self, theta: float, factor: float = 1.0) -> float:
        """Return T(θ) − O(Δ − θ) with the margins times ``factor``: below zero the margin is missed."""
        changed = {name: value * factor for name, value in self.margins.items()}
        sample = Sample({**dict(self.params), **changed})
        other = self.geometry.rival(np.array(self.apart - theta), sample).value
        angle = np.array(theta)
        return min(float(self.geometry.target(angle, one).value - other) for one in self._samples(sample))

    def _samples(self, sample: Sample) -> tuple[Sample, ...]:
        """Return the sample at the lengths that have the least and the greatest margin."""
        lengths = self.geometry.lengths
        if lengths is None or self.geometry.follows_lengths:
            return (sample,)
        shortest, longest = lengths(sample)
        return replace(sample, norm=shortest), replace(sample, norm=longest)


class Feasibility:
    """Checks one configuration after another; bounds are computed only for a case that is new."""

    def __init__(self) -> None:
        self._half_width = lru_cache(maxsize=_REMEMBERED)(half_width)
        self._largest_margin = lru_cache(maxsize=_REMEMBERED)(largest_margin)
        self._smallest_scale = lru_cache(maxsize=_REMEMBERED)(smallest_scale)
        self._center_probability = lru_cache(maxsize=_REMEMBERED)(center_probability)

    def check(self, config: RunConfig) -> list[Concern]:
        """Return what cannot work as a matter of geometry; empty where nothing is known."""
        case = MarginCase.of(config)
        if case is None:
            return []
        found = (self._margin_concern(config, case), self._scale_concern(config, case))
        return [concern for concern in found if concern is not None]

    def _margin_concern(self, config: RunConfig, case: MarginCase) -> Concern | None:
        margins = case.margins
        if not margins:
            return None
        width = self._half_width(case)
        enough = TIGHT * case.apart / 2 if case.dim == 2 else 0.0
        if width > 0 and width >= enough:
            return None
        bound = self._largest_margin(case.of_unit_margin)
        given, allowed = _listed(config, margins), _listed(config, bound)
        classes, dim, apart = case.classes, case.dim, math.degrees(case.apart)
        if width == 0:
            text = (
                f"No feature{_whose(case.geometry)} can meet {given}: {classes} classes in {dim} dimensions "
                f"have their nearest neighbours at most {apart:.1f}° apart, which allows {allowed}."
            )
        else:
            text = (
                f"With {given}, {classes} classes in {dim} dimensions are left {math.degrees(width):.1f}° on "
                f"either side of their weights, of {apart / 2:.1f}° without a margin, so that clusters may "
                f"collapse onto each other; the bound is {allowed}."
            )
        wanted = self._largest_margin(case.of_unit_margin, COMFORTABLE)
        remedy: dict[str, Value] = {f"loss.{key}": _rounded_down(value) for key, value in wanted.items()}
        return Concern(f"loss.{next(iter(bound))}", text, remedy, _label(remedy))

    def _scale_concern(self, config: RunConfig, case: MarginCase) -> Concern | None:
        """Return what is wrong with a scale that is a parameter and the only factor of a softmax over scores.

        Not judged is the scale of scores that are compared with zero, or of other logits than at test time.
        """
        loss, geometry, factors = config.loss, case.geometry, config.loss.spec.scale
        by_length = factors.feature_length or factors.weight_length
        if not factors.param or by_length or geometry.binary or geometry.other is not None:
            return None
        key, scale = factors.param, factors.factor(loss.params, case.classes)
        reached = self._center_probability(case, scale)
        if reached >= HOPELESS:
            return None
        wanted = math.ceil(10 * self._smallest_scale(case, ENOUGH)) / 10
        limit = find_param(f"loss.{key}", loss.spec).max
        remedy: dict[str, Value] = {f"loss.{key}": wanted if limit is None else min(wanted, limit)}
        text = (
            f"At scale {scale:g} even a feature exactly at its class weight gets a probability of only "
            f"{reached:.2f} among {case.classes} classes in {case.dim} dimensions; {ENOUGH:g} takes a scale "
            f"of {wanted:g}."
        )
        return Concern(f"loss.{key}", text, remedy, _label(remedy))


def check(config: RunConfig) -> list[Concern]:
    """Return what `Feasibility` finds, for a configuration that stands by itself."""
    return Feasibility().check(config)


def half_width(case: MarginCase) -> float:
    """Return the half-width of a class, in radians, between two neighbours.

    Zero where even a feature exactly at its class weight misses the margin.
    """
    return falling_root(case.slack, 0.0, case.apart) if case.slack(0.0) > 0 else 0.0


def largest_margin(case: MarginCase, share: float = 0.0) -> dict[str, float]:
    """Return the margins of a case, shrunk or grown in proportion, to the largest that is feasible.

    Parameters
    ----------
    case : MarginCase
        Its margins give the proportion.
    share : float
        Half-width to keep, as a share of the one without a margin; zero gives the bound itself.

    Returns
    -------
    dict
        Names and radians or cosines, as the catalogue has them; empty where all margins are zero.
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


def center_probability(case: MarginCase, scale: float) -> float:
    """Return the mean softmax probability of features that lie exactly at their class weights."""
    return _softmax_share(_gaps(case), scale)


def smallest_scale(case: MarginCase, probability: float) -> float:
    """Return the scale at which the centre probability reaches ``probability``.

    For cosines of ten classes: .9 at 15.1 in the plane and 6.0 in space, .99 at 27.7 and 10.0.
    """
    gaps = _gaps(case)
    above = 1.0
    while _softmax_share(gaps, above) < probability and above < _LARGEST_SCALE:
        above *= 2
    return falling_root(lambda scale: probability - _softmax_share(gaps, scale), 0.0, above)


def _gaps(case: MarginCase) -> Floats:
    """Return by how much each score over s is below the true one (rows, C), for features at class weights.

    One row says all in the plane; in space, no more than `_ROWS` of them, evenly taken.
    """
    points = spread(case.classes, case.dim)
    rows = points[:1] if case.dim == 2 else points[:: -(-case.classes // _ROWS)]
    angles = np.arccos(np.clip(rows @ points.T, -1.0, 1.0))
    sample = Sample(dict(case.params))
    gaps: Floats = case.geometry.score(angles, sample).value - case.geometry.score(np.zeros(1), sample).value
    return gaps


def _softmax_share(gaps: Floats, scale: float) -> float:
    return float((1 / np.exp(scale * gaps).sum(axis=1)).mean())


def _whose(geometry: MarginGeometry) -> str:
    """Return whose margin is judged, where it depends on the length of the feature."""
    if not geometry.by_length:
        return ""
    return " of average length" if geometry.follows_lengths else " with the largest margin"


def _listed(config: RunConfig, values: Mapping[str, float]) -> str:
    """Return ``margin 0.19`` or ``m2 0.31 rad and m3 0.05``, rounded down."""
    units = {key: find_param(f"loss.{key}", config.loss.spec).unit for key in values}
    return " and ".join(f"{key} {_rounded_down(v):g} {units[key]}".strip() for key, v in values.items())


def _label(remedy: Mapping[str, Value]) -> str:
    return "Set " + " and ".join(
        f"{name.removeprefix('loss.')} to {value:g}" for name, value in remedy.items()
    )


def _rounded_down(value: float) -> float:
    """Return ``value`` > 0 with three significant digits, never rounded up beyond a bound."""
    if value <= 0:
        return 0.0
    digits = 2 - math.floor(math.log10(value))
    return math.floor(value * 10.0**digits * (1 + 1e-12)) / 10.0**digits
