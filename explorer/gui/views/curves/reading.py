"""What the cursor of the curves reads out."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.history import ELAPSED, STEP, History
from explorer.analysis.frames.run_columns import EPOCH
from explorer.core.texts import _
from explorer.gui.views.curves.content import CurveContent, Values, value_text


class Reading(Struct, frozen=True, eq=False):
    """Values of every curve of every panel; ``x`` on the axis, None for the last ones; changes near it."""

    values: tuple[tuple[float, ...], ...]
    x: float | None = None
    changes: tuple[str, ...] = ()


def read(content: CurveContent, history: History, x: float | None, row: int, near: float) -> Reading:
    """Return the values in a row of the history, and the changes of settings not farther than ``near``.

    ``changes`` has them in full, and then as briefly as can be.
    """
    values = tuple(
        tuple(curve.factor * float(history.column(curve.column)[row]) for curve in panel.curves)
        for panel in content.panels
    )
    close = [texts for at, texts in content.marks if x is not None and abs(at - x) <= near]
    wordings = (", ".join(texts[0] for texts in close), ", ".join(texts[1] for texts in close))
    return Reading(values, x, wordings if close else ())


def moment_texts(history: History, row: int) -> tuple[str, ...]:
    """Return which moment a row of the history is, from the longest wording to the shortest."""
    step, elapsed, epoch = (float(history.column(name)[row]) for name in (STEP, ELAPSED, EPOCH))
    short = f"step {step:,.0f}"
    timed = f"{short} · {elapsed:,.1f} s"
    return (f"{timed} · epoch {epoch:.2f}", timed, short) if math.isfinite(epoch) else (timed, short)


def reading_text(content: CurveContent, reading: Reading) -> str:
    """Return a reading in words, for who cannot see it."""
    parts = [
        f"{_(panel.panel.title)} {curve.label}".strip() + f" {value_text(panel.panel, value)}"
        for panel, values in zip(content.panels, reading.values, strict=True)
        for curve, value in zip(panel.curves, values, strict=True)
    ]
    return "; ".join((*parts, *reading.changes[:1]))


def nearest(values: Values, value: float) -> int:
    """Return the index of the value nearest to another; ``values`` (n,) increase, and there is one."""
    after = min(int(np.searchsorted(values, value)), len(values) - 1)
    before = max(0, after - 1)
    return before if abs(values[before] - value) <= abs(values[after] - value) else after
