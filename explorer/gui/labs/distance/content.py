"""What the distance lab draws and reads of its options, as plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from explorer.analysis.labs.distances import compare, in_their_plane, norm
from explorer.analysis.plane.geometry import Rectangle
from explorer.core.texts import _
from explorer.gui.labs.distance.options import NAMES, DistanceOptions
from explorer.gui.labs.lab import Reading, Readings, number
from explorer.gui.labs.lab_plot import Handle, Picture
from explorer.gui.labs.shapes import (
    DASHED,
    DOTTED,
    SOLID,
    Dot,
    Label,
    Line,
    Point,
    Shape,
    angle_arc,
    arc,
    around,
    outwards,
    polyline,
)
from explorer.gui.theme.theme import Rgb, Theme, mix

_FAR_AWAY = 0.3
"""Where points are closer together than this fraction of their lengths, the origin is left out."""
_ROOM = 0.16
_LEAST = 0.03
"""Fraction of the width of the plot below which an arc or a line has no room for its number."""
_ARCS = (0.22, 0.3)
"""Radii of the arcs of the angles to B and to C, as fractions of the shorter vector's length."""


def picture_of(options: DistanceOptions, theme: Theme) -> Picture:
    """Return what is drawn: vectors, chords, city-block paths and angles."""
    points = _points(options)
    colors = [theme.text, *(theme.class_color(k) for k in (0, 1))]
    shapes: list[Shape] = []
    if options.normalise:
        shapes.append(Line(arc(1.0, 0.0, 2 * math.pi), theme.line))
    shapes += [
        Line(polyline((0, 0), point), mix(theme.plot, theme.muted, 0.7), bold=False) for point in points
    ]
    limits = _limits(points, options)
    for index in range(1, len(points)):
        shapes += _between(points[0], points[index], colors[index], options, index, limits)
    names = [_(NAMES[k]) for k in range(len(points))]
    shapes += [
        Label(point, name, rgb, side=outwards(point, (-2.0, -1.0)), bold=True, small=False)
        for point, name, rgb in zip(points, names, colors, strict=False)
    ]
    handles = [
        Handle(NAMES[k].lower(), names[k], point, colors[k]) for k, point in enumerate(points) if options.flat
    ]
    if not options.flat:
        shapes += [Dot(point, rgb, 6.0) for point, rgb in zip(points, colors, strict=False)]
    return Picture(shapes, limits, handles)


def readings_of(options: DistanceOptions) -> Readings:
    """Return all distances of A to the others; the nearer or more similar one is marked."""
    first, *others = options.vectors
    found = [compare(first, other, options.assumed_mean) for other in others]

    def row(name: str, values: list[float], decimals: int = 4, sign: int = 1) -> Reading:
        marked = nearest([sign * value for value in values]) if sign else ()
        return Reading(name, tuple(number(value, decimals) for value in values), marked)

    rows = [
        row(_("Euclidean distance d"), [one.euclidean for one in found]),
        row(_("Manhattan distance"), [one.manhattan for one in found]),
        row(_("cosine similarity"), [one.cosine for one in found], sign=-1),
        row(_("cosine distance 1 − cos"), [one.cosine_distance for one in found]),
        row(_("angle (°)"), [math.degrees(one.angle) for one in found], 2),
        row(_("adjusted cosine, own means"), [one.own_means for one in found], sign=-1),
        row(
            _("adjusted cosine, μ = {mean:g}").format(mean=options.assumed_mean),
            [one.assumed_mean for one in found],
            sign=-1,
        ),
        row(_("d²"), [one.euclidean**2 for one in found], sign=0),
    ]
    if options.normalise:
        rows.append(row(_("2(1 − cos)"), [2 * one.cosine_distance for one in found], sign=0))
    if options.unit:
        rows.append(
            row(_("first component's share of d² (%)"), [100 * one.first_share for one in found], 2, 0)
        )
    lengths = _("length of B and of C") if len(others) > 1 else _("length of B")
    rows.append(row(lengths, [norm(other) for other in others], sign=0))
    rows.append(row(_("length of A"), [norm(first)], sign=0))
    return Readings(tuple(_heading(k + 1) for k in range(len(others))), tuple(rows))


def notes_of(options: DistanceOptions) -> tuple[str, ...]:
    """Return what to know about the picture, in wordings from long to short."""
    if not options.flat:
        return (
            _("Drawn in the plane that contains both vectors: lengths, angle and distance d are true."),
            _("Drawn in the plane that contains both vectors."),
        )
    if options.normalise:
        return (_("Chord: Euclidean distance. Arc: angle. Drag a point to turn it."),)
    return (
        _("Solid: Euclidean distance. Dashed: city-block path. Arc: angle. Shift-drag keeps the ray."),
        _("Solid: Euclidean distance. Dashed: city-block path. Arc: angle."),
    )


def axes_of(options: DistanceOptions) -> tuple[str, str]:
    """Return the names of both axes."""
    if not options.flat:
        return _("along A"), _("across A")
    if options.unit:
        return _("height ({unit})").format(unit=_(options.unit)), _("weight (kg)")
    return _("x₁"), _("x₂")


def nearest(values: Sequence[float]) -> tuple[int, ...]:
    """Return the index of the least of two distances; nothing where they are equal or not defined."""
    if len(values) != 2 or values[0] == values[1] or not all(map(math.isfinite, values)):
        return ()
    return (int(values[1] < values[0]),)


def _heading(index: int) -> str:
    """Return the heading of the comparison of A with another vector."""
    return _("{first} and {second}").format(first=_(NAMES[0]), second=_(NAMES[index]))


def _points(options: DistanceOptions) -> list[Point]:
    """Return where the vectors are drawn; of more than two components, the first two in their plane."""
    vectors = options.vectors
    if options.flat:
        return [(one[0], one[1]) if math.isfinite(one[0]) else (0.0, 0.0) for one in vectors]
    return list(in_their_plane(vectors[0], vectors[1]))


def _between(
    first: Point, second: Point, rgb: Rgb, options: DistanceOptions, index: int, limits: Rectangle
) -> list[Shape]:
    """Return chord, city-block path and angle between A and another point."""
    shapes: list[Shape] = []
    if options.flat and not options.normalise:
        shapes.append(Line(polyline(first, (second[0], first[1]), second), rgb, DASHED, bold=False))
    shapes.append(Line(polyline(first, second), rgb))
    apart, legible = math.dist(first, second), _LEAST * (limits.right - limits.left)
    middle = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    if apart > 2 * legible:
        shapes.append(Label(middle, number(apart, 3), rgb, side=_across(first, second)))
    stroke = DOTTED if index > 1 else SOLID
    shapes += angle_arc(first, second, _ARCS[index - 1], rgb, legible, stroke)
    return shapes


def _across(first: Point, second: Point) -> Point:
    """Return the direction from the chord away from the origin."""
    x, y = second[1] - first[1], first[0] - second[0]
    length = math.hypot(x, y)
    sign = 1.0 if x * (first[0] + second[0]) + y * (first[1] + second[1]) >= 0 else -1.0
    return sign * x / length, sign * y / length


def _limits(points: list[Point], options: DistanceOptions) -> Rectangle:
    if options.normalise:
        return Rectangle(-1.25, -1.25, 1.25, 1.25)
    places = np.array(points, dtype=np.float64)
    spread = float(np.ptp(places, axis=0).max())
    if len(points) < 2 or spread > _FAR_AWAY * float(np.hypot(*places.T).min()):
        places = np.vstack([places, [(0.0, 0.0)]])
    return around(places, _ROOM)
