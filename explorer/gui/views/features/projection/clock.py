"""TourClock: lets a tour move, with a share of the CPU that depends on whether the run trains."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from explorer.gui.views.features.space.turntable import SHARE, Turntable

MOST_PER_SECOND = 40.0
_SHARE_AT_REST = 0.6
"""Fraction of a CPU core that painting may take while no frames come."""
_AT_REST = 2.0
"""Seconds after the last frame."""


class TourClock(Turntable):
    """Turns at most 40 times a second, and takes a tenth of a core while frames come.

    Nothing may be painted when the view is seen again, so it wakes by itself then.
    """

    def __init__(self, widget: QWidget, turn: Callable[[float], None]) -> None:
        super().__init__(widget, turn)
        self._framed = float("-inf")
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go on when the view is shown, or its window is no longer minimised."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.WindowStateChange):
            self.wake()
            if self.running and watched is not self._widget:
                watched.removeEventFilter(self)
        return super().eventFilter(watched, event)

    def note_frame(self) -> None:
        """Take note that a frame has come."""
        self._framed = time.perf_counter()

    @property
    def _visible(self) -> bool:
        """Whether its widget is seen by anybody: a figure or a film has a window that is on no screen."""
        hidden = self._widget.window().testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        return super()._visible and not hidden

    def _on_timer_timeout(self) -> None:
        super()._on_timer_timeout()
        if not self.running:
            self._widget.window().installEventFilter(self)

    @property
    def interval(self) -> float:
        """Seconds between two pictures."""
        at_rest = time.perf_counter() - self._framed > _AT_REST
        return max(1 / MOST_PER_SECOND, self._cost / (_SHARE_AT_REST if at_rest else SHARE))
