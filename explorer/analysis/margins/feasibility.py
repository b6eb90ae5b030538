"""Which margins and scales can work for C classes in d dimensions, and what to do about those that cannot.

Judged are the losses whose geometry names additive ``margins``. Multiplicative ones (L-Softmax, A-Softmax,
SphereFace-R) leave every class a half-width of Δ/(m + 1) > 0 and T(0) = 1, so that none is infeasible.
SphereFace2 and Circle loss compare each logit with a bound of its own rather than with another class, and
proxies and pairs have no curve: nothing is said of those.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from explorer.analysis.margins.margin_bounds import (
    MarginCase,
    center_probability,
    half_width,
    largest_margin,
    smallest_scale,
)
from explorer.core.losses.margin_geometry import MarginGeometry
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
