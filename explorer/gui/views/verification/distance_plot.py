"""DistancePlot: histograms of the distances of same and of different pairs, and the threshold."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from explorer.analysis.frames.selection import Mask
from explorer.analysis.verification.distances import Distances
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.plots.ranges import settle
from explorer.gui.plots.style import Plot
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.verification.content import MEASURES, VerificationContent, shares
from explorer.gui.views.verification.pair_histograms import HistogramContent, PairHistograms

BINS = 60
_NEARLY_ALL = 0.998
_STEPS = {"threshold.left": -1, "threshold.right": 1, "threshold.far-left": -10, "threshold.far-right": 10}
_STEP = 1 / 200
"""Fraction of the axis by which a key moves the threshold."""
_DIGITS = 1_000
"""Places of the threshold on the axis."""
_HIGHEST = 10.0
_TICKS = (0, 1, 10, 25, 50, 100)
"""Percentages that are written at the axis, as far as they fit."""
_LARGEST = {"cosine": 2.0, "adjusted-cosine": 2.0}


class DistancePlot(Plot):
    """Square roots of the percentages of pairs by distance, so that a few errors beside many pairs show.

    The axis limits change in steps, so that frames stay comparable.

    Signals
    -------
    thresholdRequested(float)
        The largest distance to accept.
    thresholdResetRequested()
        The threshold should be that of equal errors.
    """

    thresholdRequested = Signal(float)
    thresholdResetRequested = Signal()

    bottom_lines = 2.2

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, x=_(MEASURES["cosine"][1]), y=_("% per bar (√)"))
        self.threshold = math.nan
        self._limit = self._height = 0.0
        self._measure = ""
        self._dragging = False
        self.axes["left"].setTicks([[(math.sqrt(percent), f"{percent}") for percent in _TICKS]])
        self.box.setMouseEnabled(x=False, y=False)
        self.box.disableAutoRange()
        self.histograms = PairHistograms(self)
        self.viewport().setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(_("Distances of same and of different pairs"))
        self.setToolTip(
            wrapped(
                _(
                    "Drag to move the threshold; double-click for equal errors. "
                    "Keyboard: arrows move it, E for equal errors."
                )
            )
        )

    def reset_view(self) -> None:
        """Reset the axis limits, so that the next content determines them."""
        self._limit = self._height = 0.0

    def show_content(
        self, content: VerificationContent, threshold: float, selected: Mask, theme: Theme, *, equal: bool
    ) -> None:
        """Show a content; ``equal`` tells whether the threshold is that of equal errors."""
        found = content.found
        if found.measure != self._measure:
            self._measure = found.measure
            self.reset_view()
            self.labels["bottom"] = _(MEASURES[found.measure][1])
            self.apply_theme(theme)
        elif theme is not self.theme:
            self.apply_theme(theme)
        both = found.same.distances, found.different.distances
        limit = settle(self._limit, max(map(_extent, both)))
        limit = min(limit, _LARGEST.get(found.measure, math.inf))
        same, different = (np.sqrt(shares(distances, limit, BINS)) for distances in both)
        height = min(settle(self._height, float(max(same.max(), different.max()))), _HIGHEST)
        self.threshold = threshold
        self.histograms.show_content(
            HistogramContent(
                same=same,
                different=different,
                middles=tuple(float(part[len(part) // 2]) if len(part) else math.nan for part in both),
                chosen=(content.chosen(found.same, selected), content.chosen(found.different, selected)),
                limit=limit,
                threshold=threshold,
                equal=equal,
                complaint=_("No pairs: show at least two classes that have two test images each.")
                if found.roc is None
                else "",
            )
        )
        if (limit, height) != (self._limit, self._height):
            self._limit, self._height = limit, height
            self._set_range()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the threshold to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self._has_range:
            self._dragging = True
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._request_at(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the threshold along."""
        if self._dragging:
            self._request_at(event)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Leave the threshold there."""
        self._dragging = False

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Return to equal errors."""
        self._dragging = False
        self.thresholdResetRequested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the threshold, or return to equal errors."""
        command = pressed(event, "threshold")
        if command == "threshold.equal":
            self.thresholdResetRequested.emit()
        elif command in _STEPS and self._has_range:
            self._request(self.threshold + _STEPS[command] * _STEP * self._limit)
        else:
            super().keyPressEvent(event)

    @property
    def _has_range(self) -> bool:
        """Whether an axis with a threshold is drawn: after a reset, not before the next drawing."""
        return self._limit > 0 and not math.isnan(self.threshold)

    def _request_at(self, event: QMouseEvent) -> None:
        across, right, _up, _down = self.histograms.scale_and_shift()
        self._request((event.position().x() - self.corner().x() - right) / across)

    def _request(self, threshold: float) -> None:
        step = self._limit / _DIGITS
        self.thresholdRequested.emit(min(max(0.0, round(threshold / step) * step), self._limit))

    def _on_box_resized(self) -> None:
        super()._on_box_resized()
        self._set_range()

    def _set_range(self) -> None:
        if self._limit:
            share = self.histograms.note_room() / max(1.0, float(self.box.rect().height()))
            self.show_range((0, self._limit), (0, self._height / (1 - share)))


def _extent(distances: Distances) -> float:
    """Return the distance within which nearly all of the rising distances lie."""
    return float(distances[int(_NEARLY_ALL * (len(distances) - 1))]) if len(distances) else 0.0
