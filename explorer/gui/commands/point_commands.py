"""The keys of a point that can be moved, as in the labs, and of a curve that is drawn by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Context

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

_CURVE_KEYS = (
    ("left", N_("Cursor left"), N_("Move the cursor by 2.5° and draw on the way."), ("Left",), "step"),
    ("right", N_("Cursor right"), N_("Move the cursor by 2.5° and draw on the way."), ("Right",), "step"),
    ("up", N_("Raise the curve"), N_("Raise the curve at the cursor by 0.05."), ("Up",), "rise"),
    ("down", N_("Lower the curve"), N_("Lower the curve at the cursor by 0.05."), ("Down",), "rise"),
    ("far-left", N_("Cursor far left"), N_("Move the cursor by 20°."), ("Shift+Left",), "far"),
    ("far-right", N_("Cursor far right"), N_("Move the cursor by 20°."), ("Shift+Right",), "far"),
)
"""The same of a curve that is drawn by hand."""


def _of(
    context: Context, rows: Sequence[tuple[str, str, str, tuple[str, ...], str]]
) -> Iterator[Command[object]]:
    for name, text, tip, keys, group in rows:
        yield Command(
            id=f"{context}.{name}", text=text, tip=tip, shortcuts=keys, context=context, group=group
        )


POINT_COMMANDS: tuple[Command[object], ...] = (
    *_of("lab-point", _POINT_KEYS),
    *_of("drawn-curve", _CURVE_KEYS),
)
"""What these do with a key while they have the focus."""
