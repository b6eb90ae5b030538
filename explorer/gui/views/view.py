"""View: what every plot of a run has in common."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.gui.faults import fault_text, tell
from explorer.gui.plots.style import invitation, style_invitation
from explorer.gui.theme.theme import Theme

_ANY_WIDTH, _LEAST_HEIGHT = 10_000, 130


class View(QWidget):
    """A plot that is a function of snapshot, history, theme and its own display options.

    It keeps the last snapshot, draws when it is visible, and catches up when it is shown again. Where that
    fails, it says so in place of the plot until it succeeds.
    """

    title = ""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.snapshot: Snapshot | None = None
        self.history = History()
        self._stale = True
        self._fault: QLabel | None = None
        self.setAccessibleName(self.title)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show this frame, None for no run; ``history`` holds the scalars up to it."""
        self.snapshot, self.history = snapshot, history
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.theme = theme
        self.refresh()

    @property
    def drawable(self) -> bool:
        """Whether anything drawn now could be seen; Qt shows a view anew that is so no longer."""
        return self.isVisible() and not self.window().isMinimized() and not self._put_aside

    @property
    def _put_aside(self) -> bool:
        """Whether another dock is in front: Qt moves this one out of the window, and takes it for visible."""
        corner = self.mapTo(self.window(), QPoint(0, 0))
        return corner.x() + self.width() < 0 or corner.y() + self.height() < 0

    def catch_up(self) -> None:
        """Draw what was missed, at once or when Qt has moved what it is moving now."""
        self._refresh_if_stale()
        if self._stale:
            QTimer.singleShot(0, self, self._refresh_if_stale)

    def _refresh_if_stale(self) -> None:
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Draw now if it can be seen, else when shown."""
        self._stale = not self.drawable
        if not self._stale:
            try:
                self.draw()
            except Exception as error:
                tell(error)
                self._show_fault(fault_text(error))
            else:
                self._show_fault("")

    def draw(self) -> None:
        """Bring the plot in line with snapshot, history, theme and options."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self._refresh_if_stale()

    def minimumSizeHint(self) -> QSize:
        """Return a height that a small screen has twice beside the bars: a plot may be low, not out of it."""
        return super().minimumSizeHint().boundedTo(QSize(_ANY_WIDTH, _LEAST_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fault in sight."""
        super().resizeEvent(event)
        if self._fault is not None:
            self._fault.setGeometry(self.rect())

    def _show_fault(self, text: str) -> None:
        """Lay a message over the plot, none for an empty one."""
        if text and self._fault is None:
            self._fault = invitation("")
            self._fault.setParent(self)
        if self._fault is not None:
            style_invitation(self._fault, self.theme)
            self._fault.setText(text)
            self._fault.setGeometry(self.rect())
            self._fault.raise_()
            self._fault.setVisible(bool(text))
