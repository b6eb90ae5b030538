"""Keyboard focus: shows the widget that receives it, moves it to a panel, and orders what Tab reaches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QWidget,
)

from explorer.gui.commands.keys import pressed
from explorer.gui.controls.editors.editor import Editor
from explorer.gui.controls.fields import NumberField, TextLine
from explorer.gui.controls.inputs import Slider


class FocusGuide(QObject):
    """Makes the widget that receives the focus visible, and knows who has Space and Return.

    A dock behind others comes to the front when a widget in it gets the focus, and what scrolls shows it; Qt
    sees to that only where the focus comes from within. Space presses a focused button, and elsewhere is a
    shortcut of the window. Return in a field, also of a dock that floats, gives the focus ``home`` once the
    text is taken: letters are keys of the window then, and not typed.
    """

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget], home: QWidget) -> None:
        super().__init__(window)
        self._docks, self._home = tuple(docks), home
        for part in (window, *docks):
            part.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Give Space to a focused button, and the focus home after Return in a field, which ignores it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if pressed(event, "number-field") == "number-field.enter" and _is_done(
                QApplication.focusWidget()
            ):
                self._home.window().activateWindow()
                self._home.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        presses = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and pressed(event, "button") == "button.press"
            and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier  # which plays
            and isinstance(QApplication.focusWidget(), QAbstractButton)
        )
        if presses:
            event.accept()
        return presses

    def _on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is None:
            return
        for dock in self._docks:
            if dock.isAncestorOf(now):
                dock.raise_()
        area = now.parentWidget()
        while area is not None:
            if isinstance(area, QScrollArea):
                shown = area.viewport()
                place = QRect(now.mapTo(shown, QPoint(0, 0)), now.size())
                if not shown.rect().intersects(place):
                    area.ensureWidgetVisible(now)
            area = area.parentWidget()


def _is_done(focused: QWidget | None) -> bool:
    """Return whether what has the focus was a field whose text is taken; one that refuses it keeps it."""
    if isinstance(focused, NumberField | TextLine):
        return False
    return focused is None or isinstance(focused, QLineEdit | Editor | Slider)


def has_focus(part: QWidget) -> bool:
    """Return whether a widget in a part of a window has the focus and is visible."""
    focused = QApplication.focusWidget()
    return focused is not None and part.isAncestorOf(focused) and not focused.visibleRegion().isEmpty()


def go_to(part: QWidget) -> None:
    """Bring a part of a window to the front, and focus the first widget in it that Tab reaches."""
    if isinstance(part, QDockWidget):
        part.show()
        part.raise_()
    inside = part.widget() if isinstance(part, QDockWidget) else part
    for widget in (inside, *inside.findChildren(QWidget)):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible():
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def tab_through(*widgets: QWidget) -> None:
    """Make Tab go from each of these to the next: Qt appends a widget that is created later to the order."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)
