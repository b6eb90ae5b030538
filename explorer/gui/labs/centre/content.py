"""What the centre lab draws and reads of its options, as plain values."""

from __future__ import annotations

import math

import numpy as np

from explorer.analysis.labs.centres import (
    WORKED,
    half_squares,
    means,
    on_unit_sphere,
    shares,
    squared_product,
)
from explorer.analysis.labs.distances import norm
from explorer.analysis.plane.geometry import FULL_TURN, Rectangle
from explorer.core.texts import _
from explorer.gui.labs.centre.options import INLIERS, CentreOptions
from explorer.gui.labs.lab import Reading, Readings, number
from explorer.gui.labs.lab_plot import Handle, Picture
from explorer.gui.labs.shapes import DASHED, DOTTED, Area, Dot, Floats, Label, Line, Shape, arc, polyline
from explorer.gui.plots.ranges import rung_above
from explorer.gui.theme.theme import Rgb, Theme, mix

_BAR = 0.36
_ROOM = 1.12
_ANGLES = np.linspace(0.0, 180.0, 361)


def point_colors(theme: Theme) -> tuple[Rgb, Rgb, Rgb]:
    """Return the colours of the cloud, of the outlier and of the centre."""
    return theme.class_color(0), mix(theme.class_color(2), theme.text, 0.2), theme.text


def plane_of(options: CentreOptions, theme: Theme) -> Picture:
    """Return the features, the path of the centre, and the means with and without the outlier."""
    points, path = options.points, options.path
    cloud, outlier, centre = point_colors(theme)
    now, mean, inner = _pair(path[-1]), _pair(points.mean(axis=0)), _pair(points[:-1].mean(axis=0))
    shapes: list[Shape] = []
    if options.normalise:
        shapes.append(Line(arc(1.0, 0, FULL_TURN), theme.line))
    faint = mix(theme.plot, theme.muted, 0.35)
    shapes += [Line(polyline(_pair(point), now), faint, bold=False) for point in points[:-1]]
    shapes.append(Line(polyline(_pair(points[-1]), now), outlier, DASHED, bold=False))
    shapes += [Dot(_pair(point), cloud, 5.0) for point in points[:-1]]
    shapes.append(Line(path, mix(theme.plot, centre, 0.6), bold=False))
    shapes += [Dot(_pair(step), mix(theme.plot, centre, 0.6), 2.5) for step in path[1:-1]]
    shapes += [
        Dot(inner, cloud, 7.0, hollow=True),
        Label(inner, _("mean without the outlier"), cloud, (0.0, -9.0)),
        Dot(mean, outlier, 7.0, hollow=True),
        Label(mean, _("mean"), outlier, (0.0, 9.0)),
        Dot(now, centre, 5.0),
        Label(now, _("c"), centre, (-2.0, 1.0), bold=True, small=False),
    ]
    handles = [
        Handle("outlier", _("the outlier"), _pair(points[-1]), outlier),
        Handle("start", _("the first centre"), _pair(path[0]), mix(theme.plot, centre, 0.55)),
    ]
    seen = np.vstack([points, path, [(0.0, 0.0)]])
    reach = rung_above(_ROOM * float(np.abs(seen).max()))
    low = -reach if seen.min() < -0.1 * reach else -0.15 * reach
    return Picture(shapes, Rectangle(low, low, reach, reach), handles)


def shares_of(options: CentreOptions, theme: Theme) -> Picture:
    """Return the share of each feature in the loss in percent, as bars; the outlier is the last."""
    cloud, outlier, _centre = point_colors(theme)
    found = 100 * shares(half_squares(options.points, options.path[-1]))
    shapes: list[Shape] = []
    for k, share in enumerate(found.tolist()):
        x = k + 1
        corners = polyline((x - _BAR, 0), (x + _BAR, 0), (x + _BAR, share), (x - _BAR, share))
        shapes.append(Area(corners, outlier if k == INLIERS else cloud))
    last = float(found[-1])
    text = _("{share}%").format(share=number(last, 1))
    shapes.append(Label((INLIERS + 1.0, last), text, outlier, (0.0, 1.0), bold=True))
    top = rung_above(1.2 * max(10.0, float(found.max())))
    return Picture(shapes, Rectangle(0.3, 0.0, INLIERS + 1.9, top))


