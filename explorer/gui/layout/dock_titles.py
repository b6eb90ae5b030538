"""The titles of docks: a slim bar above one that stands alone, and the tab alone where docks are in tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QMenu, QTabBar, QToolButton, QWidget
from superqt import QElidingLabel

from explorer.core.texts import _
from explorer.gui.controls.labels import set_role
from explorer.gui.layout.arrangement import tab_bars
from explorer.gui.theme.icon_shapes import IconName
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped

_IN_TABS = QSize(0, 1)
"""Size of a bar in tabs: a line of the dock that nothing covers, or it would not count as visible."""
_BUTTONS: tuple[IconName, ...] = ("float", "close")


class DockTitle(QWidget):
    """The name of a dock, and buttons that float and close it, seen while the pointer is on the bar.

    A drag of it moves the dock. In tabs it is a thin line: the tab has the name already.
    """

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._name = QElidingLabel(dock.windowTitle())
        self._name.setToolTip(dock.windowTitle())
        set_role(self._name, "role", "title")
        self._buttons = {name: QToolButton() for name in _BUTTONS}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 2)
        layout.setSpacing(2)
        layout.addWidget(self._name, 1)
        for button in self._buttons.values():
            button.setAutoRaise(True)
            set_role(button, "role", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the menu of panels and the keys do the same
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            layout.addWidget(button)
            button.hide()
        words = _("Float or dock this panel"), _("Close this panel")
        for button, text in zip(self._buttons.values(), words, strict=True):
            button.setToolTip(wrapped(text))
            button.setAccessibleName(text)
        self._buttons["float"].clicked.connect(self._on_float_clicked)
        self._buttons["close"].clicked.connect(dock.close)
        self._tabbed = False
        self._color_icons()

    def set_tabbed(self, tabbed: bool) -> None:
        """Give up the bar where a tab has the name, or show it again."""
        if tabbed != self._tabbed:
            self._tabbed = tabbed
            for part in (self._name, *self._buttons.values()):
                part.setVisible(not tabbed and part is self._name)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height of the bar, next to none in tabs."""
        return _IN_TABS if self._tabbed else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the height of the bar, next to none in tabs."""
        return _IN_TABS if self._tabbed else super().minimumSizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the buttons."""
        super().enterEvent(event)
        self._show_buttons(not self._tabbed)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the buttons."""
        super().leaveEvent(event)
        self._show_buttons(False)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color_icons()

    def _show_buttons(self, shown: bool) -> None:
        for button in self._buttons.values():
            button.setVisible(shown)

    def _color_icons(self) -> None:
        for name in _BUTTONS:
            self._buttons[name].setIcon(icon(name, self.palette()))

    def _on_float_clicked(self) -> None:
        dock = self.parent()
        assert isinstance(dock, QDockWidget), "it belongs to one"
        dock.setFloating(not dock.isFloating())


class DockTitles(QObject):
    """Gives the docks of a window their titles, as they come into tabs and leave them.

    A right click on a tab offers to float or close its panel.
    """

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
        super().__init__(window)
        self._window = window
        # A tab is all the title that a dock in tabs has: Qt lets it be dragged out with this option only.
        window.setDockOptions(window.dockOptions() | QMainWindow.DockOption.GroupedDragging)
        self._titles = {dock: DockTitle(dock) for dock in docks}
        self._timer = QTimer(self, singleShot=True, interval=0)  # once Qt has moved them all
        self._timer.timeout.connect(self.update)
        for dock, title in self._titles.items():
            dock.setTitleBarWidget(title)
            for moved in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged):
                moved.connect(self._on_dock_moved)
        self.update()

    def update(self) -> None:
        """Show the bar of each dock that is in no tab."""
        for dock, title in self._titles.items():
            others = () if dock.isFloating() else self._window.tabifiedDockWidgets(dock)
            title.set_tabbed(any(not other.isHidden() for other in others))
        for tabs in tab_bars(self._window):
            if tabs.contextMenuPolicy() != Qt.ContextMenuPolicy.CustomContextMenu:  # Qt has made it since
                tabs.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                tabs.customContextMenuRequested.connect(self._on_menu_requested)

    def menu(self, tabs: QTabBar, place: int) -> QMenu | None:
        """Return the menu of a tab; None where there is no panel of this name."""
        dock = next((dock for dock in self._titles if dock.windowTitle() == tabs.tabText(place)), None)
        if dock is None:
            return None
        menu = QMenu(tabs)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Float")).triggered.connect(lambda: dock.setFloating(True))
        menu.addAction(_("Close")).triggered.connect(dock.close)
        return menu

    def _on_dock_moved(self) -> None:
        self._timer.start()

    def _on_menu_requested(self, at: QPoint) -> None:
        tabs = self.sender()
        assert isinstance(tabs, QTabBar), "only these ask for it"
        menu = self.menu(tabs, tabs.tabAt(at))
        if menu is not None:
            menu.popup(tabs.mapToGlobal(at))
