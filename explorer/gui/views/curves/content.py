"""What the Curves view draws, as plain values: panels of curves, thinned to the pixels there are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from explorer.analysis.frames import run_columns as columns
from explorer.analysis.frames.history import ELAPSED, STEP, History
from explorer.analysis.frames.setting_changes import Mark
from explorer.analysis.raster.thinning import extremes, part_starts
from explorer.core.texts import N_, _
from explorer.gui.plots.ranges import rung_above
from explorer.gui.theme.theme import Rgb, Theme
from explorer.gui.views.curves.options import PANELS, Axis, CurveOptions, Panel, PanelName

_FLOORS = (98.0, 95.0, 90.0, 80.0, 50.0)
_STROKES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)
_ROOM = 1.04
_TIMES = ((7200.0, 3600.0, N_("time (h)")), (300.0, 60.0, N_("time (min)")), (0.0, 1.0, N_("time (s)")))
"""Seconds from which on a unit is used, its seconds, and the title of the axis."""
_STEPS = N_("step")
_AXES: dict[Axis, tuple[str, str]] = {
    "step": (STEP, _STEPS),
    "time": (ELAPSED, N_("time (s)")),
    "epoch": (columns.EPOCH, N_("epoch")),
}
"""Column and title of each axis."""
_CURVES: dict[PanelName, tuple[tuple[str, str, float], ...]] = {
    "accuracy": (
        (columns.TEST_ACCURACY, N_("test"), 100.0),
        (columns.TRAIN_ACCURACY, N_("train"), 100.0),
        (columns.MARGIN_ACCURACY, N_("train, with margin"), 100.0),
    ),
    "spread": (
        (columns.WITHIN, N_("intra-class"), 1.0),
        (columns.BETWEEN, N_("inter-class"), 1.0),
        (columns.CLOSEST, N_("closest"), 1.0),
    ),
    "ratio": ((columns.RATIO, "", 1.0),),
    "angles": ((columns.OWN_ANGLE, N_("intra-class"), 1.0), (columns.CLOSEST_ANGLE, N_("closest"), 1.0)),
    "rate": ((columns.RATE, "", 1.0),),
}
"""Column, label and factor of the curves of each panel; those of the loss panel depend on the loss."""
Values = NDArray[np.float64]


class Curve(Struct, frozen=True, eq=False):
    """One curve: ``low`` and ``high`` (k,) are the minimum and maximum in each part of the axis, or NaN.

    They are in the unit of the panel, or its decimal logarithm where the scale is logarithmic. ``label`` is
    in the language in force.
    """

    column: str
    label: str
    factor: float
    rgb: Rgb
    stroke: Qt.PenStyle
    low: Values
    high: Values


class PanelContent(Struct, frozen=True, eq=False):
    """The curves of a panel, and the ``limits`` of its value axis; ``note`` says what cannot be shown.

    ``past`` are curves without a key: terms of losses that the run trained with before.
    """

    panel: Panel
    curves: tuple[Curve, ...]
    logarithmic: bool
    limits: tuple[float, float]
    note: str
    past: tuple[Curve, ...] = ()


class CurveContent(Struct, frozen=True, eq=False):
    """Panels over one X axis.

    ``x`` (k,) holds the start of each part in units of the axis; its last entry is the end of the curves.
    ``span`` is the visible part of the axis and ``whole`` all of it, ``least_tick`` the least distance of its
    ticks; ``marks`` holds positions and texts of the changes of settings.
    """

    x: Values
    span: tuple[float, float]
    whole: tuple[float, float]
    axis_title: str
    least_tick: float
    panels: tuple[PanelContent, ...]
    marks: tuple[tuple[float, tuple[str, ...]], ...]


def axis_values(history: History, axis: Axis) -> tuple[Values, float, str]:
    """Return the positions (n,) of all rows, the unit they were divided by, and the title as a message id.

    The axis is that of steps where the history has no column of the other.
    """
    if _AXES[axis][0] not in history.names:
        axis = "step"
    column, title = _AXES[axis]
    values = history.column(column)
    if axis != "time":
        return values, 1.0, title
    last = float(values[-1]) if len(values) else 0.0
    _least, unit, title = next(row for row in _TIMES if last >= row[0])
    return values / unit, unit, title


def content_of(
    history: History,
    options: CurveOptions,
    theme: Theme,
    span: tuple[float, float] | None = None,
    parts: int = 500,
) -> CurveContent:
    """Return what to draw of a history, which has a row; ``span`` is in units of the axis, None for all."""
    x, unit, title = axis_values(history, options.axis)
    # A continued run begins where the other was; any other at 0, though a moment may pass before its frame.
    first = float(x[0]) if history.column(STEP)[0] > 0 else 0.0
    whole = first, first + rung_above(max(1.0 if title == _STEPS else 0.1, float(x[-1]) - first))
    left, right = span or whole
    rows = slice(max(0, int(np.searchsorted(x, left)) - 1), int(np.searchsorted(x, right, "right")) + 1)
    last = len(x[rows]) - 1
    # A part has two points, its extremes; and the last sample is a part of its own.
    starts = np.append(part_starts(last, parts if last > 2 * parts else last), last)
    names = [name for name in PANELS if name in options.panels]
    return CurveContent(
        x=x[rows][starts],
        span=(left, right),
        whole=whole,
        axis_title=_(title),
        least_tick=1.0 if title == _STEPS else 0.0,
        panels=tuple(_panel(name, history, options, theme, rows, starts) for name in names),
        marks=tuple((_place(mark, options.axis) / unit, mark.texts) for mark in history.marks),
    )


def value_text(panel: Panel, value: float) -> str:
    """Return a value with its unit, as in the key; a dash where it is not finite."""
    if not math.isfinite(value):
        return "–"
    mantissa, sign, exponent = f"{value:{panel.digits}}".partition("e")
    number = f"{mantissa}e{int(exponent)}" if sign else mantissa.rstrip(".")
    return number.replace("-", "−") + panel.unit


def value_range(curves: Sequence[Curve], logarithmic: bool) -> tuple[float, float]:
    """Return round limits that contain all values."""
    values = _known(curves)
    if not len(values):
        return (-1.0, 0.0) if logarithmic else (0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        return math.floor(low * 2) / 2, math.ceil(high * 2 + 1e-9) / 2
    return (0.0 if low >= 0 else -rung_above(-low * _ROOM)), rung_above(max(high, 0.0) * _ROOM)


def accuracy_range(curves: Sequence[Curve]) -> tuple[float, float]:
    """Return limits in percent; the lower is a round number below the second half of the curves, or 0."""
    values = _known(curves, later=True)
    least = float(values.min()) if len(values) else 0.0
    return next((floor for floor in _FLOORS if floor < least), 0.0), 100.5


def _known(curves: Sequence[Curve], *, later: bool = False) -> Values:
    """Return all finite values; those of the second half of the axis only if ``later``."""
    parts = [part[len(part) // 2 if later else 0 :] for curve in curves for part in (curve.low, curve.high)]
    values = np.concatenate([*parts, np.zeros(0)])
    known: Values = values[np.isfinite(values)]
    return known


def _place(mark: Mark, axis: Axis) -> float:
    return {"step": mark.step, "time": mark.elapsed, "epoch": mark.epoch}[axis]


def _panel(
    name: PanelName,
    history: History,
    options: CurveOptions,
    theme: Theme,
    rows: slice,
    starts: NDArray[np.intp],
) -> PanelContent:
    panel = PANELS[name]
    logarithmic = options.logarithmic and panel.logarithmic
    colors = (theme.accent, theme.warning, theme.text, theme.error, theme.muted)
    if name == "loss":
        colors = (theme.text, theme.accent, theme.warning, theme.error, theme.muted)
    shown, past_columns = _loss_columns(history) if name == "loss" else (_CURVES[name], ())
    curves: list[Curve] = []
    left_out = False
    for column, label, factor in shown:
        at = len(curves)
        look = colors[at % len(colors)], _STROKES[at % len(_STROKES)]
        found = _extremes(factor * history.column(column)[rows], starts, logarithmic=logarithmic)
        if found is not None:
            low, high, hidden = found
            left_out = left_out or hidden
            curves.append(Curve(column, _(label), factor, *look, low, high))
    past = []
    for column in past_columns:
        found = _extremes(history.column(column)[rows], starts, logarithmic=logarithmic)
        if found is not None:
            low, high, _hidden = found
            past.append(Curve(column, "", 1.0, theme.line, Qt.PenStyle.SolidLine, low, high))
    everything = [*curves, *past]
    limits = accuracy_range(curves) if name == "accuracy" else value_range(everything, logarithmic)
    note = _note(curves, left_out)
    return PanelContent(panel, tuple(curves), logarithmic, limits, note, tuple(past))


def _extremes(
    values: Values, starts: NDArray[np.intp], *, logarithmic: bool
) -> tuple[Values, Values, bool] | None:
    """Return minimum and maximum of each part, and whether a logarithmic scale cannot show some of them.

    None where no value is finite.
    """
    low, high = extremes(values, starts)
    known = np.isfinite(low) & np.isfinite(high)
    if not known.any():
        return None
    if logarithmic:
        return *_logarithms(low, high), bool((low[known] <= 0).any())
    return np.where(known, low, np.nan), np.where(known, high, np.nan), False


def _loss_columns(history: History) -> tuple[tuple[tuple[str, str, float], ...], tuple[str, ...]]:
    """Return the columns of the loss as in `_CURVES`, and those of terms of earlier losses.

    A frame carries the terms of the loss that it was trained with, so the last row tells which are current.
    The only term of a loss equals the loss and is not drawn beside it.
    """
    terms = [name for name in history.names if name.startswith(columns.TERM)]
    trained = [name for name in terms if math.isfinite(history.column(name)[-1])] or terms
    past = tuple(name for name in terms if name not in trained)
    if len(trained) < 2:
        return ((columns.LOSS, "", 1.0),), past
    labelled = ((name, name.removeprefix(columns.TERM), 1.0) for name in trained)
    return ((columns.LOSS, N_("total"), 1.0), *labelled), past


def _logarithms(low: Values, high: Values) -> tuple[Values, Values]:
    """Return decimal logarithms; NaN for a part without a positive value."""
    top = np.log10(high, out=np.full_like(high, np.nan), where=np.isfinite(high) & (high > 0))
    return np.log10(low, out=top.copy(), where=np.isfinite(low) & (low > 0)), top


def _note(curves: Sequence[Curve], left_out: bool) -> str:
    if not curves:
        return _("No values yet")
    if not left_out:
        return ""
    shown = len(_known(curves))
    if shown:
        return _("Values ≤ 0 are not shown on a logarithmic scale")
    return _("No positive values for a logarithmic scale")
