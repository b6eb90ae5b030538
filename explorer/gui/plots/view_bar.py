"""What stands above a view: PageTabs, and MenuButton, whose menu stays open while ticking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QTabBar, QToolButton, QWidget

from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.icons import icon
from explorer.gui.theme.theme import Theme, mix


class PageTabs(QTabBar):
    """Tabs as plain words, the current one underlined, to save room.

    Parameters
    ----------
    name : str
        What screen readers call it.
    pages : sequence of (str, str)
        Text and tooltip of each tab.
    """

    def __init__(self, name: str, pages: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for text, tip in pages:
            self.setTabToolTip(self.addTab(text), tip)
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self._font = RelativeFont(self, SMALL_TYPE)

    def apply_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        muted, text, accent, hover = (
            color(rgb).name()
            for rgb in (theme.muted, theme.text, theme.accent, mix(theme.plot, theme.text, 0.07))
        )
        self.setStyleSheet(
            "QTabBar { outline: none; }"  # the frame below shows the focus; Qt would paint over the words
            f"QTabBar::tab {{ color: {muted}; padding: 3px 6px; border: 1px solid transparent;"
            f" border-bottom: 2px solid transparent; }}"
            f"QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}"
            f"QTabBar::tab:hover {{ background: {hover}; }}"
            f"QTabBar::tab:selected:focus {{ border: 1px solid {accent};"
            f" border-bottom: 2px solid {accent}; }}"
        )
        self._font.apply()


class TickMenu(QMenu):
    """A menu that stays open when an entry is ticked by a click, Space or Return."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick, or do what a menu does."""
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick, or do what a menu does."""
        if pressed(event, "tick-menu") != "tick-menu.tick" or not self._tick(self.activeAction()):
            super().keyPressEvent(event)

    def _tick(self, action: QAction | None) -> bool:
        if action is None or not (action.isCheckable() and action.isEnabled()):
            return False
        action.trigger()
        return True


class MenuButton(QToolButton):
    """A button that opens a menu by a click, or by Space while it has the focus."""

    choiceRequested = Signal(str, str)
    """An entry was ticked or unticked: its option and its value."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.content = TickMenu(self)
        self.content.setAccessibleName(name)
        self.content.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # buttons are turned for their arrow
        self.content.triggered.connect(self._on_content_triggered)
        self.setMenu(self.content)
        self._show_icon()

    def add_choices(self, title: str, option: str, choices: Iterable[tuple[str, str]]) -> dict[str, QAction]:
        """Add a section with one ticked entry; ``choices`` are (value, message id) of an option."""
        self.content.addSection(title)
        group = QActionGroup(self.content)
        return {value: self._add(option, value, text, group) for value, text in choices}

    def add_switches(self, title: str, option: str, choices: Iterable[tuple[str, str]]) -> dict[str, QAction]:
        """Add a section of independent ticks; ``choices`` are (value, message id) of an option."""
        self.content.addSection(title)
        return {value: self._add(option, value, text, None) for value, text in choices}

    def changeEvent(self, event: QEvent) -> None:
        """Use the colours of the new palette."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._show_icon()

    def _add(self, option: str, value: str, text: str, group: QActionGroup | None) -> QAction:
        action = QAction(_(text), self.content, checkable=True)
        action.setData([option, value])
        if group is not None:
            group.addAction(action)
        self.content.addAction(action)
        return action

    def _on_content_triggered(self, action: QAction) -> None:
        option, value = action.data()
        self.choiceRequested.emit(option, value)

    def _show_icon(self) -> None:
        shown: QIcon = icon("down", self.palette())
        self.setIcon(shown)
