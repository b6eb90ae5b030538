"""AnglePlot: histograms of the angles to the true and to the nearest other class, in degrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from explorer.analysis.frames.selection import SelectionMode
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed, selection_mode
from explorer.gui.plots.ranges import ANGLE_LIMITS, may_narrow, settle
from explorer.gui.plots.selection_gesture import SelectionGesture
from explorer.gui.plots.style import Plot
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.angles.content import AngleContent
from explorer.gui.views.angles.histogram_item import BIN_WIDTH, HistogramItem
from explorer.gui.views.angles.span import AngleSpan

_NEARLY_ALL, _LOOSE = 0.99, 0.5


class AnglePlot(Plot):
    """Percentage of images by angle; the axis limits change in steps, so that frames stay comparable.

    Signals
    -------
    rangeRequested(float, float, str)
        Select the images whose angle to the true class is in a range, in degrees; with a `SelectionMode`.
    selectionClearRequested()
        Clear the selection.
    """

    rangeRequested = Signal(float, float, str)
    selectionClearRequested = Signal()

    bottom_lines = 2.2

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, x=_("angle θ (degrees)"), y=_("% per degree"))
        self._limit = 0.0
        self._height = 0.0
        self.box.setMouseEnabled(x=False, y=False)
        self.box.disableAutoRange()
        self._item = HistogramItem(self)
        self.span = AngleSpan(self)
        self.gesture = SelectionGesture(self.viewport(), theme)
        self.gesture.set_tool("span")
        self.gesture.drawn.connect(self._on_gesture_drawn)
        self.gesture.clicked.connect(self._on_gesture_clicked)
        self.setAccessibleName(_("Histograms of angles"))
        self.setToolTip(
            wrapped(
                _(
                    "Drag to select images in a range of angles (Shift adds, Ctrl removes). "
                    "Keyboard: arrows move or widen the range, Enter selects."
                )
            )
        )

    @property
    def content(self) -> AngleContent | None:
        """The content shown, None before the first."""
        return self._item.content

    def reset_view(self) -> None:
        """Reset the axis limits, so that the next content determines them."""
        self._limit = self._height = 0.0

    def show_content(self, content: AngleContent, theme: Theme) -> None:
        """Show a content, and adapt the axis limits where needed."""
        self._item.content = content
        if theme is not self.theme:
            self.gesture.band.theme = theme
            self.apply_theme(theme)
        both = [
            shares
            for series in content.series
            for shares in (series.found.own_shares, series.found.other_shares)
        ]
        needed = max(map(_extent, both), default=0.0)
        limit = self._limit
        if needed > limit or (may_narrow() and needed < _LOOSE * limit):
            limit = next((rung for rung in ANGLE_LIMITS if rung >= needed), ANGLE_LIMITS[-1])
        tallest = max((float(shares.max()) for shares in both), default=0.0)
        height = settle(self._height, 100 / BIN_WIDTH * tallest)
        if (limit, height) != (self._limit, self._height):
            self._limit, self._height = limit, height
            self._set_range()
        self.update_items()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move or widen the range of angles, or select the images in it."""
        command = pressed(event, "histogram")
        mode = selection_mode(command)
        if mode is not None and self.span.isVisible():
            self.rangeRequested.emit(*self.span.ends, mode)
        elif not self.span.apply(command, self._limit):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the range."""
        super().focusOutEvent(event)
        self.span.hide()

    def _on_gesture_drawn(self, corners: NDArray[np.float64], mode: SelectionMode) -> None:
        across, right, _up, _down = self._item.scale_and_shift()
        ends = (corners[:, 0] - self.corner().x() - right) / across
        self.rangeRequested.emit(float(ends.min()), float(ends.max()), mode)

    def _on_gesture_clicked(self, _at: QPointF, mode: SelectionMode) -> None:
        if mode == "replace":
            self.selectionClearRequested.emit()

    def _on_box_resized(self) -> None:
        super()._on_box_resized()
        self._set_range()

    def _set_range(self) -> None:
        if not self._limit:
            return
        share = self._item.note_room() / max(1.0, float(self.box.rect().height()))
        self.show_range((0, self._limit), (0, self._height / (1 - share)))


def _extent(shares: NDArray[np.float64]) -> float:
    """Return the angle in degrees that contains nearly all of a histogram."""
    total = shares.cumsum()
    return float((np.searchsorted(total, _NEARLY_ALL * total[-1]) + 1) * BIN_WIDTH) if total[-1] else 0.0
