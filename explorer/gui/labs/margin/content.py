"""What the margin lab draws and reads of its options, as plain values."""

from __future__ import annotations

import math

import numpy as np

from explorer.analysis.labs.margins import (
    Side,
    direction_on_circle,
    largest_angle,
    outcome,
    pull_at,
)
from explorer.analysis.margins.target_curve import THETA
from explorer.analysis.margins.two_class import Boundaries, note_of
from explorer.analysis.plane.geometry import FULL_TURN, Rectangle
from explorer.core.settings.config import LossConfig
from explorer.core.texts import _
from explorer.gui.labs.lab import Reading, Readings, number
from explorer.gui.labs.lab_plot import Handle, Picture
from explorer.gui.labs.margin.computed import Computed, computed
from explorer.gui.labs.margin.options import CURVED, MarginOptions
from explorer.gui.labs.shapes import DASHED, Area, Dot, Floats, Label, Line, Shape, arc, outwards, polyline
from explorer.gui.plots.ranges import rung_above
from explorer.gui.theme.theme import Rgb, Theme, mix

_HATCH = 0.5
_LINE = 1.15
"""Height of a line of the key, in heights of its letters."""
_LOWEST = -2.2
_RING = (0.86, 1.0)
_UP = math.pi / 2
_JUMP, _PULL_JUMP = 0.1, 0.25
"""Change within a quarter of a degree that is a jump: of T(θ), and of the pull relative to its largest."""
_DEGREES = np.degrees(THETA)


def loss_colors(theme: Theme) -> tuple[Rgb, Rgb]:
    """Return the colours of the first and the second loss; those of the classes are others."""
    first, second = (mix(theme.class_color(k), theme.text, 0.25) for k in (4, 2))
    return first, second


def curves_of(options: MarginOptions, theme: Theme) -> Picture:
    """Return T(θ) of the losses over θ, that without a margin, and the sample on them."""
    shapes: list[Shape] = [Line(polyline((0, 0), (180, 0)), theme.line, bold=False)]
    if options.every:
        faint = mix(theme.plot, theme.muted, 0.45)
        every = (computed(LossConfig(name), options.classes) for name in CURVED)
        shapes += [Line(_over(one.target, _JUMP), faint, bold=False) for one in every]
    shapes.append(Line(_over(np.cos(THETA), _JUMP), theme.muted, DASHED, bold=False))
    shapes.append(Line(polyline((options.theta1, -9), (options.theta1, 9)), theme.muted, DASHED, bold=False))
    names = []
    for loss, rgb in zip(options.losses, loss_colors(theme), strict=False):
        known = computed(loss, options.classes)
        shapes.append(Line(_over(known.target, _JUMP), rgb))
        shapes.append(Dot((options.theta1, outcome(known.curve, *options.angles).target), rgb))
        names.append((_(loss.spec.title), rgb))
    names.append((_("cos θ: no margin"), theme.muted))
    return Picture(shapes + _key(names, (178.0, 1.3)), Rectangle(0, _LOWEST, 180, 1.3))


def pulls_of(options: MarginOptions, theme: Theme) -> Picture:
    """Return |∂L/∂θ| of the losses over θ, with all other classes at 90°, and the sample on them."""
    shapes: list[Shape] = [
        Line(polyline((options.theta1, -9), (options.theta1, 1e3)), theme.muted, DASHED, bold=False)
    ]
    top = 1e-3
    for loss, rgb in zip(options.losses, loss_colors(theme), strict=False):
        values = computed(loss, options.classes).pulls
        if values is not None:
            top = max(top, float(values.max()))
            shapes.append(Line(_over(values, _PULL_JUMP * top), rgb))
            shapes.append(Dot((options.theta1, pull_at(values, options.angles[0])), rgb))
        elif options.second is None:
            shapes.append(Label((90, top / 2), _("It depends on the bias b."), theme.muted))
    return Picture(shapes, Rectangle(0, 0, 180, rung_above(1.1 * top)))


def plane_of(options: MarginOptions, theme: Theme) -> Picture:
    """Return the areas of both classes over θ₁ and θ₂, the margin between them, and the sample."""
    found = computed(options.first, options.classes).boundaries
    shapes: list[Shape] = []
    for k, label in enumerate((0, 1)):
        tint, hatch = _tints(theme, label)
        if found.test is not None:
            margin = hatch if found.train is not None else None
            shapes += [Area(polygon, tint, margin) for polygon in found.test[k].polygons]
        if found.train is not None:
            shapes += [Area(polygon, tint) for polygon in found.train[k].polygons]
    if found.test is not None:
        shapes += [Line(edge, theme.text) for edge in found.test[0].edges]
    shapes += _edges(found, loss_colors(theme)[0])
    if options.second is not None:
        shapes += _edges(computed(options.second, options.classes).boundaries, loss_colors(theme)[1])
    shapes += [
        Label((14, 170), _("class 1"), theme.class_color(0), bold=True),
        Label((166, 10), _("class 2"), theme.class_color(1), bold=True),
    ]
    handle = Handle("sample", _("the sample"), (options.theta1, options.theta2), theme.text)
    return Picture(shapes, Rectangle(0, 0, 180, 180), [handle])


