"""What the softmax lab draws and reads of its options, as plain values."""

from __future__ import annotations

import math

import numpy as np

from explorer.analysis.labs.distances import angle, norm
from explorer.analysis.labs.softmax import (
    cross_entropy,
    losses_by_factor,
    lowest_loss,
    probabilities,
    regions,
)
from explorer.analysis.plane.geometry import FULL_TURN, Rectangle
from explorer.core.texts import _
from explorer.gui.labs.lab import Reading, Readings, number
from explorer.gui.labs.lab_plot import Handle, Picture
from explorer.gui.labs.shapes import DASHED, Area, Dot, Label, Line, Shape, angle_arc, arc, outwards, polyline
from explorer.gui.labs.softmax.options import CLASSES, LABEL, SoftmaxOptions
from explorer.gui.plots.ranges import rung_above
from explorer.gui.theme.theme import Rgb, Theme, mix

_BAR = 0.32
_ROOM = 1.25
_ARC = 0.35
_CURVE_POINTS = 241
_SUBSCRIPTS = "₁₂₃"


def class_colors(theme: Theme) -> list[Rgb]:
    """Return the colours of the three classes."""
    return [theme.class_color(k) for k in CLASSES]


def plane_of(options: SoftmaxOptions, theme: Theme) -> Picture:
    """Return regions, class weights and the feature, with the angles between them."""
    colors, weights, feature = class_colors(theme), options.weights, options.feature
    reach = rung_above(_ROOM * max(1.0, norm(feature), *map(norm, weights)))
    limits = Rectangle(-reach, -reach, reach, reach)
    far = 4 * reach
    shapes: list[Shape] = []
    for wedge in regions(weights):
        corners = np.vstack([polyline((0, 0)), arc(far, wedge.start, wedge.end)])
        shapes.append(Area(corners, theme.field_color(CLASSES[wedge.label])))
        if wedge.end - wedge.start < FULL_TURN:
            edge = far * math.cos(wedge.start), far * math.sin(wedge.start)
            shapes.append(Line(polyline((0, 0), edge), mix(theme.plot, theme.text, 0.55), bold=False))
    if options.normalise:
        shapes.append(Line(arc(1.0, 0, FULL_TURN), theme.line))
    for k, weight in enumerate(weights):
        tip = weight[0], weight[1]
        shapes.append(Line(polyline((0, 0), tip), colors[k]))
        shapes.append(Label(tip, _weight_name(k), colors[k], outwards(weight), bold=True, small=False))
    shapes.append(Line(polyline((0, 0), (feature[0], feature[1])), theme.text, DASHED, bold=False))
    shapes += angle_arc(weights[LABEL], feature, _ARC, theme.text, 0.1 * reach)
    handles = [Handle("f", _("f"), (feature[0], feature[1]), theme.text)]
    handles += [
        Handle(f"w{k + 1}", _weight_name(k), (weight[0], weight[1]), colors[k])
        for k, weight in enumerate(weights)
    ]
    at = feature[0], feature[1]
    shapes.append(Label(at, _("f"), theme.text, outwards(feature), bold=True, small=False))
    return Picture(shapes, limits, handles)


def bars_of(values: list[float], theme: Theme, probable: bool) -> Picture:
    """Return a bar with its number for each class: of logits, or of probabilities from 0 to 1."""
    reach = 1.0 if probable else rung_above(max(1e-3, *map(abs, values)))
    low = 0.0 if probable or min(values) >= 0 else -reach
    shapes: list[Shape] = [Line(polyline((0, 0), (4, 0)), theme.line)]
    for k, value in enumerate(values):
        rgb = class_colors(theme)[k]
        x, side = k + 1, 1.0 if value >= 0 else -1.0
        corners = polyline((x - _BAR, 0), (x + _BAR, 0), (x + _BAR, value), (x - _BAR, value))
        shapes.append(Area(corners, rgb))
        shapes.append(Label((float(x), value), number(value, 3), theme.text, (0.0, side)))
    room = 0.16 * (reach - low)
    return Picture(shapes, Rectangle(0.3, low - (room if low else 0.0), 3.7, reach + room))


def loss_of(options: SoftmaxOptions, theme: Theme) -> Picture:
    """Return the loss over the length of the feature, or over the scale, and where it is now."""
    now, unit_logits = _factor(options)
    most = rung_above(max(10.0, _ROOM * now))
    factors = np.linspace(0.0, most, _CURVE_POINTS)
    losses = losses_by_factor(unit_logits, LABEL, factors)
    loss = cross_entropy(options.logits, LABEL)
    top = rung_above(1.15 * max(float(losses.max()), loss))
    shapes: list[Shape] = [
        Line(np.stack([factors, losses], axis=1), class_colors(theme)[LABEL]),
        Line(polyline((now, 0), (now, loss)), theme.muted, DASHED, bold=False),
        Dot((now, loss), theme.text),
        Label((now, loss), number(loss, 3), theme.text, (1.0, 1.0), bold=True),
    ]
    return Picture(shapes, Rectangle(0.0, 0.0, most, top))


def factor_name(options: SoftmaxOptions) -> str:
    """Return the name of the horizontal axis of the loss."""
    return _("scale s") if options.direct or options.normalise else _("feature length ‖f‖, at this angle")


def readings_of(options: SoftmaxOptions) -> Readings:
    """Return angles, logits, probabilities and the loss."""
    logits = options.logits
    parts = probabilities(logits)
    best = (int(np.argmax(logits)),)
    rows = []
    if not options.direct:
        feature = options.feature
        turns = [math.degrees(angle(feature, weight)) for weight in options.weights]
        rows += [
            Reading(_("angle θⱼ (°)"), tuple(number(turn, 1) for turn in turns)),
            Reading(_("length ‖wⱼ‖"), tuple(number(norm(weight), 2) for weight in options.weights)),
        ]
    rows += [
        Reading(_("logit"), tuple(number(logit, 3) for logit in logits), best),
        Reading(_("probability"), tuple(number(part) for part in parts), best),
        Reading(_("sum of all"), (number(math.fsum(parts)),)),
        Reading(_("loss −ln p₁ (nats)"), (number(cross_entropy(logits, LABEL)),)),
        Reading(_("decision: class"), (str(best[0] + 1),)),
    ]
    if not options.direct:
        rows.append(Reading(_("length ‖f‖"), (number(norm(options.feature)),)))
    if options.normalise and not options.direct:
        floor = lowest_loss(options.weights, LABEL, options.scale)
        rows.append(Reading(_("lowest loss at this s"), (number(floor),)))
    return Readings(tuple(_("class {label}").format(label=k + 1) for k in CLASSES), tuple(rows))


def _factor(options: SoftmaxOptions) -> tuple[float, list[float]]:
    """Return the length or the scale that is varied, and the logits where it is 1."""
    if options.direct or options.normalise:
        return options.scale, options.unscaled
    length = norm(options.f)
    return length, [logit / length for logit in options.logits] if length else [0.0] * len(CLASSES)


def _weight_name(index: int) -> str:
    return _("w{index}").format(index=_SUBSCRIPTS[index])
