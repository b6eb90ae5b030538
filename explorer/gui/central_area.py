"""CentralArea: the middle of the window, with the view that has no dock."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.gui.messages.banner import Banner
from explorer.gui.timeline.bar import TimelineBar

_LEAST = QSize(360, 240)
_SIDES = 12


class CentralArea(QWidget):
    """Banner, view and timeline, one below the other, and strips of controls between the last two.

    Parameters
    ----------
    banner : Banner
        Messages.
    view : QWidget
        What gets all room that is left.
    timeline : TimelineBar
        The timeline.
    """

    def __init__(self, banner: Banner, view: QWidget, timeline: TimelineBar) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_SIDES // 2, _SIDES // 2, _SIDES // 2, 0)
        self._column.setSpacing(6)
        self._column.addWidget(banner)
        self._column.addWidget(view, 1)
        self._column.addWidget(timeline)
        words = timeline.minimumSizeHint().width() + _SIDES  # of its buttons, in the language in force
        # The layout's own grows with a message or a strip, and the window with it.
        self.setMinimumSize(_LEAST.expandedTo(QSize(words, 0)))

    def add_strip(self, strip: QWidget) -> None:
        """Put a strip of controls below the view, under those that are there."""
        self._column.insertWidget(self._column.count() - 1, strip)
