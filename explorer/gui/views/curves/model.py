"""CurveModel: the visible part of a history, and the row under the cursor."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.history import STEP, History
from explorer.gui.theme.theme import Theme
from explorer.gui.views.curves.content import CurveContent, Values, axis_values, content_of
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.curves.reading import Reading, nearest, read

Span = tuple[float, float]

_CLOSEST = 1e-3
"""Smallest visible fraction of the whole axis."""


def zoomed(span: Span, whole: Span, factor: float, about: float) -> Span | None:
    """Return a span ``factor`` times as wide in which ``about`` keeps its place; None for the whole."""
    extent = whole[1] - whole[0]
    width = max(_CLOSEST * extent, factor * (span[1] - span[0]))
    if width >= extent:
        return None
    fraction = (about - span[0]) / (span[1] - span[0])
    return _inside(about - fraction * width, width, whole)


def moved(span: Span, whole: Span, by: float) -> Span:
    """Return the span moved by an offset, but not beyond the whole."""
    return _inside(span[0] + by, span[1] - span[0], whole)


def holding(span: Span, whole: Span, x: float) -> Span:
    """Return the span moved as little as needed to contain ``x``."""
    return moved(span, whole, min(0.0, x - span[0]) + max(0.0, x - span[1]))


def _inside(left: float, width: float, whole: Span) -> Span:
    left = min(max(left, whole[0]), whole[1] - width)
    return left, left + width


class CurveLook(Struct, frozen=True):
    """Step of the cursor, None without one, and the part of the X axis that is shown, None for the whole."""

    step: float | None = None
    span: Span | None = None


class CurveModel:
    """A history as `CurveOptions` show it; ``content`` is what to draw, None before there is a row.

    The cursor is kept as a step, because rows of a long history are thinned. Without a cursor the step
    that the other views show is read out, and where that is the newest, the last row.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.options = CurveOptions()
        self.history = History()
        self.content: CurveContent | None = None
        self._step: float | None = None
        self._looked_at: float | None = None
        self._span: Span | None = None
        self._unit = 1.0

    def show_run(
        self, history: History, options: CurveOptions, theme: Theme, looked_at: float | None
    ) -> None:
        """Show a history or its new state; another history is shown whole.

        ``looked_at`` is the step that the other views show, None for the newest.
        """
        self._looked_at = looked_at
        if history is not self.history:
            self._step = None
            self._span = None
        elif options.axis != self.options.axis:
            self._span = None
        self.history, self.options, self.theme = history, options, theme

    def renew(self, parts: int) -> None:
        """Recompute ``content``, in at most ``parts`` parts of the axis."""
        if not len(self.history):
            return
        unit = axis_values(self.history, self.options.axis)[1]
        if self._span is not None and unit != self._unit:  # seconds have become minutes
            left, right = self._span
            self._span = left * self._unit / unit, right * self._unit / unit
        self._unit = unit
        self.content = content_of(self.history, self.options, self.theme, self._span, parts)

    @property
    def row(self) -> int | None:
        """Row of the history that is read out, None for the last."""
        step = self._looked_at if self._step is None else self._step
        return None if step is None else nearest(self.history.column(STEP), step)

    @property
    def has_cursor(self) -> bool:
        """Whether pointer or keys have put the cursor on a row."""
        return self._step is not None

    @property
    def is_zoomed(self) -> bool:
        """Whether less than the whole run is shown."""
        return self._span is not None

    @property
    def positions(self) -> Values:
        """Position (n,) of each row on the axis."""
        return axis_values(self.history, self.options.axis)[0]

    @property
    def mark_rows(self) -> list[int]:
        """The rows nearest to changes of settings."""
        if self.content is None:
            return []
        positions = self.positions  # a copy where the axis is time: one for all marks
        return [nearest(positions, at) for at, _ in self.content.marks]

    @property
    def visible_rows(self) -> int:
        """Number of rows in the visible part."""
        if self.content is None:
            return 0
        x, (left, right) = self.positions, self.content.span
        return int(np.count_nonzero((x >= left) & (x <= right)))

    def row_near(self, x: float) -> int:
        """Return the row nearest to a position on the axis."""
        return nearest(self.positions, x)

    def reading(self, near: float) -> Reading:
        """Return the values at the cursor with changes within ``near``, or the last values without it."""
        assert self.content is not None, "there is a run to read"
        row = self.row
        x = None if row is None else float(self.positions[row])
        return read(self.content, self.history, x, -1 if row is None else row, near)

    def put_cursor(self, row: int | None) -> bool:
        """Put the cursor on a row, or hide it with None; return whether that changed anything."""
        step = None if row is None else float(self.history.column(STEP)[row])
        before, self._step = self._step, step
        return step != before

    @property
    def look(self) -> CurveLook:
        """Cursor and zoom."""
        return CurveLook(self._step, self._span)

    def set_look(self, look: CurveLook) -> None:
        """Put the cursor and the zoom where they were."""
        self._step, self._span = look.step, look.span

    def show_whole(self) -> None:
        """Show the whole run."""
        self._span = None

    def zoom(self, factor: float, about: float | None = None) -> None:
        """Show a part ``factor`` times as wide; the position ``about``, or the middle, stays in place."""
        if self.content is not None:
            span = self.content.span
            self._span = zoomed(span, self.content.whole, factor, sum(span) / 2 if about is None else about)

    def move(self, by: float) -> None:
        """Pan by an offset in units of the axis."""
        if self._span is not None and self.content is not None:
            self._span = moved(self._span, self.content.whole, by)

    def hold(self, row: int) -> None:
        """Pan as little as needed to show a row."""
        if self._span is not None and self.content is not None:
            self._span = holding(self._span, self.content.whole, float(self.positions[row]))
