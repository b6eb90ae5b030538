"""KeptFlowLayout: lines of widgets that are laid out anew only where something has changed."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLayout, QWidget
from superqt import QFlowLayout


class KeptFlowLayout(QFlowLayout):
    """A flow layout that lays out anew only what has changed.

    Qt asks for heights dozens of times per layout around it, and gives the same place several times.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._heights: dict[int, int] = {}
        self._place: tuple[int, int, int] | None = None

    def invalidate(self) -> None:
        """Forget what has been laid out."""
        self._heights.clear()
        self._place = None
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Place the items in a rectangle; its height moves none."""
        place = rect.x(), rect.y(), rect.width()
        if place == self._place:
            QLayout.setGeometry(self, rect)
        else:
            self._place = place
            super().setGeometry(rect)

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]
