"""The middle of the window, with the view that has no dock, and the rows that its strips are made of."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.gui.messages.banner import Banner
from explorer.gui.timeline.bar import TimelineBar

_LEAST = QSize(360, 240)
_SIDES = 12
_WIDEST_TEXT = 260
"""Width in pixels that a text which wraps gets beside other widgets, at the least."""


class CentralArea(QWidget):
    """Banner, view and timeline, one below the other, cards above the view, and strips of controls below it.

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

    def add_card(self, card: QWidget) -> None:
        """Put a card above the view, below the banner."""
        self._column.insertWidget(1, card)

    def add_strip(self, strip: QWidget) -> None:
        """Put a strip of controls below the view, under those that are there."""
        self._column.insertWidget(self._column.count() - 1, strip)


class ReflowRow(QWidget):
    """A row that becomes a column in a narrow place; in a row the first widget takes the room that is left.

    Parameters
    ----------
    *parts : QWidget
        From left to right, or from top to bottom.
    spacing : int
        Pixels between them.
    """

    def __init__(self, *parts: QWidget, spacing: int = 8) -> None:
        super().__init__()
        self._parts = parts
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(spacing)
        for place, part in enumerate(parts):
            self._row.addWidget(part, place == 0)

    @property
    def is_column(self) -> bool:
        """Whether the widgets are below each other."""
        return self._row.direction() == QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between row and column."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Choose again where a widget is shown, hidden, or has another text."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        shown = [part for part in self._parts if not part.isHidden()]
        wanted = sum(_width(part) for part in shown) + self._row.spacing() * (len(shown) - 1)
        column = wanted > self.width()
        if column != self.is_column:
            ways = QBoxLayout.Direction
            self._row.setDirection(ways.TopToBottom if column else ways.LeftToRight)
            for part in self._parts[1:]:
                self._row.setAlignment(
                    part, Qt.AlignmentFlag.AlignLeft if column else Qt.AlignmentFlag.AlignTop
                )


def _width(part: QWidget) -> int:
    wrapped = part.sizePolicy().horizontalPolicy() == part.sizePolicy().Policy.Ignored
    return _WIDEST_TEXT if wrapped else part.sizeHint().width()


def row_of(*widgets: QWidget) -> QWidget:
    """Return widgets beside each other, with the room that is left behind them."""
    result = QWidget()
    row = QHBoxLayout(result)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return result


def strip_button(words: str, asked: SignalInstance) -> QPushButton:
    """Return a button of a strip; a click on it leaves Space to the run."""
    button = QPushButton(words)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(asked)
    return button