def circle_of(options: MarginOptions, theme: Theme) -> Picture:
    """Return the circle of directions with both class weights, the margin between, and the sample."""
    apart = math.radians(options.apart)
    first, second = _UP + apart / 2, _UP - apart / 2
    shapes: list[Shape] = [Line(arc(1.0, 0, FULL_TURN), theme.line, bold=False)]
    sides = computed(options.first, options.classes).sides(apart)
    for side, start, end in sides:
        shapes.append(_ring(start + first, end + first, side, 0, theme))
    for side, start, end in sides:  # the same, as a sample of class 2 sees it
        if side in ("trained", "margin"):
            shapes.append(_ring(second - end, second - start, side, 1, theme))
    for k, turn in enumerate((first, second)):
        tip = math.cos(turn), math.sin(turn)
        shapes.append(Line(polyline((0, 0), tip), theme.class_color(k)))
        name = _("w₁") if k == 0 else _("w₂")
        shapes.append(Label(tip, name, theme.class_color(k), outwards(tip), bold=True, small=False))
    direction = direction_on_circle(*options.angles, apart)
    handles = []
    if direction is not None:
        at = math.cos(first + direction), math.sin(first + direction)
        shapes.append(Line(polyline((0, 0), at), theme.text, DASHED, bold=False))
        handles.append(Handle("sample", _("the sample"), at, theme.text))
    return Picture(shapes, Rectangle(-1.3, -1.3, 1.3, 1.3), handles)


def direction_of(at: tuple[float, float], options: MarginOptions) -> float:
    """Return the direction of a point of the circle, in radians from w₁, anticlockwise."""
    return math.atan2(at[1], at[0]) - (_UP + math.radians(options.apart) / 2)


def readings_of(options: MarginOptions) -> Readings:
    """Return what the losses make of the sample, at test time and in training."""
    known = [computed(loss, options.classes) for loss in options.losses]
    found = [outcome(one.curve, *options.angles) for one in known]

    def row(name: str, values: list[float], decimals: int = 4) -> Reading:
        return Reading(name, tuple(number(value, decimals) for value in values))

    words = {"own": _("class 1"), "other": _("class 2"), "neither": _("neither")}
    rows = (
        row(_("test: score of class 1"), [one.score for one in found]),
        row(_("test: score of class 2"), [one.other_score for one in found]),
        Reading(_("test decides for"), tuple(words[one.decision] for one in found)),
        row(_("training: T(θ₁)"), [one.target for one in found]),
        row(_("training: class 2"), [one.rival for one in found]),
        Reading(_("beyond the margin"), tuple(_("yes") if one.satisfied else _("no") for one in found)),
        row(_("needs θ₁ below (°)"), [_largest(one, options) for one in known], 2),
        row(_("slope dT/dθ (1/rad)"), [one.slope for one in found]),
        row(_("loss of both classes (nats)"), [one.loss for one in found]),
        row(_("pull |∂L/∂θ|, others at 90°"), [pull_at(one.pulls, options.angles[0]) for one in known]),
    )
    return Readings(tuple(_(loss.spec.title) for loss in options.losses), rows)


def notes_of(options: MarginOptions) -> tuple[str, ...]:
    """Return what to know about the pictures, in wordings from long to short."""
    known = computed(options.first, options.classes)
    note = note_of(known.scores)
    if known.curve.geometry.binary:
        note = " ".join(filter(None, (note, _("Each class decides by itself, here with the bias b = 0."))))
    short = _("Hatched: classified correctly, but inside the margin.")
    longer = _("Between the areas: boundary at test time. Coloured: in training. Hatched: the margin.")
    if direction_on_circle(*options.angles, math.radians(options.apart)) is None:
        outside = _("This sample is not in the plane of w₁ and w₂, so the circle leaves it out.")
        return f"{short} {outside}", outside
    return tuple(text for text in (f"{longer} {note}".strip(), longer, short) if text)


def _over(values: Floats, jump: float) -> Floats:
    """Return values at `THETA` as points over degrees, interrupted where they change by more than a jump."""
    jumps = np.flatnonzero(np.abs(np.diff(values)) > jump) + 1
    x, y = np.insert(_DEGREES, jumps, np.nan), np.insert(values, jumps, np.nan)
    return np.stack([x, y], axis=1)


def _key(names: list[tuple[str, Rgb]], corner: tuple[float, float]) -> list[Shape]:
    """Return the names one below the other: at places of the axis they would touch in a small plot."""
    rows = enumerate(names)
    return [Label(corner, name, rgb, (-0.2, 0.0), bold=True, lower=_LINE * k) for k, (name, rgb) in rows]


def _edges(found: Boundaries, rgb: Rgb) -> list[Shape]:
    return [] if found.train is None else [Line(edge, rgb) for area in found.train for edge in area.edges]


def _tints(theme: Theme, label: int) -> tuple[Rgb, Rgb]:
    """Return the tint of the area of a class, and the colour of the hatching on it."""
    tint = theme.field_color(label)
    return tint, mix(tint, theme.class_color(label), _HATCH)


def _ring(start: float, end: float, side: Side, label: int, theme: Theme) -> Area:
    """Return a stretch of the ring: full where training is satisfied, hatched in the margin, else grey."""
    low, high = _RING
    corners = np.vstack([arc(high, start, end), arc(low, end, start)])
    tint, hatch = _tints(theme, label)
    if side == "trained":
        return Area(corners, mix(theme.plot, theme.class_color(label), 0.75))
    return Area(corners, tint, hatch) if side == "margin" else Area(corners, mix(theme.plot, theme.line, 0.5))


def _largest(known: Computed, options: MarginOptions) -> float:
    return math.degrees(largest_angle(known.curve, options.angles[1]))
