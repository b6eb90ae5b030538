"""What the cost lab draws and reads of its options, as plain values. Both axes are powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from explorer.analysis.labs.costs import MEGABYTE, Memory, growth, memory, nearest
from explorer.analysis.plane.geometry import Rectangle
from explorer.core.losses.catalog import LOSSES
from explorer.core.texts import _
from explorer.gui.labs.cost.costs import MEMORY, TIME, Costs
from explorer.gui.labs.cost.options import MOST_CLASSES, ORDER, CostOptions
from explorer.gui.labs.lab import Reading, Readings, number
from explorer.gui.labs.lab_plot import Picture
from explorer.gui.labs.shapes import DASHED, Dot, Floats, Label, Line, Shape, polyline
from explorer.gui.theme.theme import Rgb, Theme, mix

_LEAST, _MOST = 1.0, math.log10(MOST_CLASSES)
_ROOM = 0.15
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
Ticks = list[tuple[float, str]]


def loss_colors(theme: Theme) -> tuple[Rgb, Rgb]:
    """Return the colours of both losses."""
    return theme.class_color(0), theme.class_color(2)


def class_ticks() -> Ticks:
    """Return the powers of ten of the numbers of classes."""
    return _power_ticks(range(1, round(_MOST) + 1))


def value_ticks(limits: Rectangle) -> Ticks:
    """Return the powers of ten between the limits of the vertical axis."""
    return _power_ticks(range(math.ceil(limits.bottom), math.floor(limits.top) + 1))


def _power_ticks(exponents: range) -> Ticks:
    """Return powers of ten, all written alike: "0.1", "1,000"; where one is too long for that, "10⁵"."""
    if all(-3 <= exponent <= 3 for exponent in exponents):
        return [(float(exponent), f"{10.0**exponent:,g}") for exponent in exponents]
    return [(float(exponent), f"10{str(exponent).translate(_SUPERSCRIPTS)}") for exponent in exponents]


def times_of(options: CostOptions, theme: Theme) -> Picture:
    """Return the measured time of a step of every loss, those of the two losses in colour."""
    return _measured(options, TIME, theme)


def memories_of(options: CostOptions, theme: Theme) -> Picture:
    """Return the counted memory of weights, centres and logits, and the measured peak of both losses."""
    ends = (10, MOST_CLASSES)
    found = [memory(count, options.dim, options.batch) for count in ends]
    counted = (([one.logits for one in found], theme.muted), ([one.weights for one in found], theme.text))
    shapes: list[Shape] = []
    values = []
    for sizes, rgb in counted:
        line = _logs(zip(ends, [size / MEGABYTE for size in sizes], strict=True))
        values.append(line[:, 1])
        shapes.append(Line(line, rgb))
    names = [(_("logits of a batch"), theme.muted), (_("weights; same for centres"), theme.text)]
    if options.costs is not None:
        peaks = zip(options.losses, loss_colors(theme), strict=False)
        names += [(_("peak of {loss}").format(loss=_(LOSSES[loss].title)), rgb) for loss, rgb in peaks]
        for loss, rgb in zip(options.losses, loss_colors(theme), strict=False):
            peak = _logs(options.costs.points(MEMORY, loss))
            values.append(peak[:, 1])
            shapes += _curve(peak, rgb)
    limits = _limits(values)
    return Picture([_now(options, theme), *shapes, *_key(names, limits)], limits)


def readings_of(options: CostOptions) -> Readings:
    """Return what was measured next to the number of classes, and the counted memory."""
    counted = memory(options.classes, options.dim, options.batch)
    rows = []
    if options.costs is not None:
        rows += _measured_rows(options, options.costs)
    rows += [Reading(name, (size_text(size),)) for name, size in _parts(counted)]
    names = tuple(_(LOSSES[loss].title) for loss in options.losses)
    return Readings(names if options.costs is not None else ("",), tuple(rows))


def size_text(size: int) -> str:
    """Return a number of bytes in kB or MB."""
    if size < MEGABYTE:
        return _("{size} kB").format(size=number(1e3 * size / MEGABYTE, 2))
    return _("{size} MB").format(size=number(size / MEGABYTE, 2))


def state_text(costs: Costs | None) -> str:
    """Return where and when the costs were measured."""
    if costs is None:
        return _("Not measured yet on this machine. It takes a few minutes; training goes on more slowly.")
    day = costs.measured.partition("T")[0]
    if costs.is_ours:
        return _("Measured on this machine ({machine}), {day}, on {device}, batch of 128, 64-D.").format(
            machine=costs.machine, day=day, device=costs.device.upper()
        )
    return _("Not this machine: measured on {machine}, {day}, on {device}.").format(
        machine=costs.machine, day=day, device=costs.device.upper()
    )


def _measured_rows(options: CostOptions, costs: Costs) -> list[Reading]:
    times, peaks = ([costs.points(figure, loss) for loss in options.losses] for figure in (TIME, MEMORY))
    near = [nearest(points, options.classes) for points in times]

    def cells(found: list[tuple[int, float] | None], pattern: str) -> tuple[str, ...]:
        missing = _("not measured")
        return tuple(missing if one is None else pattern.format(value=number(one[1], 2)) for one in found)

    grown = tuple(_("× {factor}").format(factor=number(growth(points), 1)) for points in times)
    return [
        Reading(_("measured at"), tuple(_("–") if one is None else f"{one[0]:,}" for one in near)),
        Reading(_("time of a step"), cells(near, _("{value} ms"))),
        Reading(
            _("peak memory of a step"),
            cells([nearest(points, options.classes) for points in peaks], _("{value} MB")),
        ),
        Reading(_("time for ten times the classes"), grown),
    ]


def _parts(counted: Memory) -> list[tuple[str, int]]:
    return [
        (_("weights of the classifier"), counted.weights),
        (_("centres of centre loss"), counted.centres),
        (_("gradient of the weights"), counted.gradient),
        (_("logits of a batch"), counted.logits),
    ]


def _measured(options: CostOptions, figure: str, theme: Theme) -> Picture:
    """Return the curves of a figure; without measurements, the axes."""
    costs = options.costs
    lines = {} if costs is None else {loss: _logs(costs.points(figure, loss)) for loss in ORDER}
    lines = {loss: line for loss, line in lines.items() if len(line)}
    faint = mix(theme.plot, theme.muted, 0.5)
    others = (line for loss, line in lines.items() if loss not in options.losses)
    shapes: list[Shape] = [Line(line, faint, bold=False) for line in others]
    for loss, rgb in zip(options.losses, loss_colors(theme), strict=False):
        if loss in lines:
            shapes += _curve(lines[loss], rgb)
    limits = _limits([line[:, 1] for line in lines.values()])
    if not lines:
        middle = (_LEAST + _MOST) / 2, (limits.top + limits.bottom) / 2
        return Picture([Label(middle, _("Not measured yet"), theme.muted, small=False)], limits)
    colored = zip(options.losses, loss_colors(theme), strict=False)
    names = [(_(LOSSES[loss].title), rgb) for loss, rgb in colored]
    names.append((_("all others"), theme.muted))
    return Picture([_now(options, theme), *shapes, *_key(names, limits)], limits)


def _key(names: list[tuple[str, Rgb]], limits: Rectangle) -> list[Label]:
    """Return names below each other in the upper left corner."""
    step = 0.05 * (limits.top - limits.bottom)
    places = [(_LEAST, limits.top - (place + 0.8) * step) for place in range(len(names))]
    return [
        Label(at, name, rgb, (0.5, 0.0), bold=True) for at, (name, rgb) in zip(places, names, strict=True)
    ]


def _curve(line: Floats, rgb: Rgb) -> list[Shape]:
    return [Line(line, rgb), *(Dot((float(x), float(y)), rgb, 4.0) for x, y in line)]


def _now(options: CostOptions, theme: Theme) -> Line:
    at = math.log10(options.classes)
    return Line(polyline((at, -20), (at, 20)), theme.muted, DASHED, bold=False)


def _logs(points: Iterable[tuple[float, float]]) -> Floats:
    """Return positive points as decimal logarithms (n, 2)."""
    return np.log10(np.array(list(points), dtype=np.float64).reshape(-1, 2))


def _limits(values: list[Floats]) -> Rectangle:
    every = np.concatenate(values) if values else np.array([])
    low, high = (math.floor(every.min()), math.ceil(every.max())) if len(every) else (-1, 3)
    return Rectangle(_LEAST - 2 * _ROOM, low, _MOST + 2 * _ROOM, max(high, low + 1) + 0.4)
