"""Parameters that several losses share in name, range and meaning."""

from __future__ import annotations

from explorer.core.params import Param, Value


def scale(default: float = 10.0, published: tuple[Value, ...] = ()) -> Param:
    """Return the scale s, the factor of the cosines before the softmax."""
    return Param(
        name="scale",
        label="Scale",
        symbol="s",
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
