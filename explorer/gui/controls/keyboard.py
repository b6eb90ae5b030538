"""What the keyboard reaches in a window: its docks, and the buttons among its shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QMainWindow,
    QMenu,
    QScrollArea,
    QWidget,
)

_MOST_NUMBERED = 10


class Keyboard(QObject):
    """Sees to it that what has the keyboard is in sight, and that a button that has it can be pressed.

    A dock behind others comes to the front when something in it gets the keyboard, and a panel scrolls to it.
    Space presses a button that has the keyboard; elsewhere it is the shortcut of the window.
    """

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget], panel: QScrollArea) -> None:
        super().__init__(window)
        self._panel = panel
        self._docks = tuple(docks)
        window.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Space from being a shortcut while a button has the keyboard."""
        held = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and isinstance(QApplication.focusWidget(), QAbstractButton)
        )
        if held:
            event.accept()
        return held

    def _on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is None:
            return
        for dock in self._docks:
            if dock.isAncestorOf(now):
                dock.raise_()
        shown = self._panel.viewport()
        if shown.isAncestorOf(now):
            place = QRect(now.mapTo(shown, QPoint(0, 0)), now.size())
            if not shown.rect().intersects(place):
                self._panel.ensureWidgetVisible(now)


class GoMenu(QMenu):
    """An entry for each part of a window, which brings it to the front and gives it the keyboard.

    Signals
    -------
    wished(object)
        The `QWidget` to go to.
    """

    wished = Signal(object)

    def __init__(self, parts: Sequence[tuple[str, QWidget]], parent: QWidget | None = None) -> None:
        super().__init__("&Go to", parent)
        for number, (title, part) in enumerate(parts, start=1):
            action = self.addAction(title)
            if number <= _MOST_NUMBERED:
                action.setShortcut(QKeySequence(f"Ctrl+{number % 10}"))
            action.triggered.connect(lambda _=False, part=part: self.wished.emit(part))


def tab_through(*widgets: QWidget) -> None:
    """Let Tab go from each of these to the next: Qt puts what is made later behind all else in the window."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


def go_to(part: QWidget) -> None:
    """Bring a part of a window to the front, and give the keyboard to what in it takes it first."""
    if isinstance(part, QDockWidget):
        part.show()
        part.raise_()
    inside = part.widget() if isinstance(part, QDockWidget) else part
    for widget in (inside, *inside.findChildren(QWidget)):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible():
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
