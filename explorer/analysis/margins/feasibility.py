"""Which margins and scales can work for C classes in d dimensions, and what to do about those that cannot.

All bounds assume class weights spread as evenly as they go (`margins.spread`), neighbours at the angle
Δ = separation(C, d), and read the loss' own curves: T(θ) for the own class, O(θ) for another.

- A margin is *feasible* while a feature exactly at its class weight meets it: T(0) ≥ O(Δ). For CosFace that
  is m ≤ 1 − cos Δ (.191 for ten classes in the plane), and for ArcFace m ≤ Δ (36° = .628 rad).
- The *half-width* of a class is the largest θ at which a feature between two neighbours meets the margin,
  T(θ) = O(Δ − θ): Δ/2 without a margin, (Δ − m)/2 for ArcFace, Δ/(m + 1) for A-Softmax.
- The *centre probability* is the softmax of a feature exactly at its class weight, with no margin:
  e^s/Σ_j e^{s O(θ_j)}, averaged over the classes. A scale that keeps it low keeps the loss from falling.

Multiplicative margins (L-Softmax, A-Softmax, SphereFace-R) leave every class a half-width of Δ/(m + 1) > 0
and T(0) = 1, so that none is infeasible; and they are not judged. SphereFace2 and Circle loss compare each
logit with a bound of its own rather than with another class, and proxies and pairs have no curve: nothing is
said of those.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from msgspec import Struct

from explorer.analysis.margins.spread import separation, spread
from explorer.core.losses.curve_shapes import Floats
from explorer.core.losses.margin_geometry import other_curve, target_curve
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig, find_param

MARGINS: dict[str, tuple[str, ...]] = {
    "cosface": ("margin",),
    "arcface": ("margin",),
    "combined": ("m2", "m3"),
    "li-arcface": ("margin",),
    "curricularface": ("margin",),
    "magface": ("u_margin", "l_margin"),
    "adaface": ("margin",),
    "elasticface": ("margin",),
    "subcenter-arcface": ("margin",),
}
"""The parameters that make the additive margin of a loss; the first is the one to point at."""

SCALED = ("normface", "sphereface-r", *MARGINS)
"""Losses whose scale multiplies cosines, so that `smallest_scale` speaks of them."""

ENOUGH, HOPELESS = 0.9, 0.5
"""Centre probability that a remedy aims at, and the one below which a scale is called too small."""

COMFORTABLE, TIGHT = 0.5, 0.25
"""Half-width, as a share of the one without a margin, that a remedy aims at, and the one called tight.

