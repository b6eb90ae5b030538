"""Parameters that several losses share in name, range and meaning."""

from __future__ import annotations

import math

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.margin_geometry import LogitScale, MarginGeometry, Sample
from explorer.core.params import Param, Value

SCALE = LogitScale("scale")
"""Of losses whose logits are the parameter `scale` times a function of the angle."""


def scale(default: float = 10.0, published: tuple[Value, ...] = (), symbol: str = "s") -> Param:
    """Return the scale s (or ``symbol``), the factor of the cosines before the softmax."""
    return Param(
        name="scale",
        label="Scale",
        symbol=symbol,
        default=default,
        min=0.1,
        max=128.0,
        step=0.5,
        log=True,
        published=published,
        help="Factor of the cosines before the softmax: the larger it is, the sooner a sample counts as "
        "learnt.",
    )


def angular_margin(default: float, published: tuple[Value, ...] = ()) -> Param:
    """Return the additive angular margin m, in radians."""
    return Param(
        name="margin",
        label="Margin",
        symbol="m",
        default=default,
        min=0.0,
        max=1.5,
        step=0.01,
        unit="rad",
        published=published,
        help="Angle added to the one between a feature and its own class weight while training.",
    )


def cosine_margin(default: float, published: tuple[Value, ...] = ()) -> Param:
    """Return the additive cosine margin m."""
    return Param(
        name="margin",
        label="Margin",
        symbol="m",
        default=default,
        min=0.0,
        max=1.0,
        step=0.01,
        published=published,
        help="Subtracted from the cosine between a feature and its own class weight while training.",
    )


BEYOND_PI = Param(
    name="beyond_pi",
    label="Beyond π",
    kind="choice",
    default="fallback",
    choices=("fallback", "none", "easy", "clip"),
    help="What replaces cos(θ+m) where θ+m exceeds π and the cosine would turn upward: fallback: cos θ − "
    "m·sin m; "
    "none: nothing does; easy: plain cos θ beyond 90°; clip: −1.",
)


def angular_factor(default: float, published: tuple[Value, ...], *, whole: bool) -> Param:
    """Return the multiplicative angular margin m, a whole number or a real one."""
    return Param(
        name="margin",
        label="Margin",
        symbol="m",
        kind="int" if whole else "float",
        default=default,
        min=1,
        max=4,
        step=1 if whole else 0.05,
        published=published,
        help="Factor of the angle between a feature and its own class weight while training; 1 is no margin.",
    )


def annealing(published: tuple[Value, ...]) -> Param:
    """Return λ, the weight of plain cos θ beside ψ(θ); what is set is the value that λ falls to."""
    return Param(
        name="annealing",
        label="Annealing",
        symbol="λ",
        default=5.0,
        min=0.0,
        max=1000.0,
        step=0.5,
        published=published,
        help="Weight of the plain cosine beside the one with the margin. A run starts at 1000 and falls to "
        "this "
        "value: the smaller it is, the more the margin counts in the end.",
    )


def cosface_target(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = cos θ − m."""
    return shapes.lowered(shapes.cosine(theta), sample.number("margin"))


def arcface_target(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = cos(θ + m), continued beyond π as ``beyond_pi`` says, where there is that parameter."""
    return shapes.arc_margin(theta, sample.number("margin"), str(sample.params.get("beyond_pi", "fallback")))


def arc_geometry(note: str = "") -> MarginGeometry:
    """Return the geometry of an angular margin, the parameter ``margin``, added to the angle."""
    return MarginGeometry(
        target=arcface_target,
        margins=("margin",),
        beyond_pi=lambda sample: math.pi - sample.number("margin"),
        note=note,
    )
