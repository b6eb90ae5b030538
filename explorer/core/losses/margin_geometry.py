"""Target-logit curves T(θ): what a loss makes of the angle between a feature and its own class weight.

Every curve is the logit over its scale (s, γ, or the lengths of feature and class weight where those are
free), so that all share one picture in which plain cosines are cos θ. Angles are radians on [0, π];
computation is float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.params import ParamError, Value

NARROWEST = 1e-3
"""Smallest distance between the two lengths of MagFace: below it, or out of order, they act as a step."""


class Sample(Struct, frozen=True):
    """What a curve may depend on beside the angle.

    Parameters
    ----------
    params : mapping
        The loss' parameters, complete, as in `LossConfig.params`.
    norm : float or array
        Length ‖x‖ of the feature, or lengths that fit the shape of θ.
    norm_mean, norm_std : float
        Mean and standard deviation of the lengths that AdaFace follows.
    """

    params: Mapping[str, Value]
    norm: float | Floats = 1.0
    norm_mean: float = 1.0
    norm_std: float = 1.0

    def number(self, name: str) -> float:
        """Return a parameter as a float."""
        return float(self.params[name])


Shape = Callable[[Floats, Sample], Line]


def _cosine(theta: Floats, _sample: Sample) -> Line:
    return shapes.cosine(theta)


class Curve(Struct, frozen=True):
    """The curves of one loss: over θ to the own class weight, and over θ to another.

    ``by_length``: the first is another for longer features.
    """

    target: Shape
    other: Shape = _cosine
    by_length: bool = False

    @property
    def plain_others(self) -> bool:
        """Whether the logits of other classes are their cosines."""
        return self.other is _cosine


def depends_on_length(name: str) -> bool:
    """Return whether T(θ) of a loss is another for longer features."""
    return name in CURVES and CURVES[name].by_length


def target_curve(
    name: str,
    theta: ArrayLike,
    params: Mapping[str, Value],
    norm: float = 1.0,
    norm_mean: float = 1.0,
    norm_std: float = 1.0,
) -> Floats:
    """Return T(θ), the logit of the own class over its scale.

    Parameters
    ----------
    name : str
        A loss in `CURVES`.
    theta : array-like
        Angles to the own class weight, radians in [0, π].
    params, norm, norm_mean, norm_std
        As in `Sample`. ElasticFace draws its margin for each sample; the curve is that of the mean margin.

    Returns
    -------
    array of the shape of ``theta``

    Raises
    ------
    ParamError
        For a loss without such a curve.
    """
    return _line(name, theta, Sample(params, norm, norm_mean, norm_std)).value


def target_slope(
    name: str,
    theta: ArrayLike,
    params: Mapping[str, Value],
    norm: float = 1.0,
    norm_mean: float = 1.0,
    norm_std: float = 1.0,
) -> Floats:
    """Return dT/dθ in closed form; arguments and errors as `target_curve`."""
    return _line(name, theta, Sample(params, norm, norm_mean, norm_std)).slope


def other_curve(name: str, theta: ArrayLike, params: Mapping[str, Value]) -> Floats:
    """Return the logit of a class that is not the sample's own, over its scale, for the angle to its weight.

    cos θ for most losses. CurricularFace's raised logits depend on the sample's own class too; this is the
    logit before they are raised. Arguments and errors as `target_curve`.
    """
    return find_curve(name).other(np.asarray(theta, dtype=np.float64), Sample(params)).value


def find_curve(name: str) -> Curve:
    """Return the curves of a loss.

    Raises
    ------
    ParamError
        For a loss that has none.
    """
    if name not in CURVES:
        raise ParamError("The loss {name!r} has no target-logit curve.", name=name)
    return CURVES[name]


def _line(name: str, theta: ArrayLike, sample: Sample) -> Line:
    return find_curve(name).target(np.asarray(theta, dtype=np.float64), sample)


def _annealed(theta: Floats, sample: Sample) -> Line:
    return shapes.annealed(theta, sample.number("margin"), sample.number("annealing"))


def _sphereface_r(theta: Floats, sample: Sample) -> Line:
    return shapes.multiplied(theta, sample.number("margin"))


def _cosface(theta: Floats, sample: Sample) -> Line:
    return shapes.lowered(shapes.cosine(theta), sample.number("margin"))


def _arcface(theta: Floats, sample: Sample) -> Line:
    return shapes.arc_margin(theta, sample.number("margin"), str(sample.params.get("beyond_pi", "fallback")))


def _combined(theta: Floats, sample: Sample) -> Line:
    multiple = sample.number("m1")
    added = shapes.arc_margin(multiple * theta, sample.number("m2"), "none")
    return shapes.lowered(Line(added.value, multiple * added.slope), sample.number("m3"))


def _li_arcface(theta: Floats, sample: Sample) -> Line:
    return shapes.linear_angle(theta, sample.number("margin"))


def _li_other(theta: Floats, _sample: Sample) -> Line:
    return shapes.linear_angle(theta)


def _magface(theta: Floats, sample: Sample) -> Line:
    shortest, longest = sample.number("l_a"), sample.number("u_a")
    share = np.clip((sample.norm - shortest) / max(NARROWEST, longest - shortest), 0.0, 1.0)
    low, high = sample.number("l_margin"), sample.number("u_margin")
    return shapes.arc_margin(theta, low + share * (high - low))


def _adaface(theta: Floats, sample: Sample) -> Line:
    quality = sample.number("h") * (sample.norm - sample.norm_mean) / sample.norm_std
    return shapes.adaptive(theta, sample.number("margin"), np.clip(quality, -1.0, 1.0))


def _elasticface(theta: Floats, sample: Sample) -> Line:
    return _cosface(theta, sample) if sample.params["kind"] == "cos" else _arcface(theta, sample)


def _sphereface2(theta: Floats, sample: Sample) -> Line:
    return shapes.lowered(shapes.powered(theta, sample.number("t")), sample.number("margin"))


def _sphereface2_other(theta: Floats, sample: Sample) -> Line:
    return shapes.lowered(shapes.powered(theta, sample.number("t")), -sample.number("margin"))


def _circle(theta: Floats, sample: Sample) -> Line:
    return shapes.circle_target(theta, sample.number("margin"))


def _circle_other(theta: Floats, sample: Sample) -> Line:
    return shapes.circle_other(theta, sample.number("margin"))


CURVES: Mapping[str, Curve] = MappingProxyType(
    {
        "modified-softmax": Curve(_cosine),
        "normface": Curve(_cosine),
        "l-softmax": Curve(_annealed),
        "a-softmax": Curve(_annealed),
        "sphereface-r": Curve(_sphereface_r),
        "cosface": Curve(_cosface),
        "arcface": Curve(_arcface),
        "combined": Curve(_combined),
        "li-arcface": Curve(_li_arcface, _li_other),
        "adacos": Curve(_cosine),
        "curricularface": Curve(_arcface),
        "magface": Curve(_magface, by_length=True),
        "adaface": Curve(_adaface, by_length=True),
        "elasticface": Curve(_elasticface),
        "subcenter-arcface": Curve(_arcface),
        "sphereface2": Curve(_sphereface2, _sphereface2_other),
        "circle": Curve(_circle, _circle_other),
    }
)
"""The curves of the losses that have them, by name; one definition each."""