A judgement, not a theorem. With ten classes in the plane, short runs reached 94% at a share of .68 (ArcFace
10/.2), 87% at .36 (ArcFace 30/.4), 80% at .22 (CosFace 30/.15) and 19% at .20 (ArcFace 64/.5): class weights
on a circle cannot pass each other. On a sphere they can, and CosFace 10/.5 reached 99% at .18; so
tightness counts in the plane alone.
"""

_WHOSE = {"adaface": " of average length", "magface": " with the largest margin"}
_LARGEST_SCALE = 1e8
_ROWS = 64


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


def check(config: RunConfig) -> list[Concern]:
    """Return what cannot work in a configuration as a matter of geometry; empty where nothing is known."""
    found = (_margin_concern(config), _scale_concern(config))
    return [concern for concern in found if concern is not None]


def half_width(name: str, params: Mapping[str, Value], apart: float) -> float:
    """Return the half-width of a class, in radians, between neighbours ``apart`` radians from each other.

    Zero where even a feature exactly at its class weight misses the margin. For a loss whose margin follows
    the length of the feature: MagFace's largest margin, and AdaFace's at the average length.
    """

    def slack(theta: float) -> float:
        return _target(name, theta, params) - float(other_curve(name, apart - theta, params))

    return _root(slack, 0.0, apart) if slack(0.0) > 0 else 0.0


def largest_margin(
    name: str, params: Mapping[str, Value], classes: int, dim: int, share: float = 0.0
) -> dict[str, float]:
    """Return the margins of a loss, shrunk or grown in proportion, to the largest that is feasible.

    Parameters
    ----------
    name : str
        A loss in `MARGINS`.
    params : mapping
        Its parameters, complete; the margins among them give the proportion.
    classes, dim : int
        C and d.
    share : float
        Half-width to keep, as a share of the one without a margin; zero gives the bound itself.

    Returns
    -------
    dict
        Names in `MARGINS` with radians or cosines, as the catalogue has them; empty where all are zero.
    """
    apart = separation(classes, dim)
    params = dict(params)
    names = [key for key in MARGINS[name] if float(params[key]) > 0]
    if not names:
        return {}

    def slack(factor: float) -> float:
        changed = params | {key: float(params[key]) * factor for key in names}
        theta = share * apart / 2
        return _target(name, theta, changed) - float(other_curve(name, apart - theta, changed))

    most = math.pi / max(float(params[key]) for key in names)
    factor = _root(slack, 0.0, most)
    return {key: float(params[key]) * factor for key in names}


def center_probability(scale: float, classes: int, dim: int, loss: str = "normface") -> float:
    """Return the mean softmax probability of features that lie exactly at their class weights.

    ``loss`` is one of `SCALED`; all of them work on cosines but Li-ArcFace, which is linear in the angle.
    """
    return _softmax_share(scale, _gaps(classes, dim, loss))


def smallest_scale(probability: float, classes: int, dim: int, loss: str = "normface") -> float:
    """Return the scale at which the centre probability reaches ``probability``; ``loss`` as there.

    For ten classes: .9 at 15.1 in the plane and 6.0 in space, .99 at 27.7 and 10.0.
    """
    gaps = _gaps(classes, dim, loss)
    return _root(lambda scale: probability - _softmax_share(scale, gaps), 0.0, _LARGEST_SCALE)


@lru_cache(maxsize=32)
def _gaps(classes: int, dim: int, loss: str) -> Floats:
    """Return by how much each logit over s is below the own one (rows, C), for features at class weights.

    One row says all in the plane; in space, no more than `_ROWS` of them, evenly taken.
    """
    points = spread(classes, dim)
    rows = points[:1] if dim == 2 else points[:: -(-classes // _ROWS)]
    angles = np.arccos(np.clip(rows @ points.T, -1.0, 1.0))
    return other_curve(loss, angles, {}) - 1


def _softmax_share(scale: float, gaps: Floats) -> float:
    return float((1 / np.exp(scale * gaps).sum(axis=1)).mean())


def _margin_concern(config: RunConfig) -> Concern | None:
    name, params = config.loss.name, config.loss.params
    classes, dim = config.data.num_classes, config.network.dim
    if name not in MARGINS:
        return None
    bound = largest_margin(name, params, classes, dim)
    apart = separation(classes, dim)
    width = half_width(name, params, apart)
    enough = TIGHT * apart / 2 if dim == 2 else 0.0
    if not bound or (width > 0 and width >= enough):
        return None
    given = _listed(config, {key: float(params[key]) for key in bound})
    if width == 0:
        text = (
            f"No feature{_WHOSE.get(name, '')} can meet {given}: {classes} classes in {dim} dimensions have "
            f"their nearest "
            f"neighbours at most {math.degrees(apart):.1f}° apart, which allows {_listed(config, bound)}."
        )
    else:
        text = (
            f"With {given}, {classes} classes in {dim} dimensions are left {math.degrees(width):.1f}° on "
            f"either "
            f"side of their weights, of {math.degrees(apart / 2):.1f}° without a margin, so that clusters "
            f"may "
            f"collapse onto each other; the bound is {_listed(config, bound)}."
        )
    wanted = largest_margin(name, params, classes, dim, COMFORTABLE)
    remedy: dict[str, Value] = {f"loss.{key}": _rounded_down(value) for key, value in wanted.items()}
    return Concern(f"loss.{next(iter(bound))}", text, remedy, _label(remedy))


def _scale_concern(config: RunConfig) -> Concern | None:
    loss, classes, dim = config.loss, config.data.num_classes, config.network.dim
    if loss.name not in SCALED:
        return None
    scale = float(loss.params["scale"])
    reached = center_probability(scale, classes, dim, loss.name)
    if reached >= HOPELESS:
        return None
    wanted = math.ceil(10 * smallest_scale(ENOUGH, classes, dim, loss.name)) / 10
    limit = find_param("loss.scale", loss.spec).max
    remedy: dict[str, Value] = {"loss.scale": wanted if limit is None else min(wanted, limit)}
    text = (
        f"At scale {scale:g} even a feature exactly at its class weight gets a probability of only "
        f"{reached:.2f} "
        f"among {classes} classes in {dim} dimensions; {ENOUGH:g} takes a scale of {wanted:g}."
    )
    return Concern("loss.scale", text, remedy, _label(remedy))


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


def _target(name: str, theta: float, params: Mapping[str, Value]) -> float:
    norms = (0.0, math.inf) if name == "magface" else (1.0,)
    return min(float(target_curve(name, theta, params, norm)) for norm in norms)


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses zero between two points, or the nearer of the two."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