def formulas_of(options: CentreOptions, theme: Theme) -> Picture:
    """Return ½‖x − c‖² and ½(x·c)² of unit features over the angle to the centre."""
    right_rgb, wrong_rgb = theme.class_color(0), theme.error
    cosines, now = np.cos(np.radians(_ANGLES)), np.array([math.cos(math.radians(options.angle))])
    right, wrong = on_unit_sphere(cosines, options.length), squared_product(cosines, options.length)
    at = float(on_unit_sphere(now, options.length)[0]), float(squared_product(now, options.length)[0])
    shapes: list[Shape] = [
        Line(polyline((options.angle, -9), (options.angle, 9)), theme.muted, DASHED, bold=False),
        Line(_over(wrong), wrong_rgb, DOTTED),
        Line(_over(right), right_rgb),
        Dot((options.angle, at[1]), wrong_rgb),
        Dot((options.angle, at[0]), right_rgb),
        Label((options.angle, at[0]), number(at[0], 3), right_rgb, (3.0, 0.6), bold=True),
        Label((options.angle, at[1]), number(at[1], 3), wrong_rgb, (3.0, 0.6), bold=True),
        Label((4, 2.05), _("½‖x − c‖²: right"), right_rgb, (0.2, 0.0), bold=True),
        Label((4, 1.8), _("½(x·c)²: wrong"), wrong_rgb, (0.2, 0.0), bold=True),
    ]
    return Picture(shapes, Rectangle(0, 0, 180, 2.2))


def readings_of(options: CentreOptions) -> Readings:
    """Return the loss, the share of the outlier, and where the centre is."""
    if options.table:
        return _class_means()
    points, path = options.points, options.path
    squares = half_squares(points, path[-1])
    plain = np.sqrt(2 * squares)
    mean, inner = points.mean(axis=0), points[:-1].mean(axis=0)
    cosine = np.array([math.cos(math.radians(options.angle))])
    rows = (
        (_("sum of ½‖x − c‖²"), float(squares.sum())),
        (_("of that, the outlier"), float(squares[-1])),
        (_("share of the outlier (%)"), 100 * float(shares(squares)[-1])),
        (_("share by plain distance (%)"), 100 * float(shares(plain)[-1])),
        (_("from c to the mean"), math.dist(path[-1], mean)),
        (_("from c to the mean without the outlier"), math.dist(path[-1], inner)),
        (_("the outlier moves the mean by"), math.dist(mean, inner)),
        (_("length ‖c‖"), norm(path[-1].tolist())),
        (_("curves: x·c"), options.length * float(cosine[0])),
        (_("curves: (1 + ‖c‖²)/2 − x·c"), float(on_unit_sphere(cosine, options.length)[0])),
        (_("curves: ½(x·c)²"), float(squared_product(cosine, options.length)[0])),
    )
    return Readings(("",), tuple(Reading(name, (number(value),)) for name, value in rows))


def worked_example() -> Readings:
    """Return the twelve vectors of the worked example with their lengths, and the means of the classes."""
    rows = [
        Reading(
            _("class {label}, vector {index}").format(label=label + 1, index=index + 1),
            (*(number(part, 1) for part in row), number(norm(row), 4)),
        )
        for label, vectors in enumerate(WORKED)
        for index, row in enumerate(vectors)
    ]
    return Readings((_("x₁"), _("x₂"), _("x₃"), _("length")), tuple(rows))


def _class_means() -> Readings:
    found = list(zip("₁₂₃", means(WORKED), strict=True))
    rows = [
        Reading(_("c{index}").format(index=index), tuple(number(part, 3) for part in mean))
        for index, mean in found
    ]
    lengths = [Reading(_("‖c{index}‖").format(index=index), (number(norm(mean)),)) for index, mean in found]
    return Readings((_("x₁"), _("x₂"), _("x₃")), (*rows, *lengths))


def _over(values: Floats) -> Floats:
    return np.stack([_ANGLES, values], axis=1)


def _pair(point: Floats) -> tuple[float, float]:
    return float(point[0]), float(point[1])
