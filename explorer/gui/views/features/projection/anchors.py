"""AnchorGesture: the end of an arrow of a class weight is dragged, and the projection follows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from explorer.gui.views.features.plane.plot import PlanePlot

_NEAR = 14.0
"""Pixels from the end of an arrow within which a press takes hold of it."""


class AnchorGesture(QObject):
    """Takes the left button near the end of an arrow, while ``offered`` says so, before the plot can pan.

    Signals
    -------
    dragged(int, float, float)
        The row of the arrow among the weights shown, and the coordinates to which its end was dragged, in
        lengths of a unit vector.
    """

    dragged = Signal(int, float, float)

    def __init__(self, plot: PlanePlot, offered: Callable[[], bool]) -> None:
        super().__init__(plot)
        self._plot, self._offered = plot, offered
        self._held = -1
        plot.viewport().installEventFilter(self)

    @property
    def holding(self) -> bool:
        """Whether an arrow is being dragged."""
        return self._held >= 0

    def let_go(self) -> None:
        """Hold no arrow any more."""
        self._held = -1

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take presses on an arrow, and what follows until the button is up, wherever it was released."""
        if not isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.Hide:
                self.let_go()
            return super().eventFilter(watched, event)
        left = Qt.MouseButton.LeftButton
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier  # with one a drag selects
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == left:
            if not (plain and self._offered()):
                return False
            self._held = self._near(event.position())
        elif not self.holding:
            return False
        elif event.type() == QEvent.Type.MouseMove:
            if not event.buttons() & left:
                self.let_go()
                return False
            self._drag(event.position())
        elif event.type() == QEvent.Type.MouseButtonRelease and event.button() == left:
            self.let_go()
            return True
        return self.holding

    def _near(self, at: QPointF) -> int:
        """Return the arrow whose end is near a place, −1 for none."""
        origin, tips, _length = self._plot.arrow_pixels()
        if not len(tips):
            return -1
        gaps = np.hypot(*(tips - (at.x(), at.y())).T)
        nearest = int(gaps.argmin())
        apart = np.hypot(*(tips[nearest] - origin))
        return nearest if gaps[nearest] <= min(_NEAR, max(apart, 4.0)) else -1

    def _drag(self, at: QPointF) -> None:
        origin, _tips, length = self._plot.arrow_pixels()
        if length > 0:
            right, up = (at.x() - origin[0]) / length, (origin[1] - at.y()) / length
            self.dragged.emit(self._held, float(right), float(up))
