"""Readings: the values of all curves at the cursor, and in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.history import ELAPSED, STEP, History
from explorer.analysis.frames.run_columns import EPOCH
from explorer.core.texts import _
from explorer.gui.views.curves.content import CurveContent, Values, value_text


class Reading(Struct, frozen=True, eq=False):
    """The value of every curve of every panel.

    ``x`` is the position on the axis, None for the last row; ``changes`` are the changes of settings near it,
    from the longest wording to the shortest.
    """

    values: tuple[tuple[float, ...], ...]
    x: float | None = None
    changes: tuple[str, ...] = ()


def read(content: CurveContent, history: History, x: float | None, row: int, near: float) -> Reading:
    """Return the values in a row of the history, and the changes of settings within ``near`` of ``x``."""
    values = tuple(
        tuple(curve.factor * float(history.column(curve.column)[row]) for curve in panel.curves)
        for panel in content.panels
    )
    close = [texts for at, texts in content.marks if x is not None and abs(at - x) <= near]
    wordings = (", ".join(texts[0] for texts in close), ", ".join(texts[1] for texts in close))
    return Reading(values, x, wordings if close else ())


def moment_texts(history: History, row: int) -> tuple[str, ...]:
    """Return step, time and epoch of a row of the history, from the longest wording to the shortest."""
    step, elapsed, epoch = (float(history.column(name)[row]) for name in (STEP, ELAPSED, EPOCH))
    patterns: tuple[str, ...] = (_("step {step:,.0f} · {elapsed:,.1f} s"), _("step {step:,.0f}"))
    if math.isfinite(epoch):
        patterns = (_("step {step:,.0f} · {elapsed:,.1f} s · epoch {epoch:.2f}"), *patterns)
    return tuple(pattern.format(step=step, elapsed=elapsed, epoch=epoch) for pattern in patterns)


def reading_text(content: CurveContent, reading: Reading) -> str:
    """Return a reading in words, for screen readers."""
    parts = [
        f"{_(panel.panel.title)} {curve.label}".strip() + f" {value_text(panel.panel, value)}"
        for panel, values in zip(content.panels, reading.values, strict=True)
        for curve, value in zip(panel.curves, values, strict=True)
    ]
    return "; ".join((*parts, *reading.changes[:1]))


def nearest(values: Values, value: float) -> int:
    """Return the index of the entry of ``values`` (n,), increasing and not empty, nearest to ``value``."""
    after = min(int(np.searchsorted(values, value)), len(values) - 1)
    before = max(0, after - 1)
    return before if abs(values[before] - value) <= abs(values[after] - value) else after


_FAR = 10
"""Strides of a far move."""


def row_of_command(command: str, row: int, last: int, stride: int, marks: Sequence[int]) -> int | None:
    """Return the row, from 0 to ``last``, to which a command moves the cursor from ``row``; None for others.

    ``marks`` are the rows at which settings changed.
    """
    match command:
        case "curves.back":
            return max(0, row - stride)
        case "curves.forward":
            return min(last, row + stride)
        case "curves.far-back":
            return max(0, row - _FAR * stride)
        case "curves.far-forward":
            return min(last, row + _FAR * stride)
        case "curves.first":
            return 0
        case "curves.last":
            return last
        case "curves.previous-change":
            return max((mark for mark in marks if mark < row), default=row)
        case "curves.next-change":
            return min((mark for mark in marks if mark > row), default=row)
        case _:
            return None
