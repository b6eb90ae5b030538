"""Parameters and geometries shared by several losses."""

from __future__ import annotations

import math

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.families import written
from explorer.core.losses.margin_geometry import LogitScale, MarginGeometry, Sample
from explorer.core.params import Param, Value
from explorer.core.texts import N_

SCALE = LogitScale("scale")
"""Scale of losses whose logits are the parameter ``scale`` times a function of the angle."""


def scale(default: float = 10.0, published: tuple[Value, ...] = (), symbol: str = "s") -> Param:
    """Return the scale s (or ``symbol``), which multiplies the cosines before softmax."""
    return Param(
        name="scale",
        label=N_("Scale"),
        symbol=symbol,
        default=default,
        min=0.1,
        max=128.0,
        step=0.5,
        log=True,
        published=published,
        help=N_("Multiplies the cosines before softmax. A larger scale treats samples as learned sooner."),
    )


def angular_margin(default: float, published: tuple[Value, ...] = ()) -> Param:
    """Return the additive angular margin m, in radians."""
    return Param(
        name="margin",
        label=N_("Margin"),
        symbol="m",
        default=default,
        min=0.0,
        max=1.5,
        step=0.01,
        unit="rad",
        published=published,
        help=N_("Angle added during training to the angle between a feature and its true class weight."),
    )


def cosine_margin(default: float, published: tuple[Value, ...] = ()) -> Param:
    """Return the additive cosine margin m."""
    return Param(
        name="margin",
        label=N_("Margin"),
        symbol="m",
        default=default,
        min=0.0,
        max=1.0,
        step=0.01,
        published=published,
        help=N_("Subtracted during training from the cosine between a feature and its true class weight."),
    )


BEYOND_PI = Param(
    name="beyond_pi",
    label=N_("Beyond π"),
    kind="choice",
    default="fallback",
    choices=("fallback", "none", "easy", "clip"),
    titles=(N_("Fallback"), N_("None"), N_("Easy margin"), N_("Clip")),
    help=N_(
        "What to use instead of cos(θ+m) once θ+m > π, where the cosine would rise again. "
        "Fallback: cos θ − m·sin m. None: keep it. Easy margin: plain cos θ beyond 90°. Clip: −1."
    ),
)


def angular_factor(default: float, published: tuple[Value, ...], *, whole: bool) -> Param:
    """Return the multiplicative angular margin m, an integer or a real number."""
    return Param(
        name="margin",
        label=N_("Margin"),
        symbol="m",
        kind="int" if whole else "float",
        default=default,
        min=1,
        max=4,
        step=1 if whole else 0.05,
        published=published,
        help=N_(
            "Factor applied during training to the angle between a feature and its true class "
            "weight. 1 means no margin."
        ),
    )


def annealing(published: tuple[Value, ...]) -> Param:
    """Return λ, the weight of cos θ relative to ψ(θ); the setting is the value to which λ falls."""
    return Param(
        name="annealing",
        label=N_("Annealing"),
        symbol="λ",
        default=5.0,
        min=0.0,
        max=1000.0,
        step=0.5,
        published=published,
        help=N_(
            "Weight of the plain cosine relative to the one with the margin. It falls from 1000 "
            "to this value during a run; smaller values give the margin more weight in the end."
        ),
    )


def cosface_target(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = cos θ − m."""
    return shapes.lowered(shapes.cosine(theta), sample.number("margin"))


def arcface_target(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = cos(θ + m), continued beyond π as the parameter ``beyond_pi`` says, if there is one."""
    return shapes.arc_margin(theta, sample.number("margin"), str(sample.params.get("beyond_pi", "fallback")))


def arc_geometry(note: str = "") -> MarginGeometry:
    """Return the geometry of an angular margin, the parameter ``margin``, added to the angle."""
    return MarginGeometry(
        target=arcface_target,
        margins=("margin",),
        beyond_pi=lambda sample: math.pi - sample.number("margin"),
        written=written.arc,
        note=note,
    )
