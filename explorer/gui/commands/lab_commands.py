"""The keys of a point in a lab."""

from __future__ import annotations

from explorer.core.texts import N_
from explorer.gui.commands.command import Command

_POINT_KEYS = (
    ("left", N_("Move the point left"), N_("Move the point by one step."), ("Left",), "step"),
    ("right", N_("Move the point right"), N_("Move the point by one step."), ("Right",), "step"),
    ("up", N_("Move the point up"), N_("Move the point by one step."), ("Up",), "step"),
    ("down", N_("Move the point down"), N_("Move the point by one step."), ("Down",), "step"),
    ("far-left", N_("Move the point far left"), N_("Move the point by ten steps."), ("Shift+Left",), "far"),
    (
        "far-right",
        N_("Move the point far right"),
        N_("Move the point by ten steps."),
        ("Shift+Right",),
        "far",
    ),
    ("far-up", N_("Move the point far up"), N_("Move the point by ten steps."), ("Shift+Up",), "far"),
    ("far-down", N_("Move the point far down"), N_("Move the point by ten steps."), ("Shift+Down",), "far"),
    (
        "longer",
        N_("Move the point outwards"),
        N_("Move the point away from the origin, in the same direction."),
        ("+", "="),
        "ray",
    ),
    (
        "shorter",
        N_("Move the point inwards"),
        N_("Move the point towards the origin, in the same direction."),
        ("-",),
        "ray",
    ),
    ("next", N_("Next point"), N_("Go to the next point."), ("PgDown",), "go"),
    ("previous", N_("Previous point"), N_("Go to the previous point."), ("PgUp",), "go"),
)
"""Name, text, tip, keys and group of each command of a point."""

LAB_POINT_COMMANDS: tuple[Command[object], ...] = tuple(
    Command(id=f"lab-point.{name}", text=text, tip=tip, shortcuts=keys, context="lab-point", group=group)
    for name, text, tip, keys, group in _POINT_KEYS
)
"""What a point of a lab does with a key while its plot has the focus."""
