"""Arrangement: which panels are open, and where; and the sizes of a window that is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStyle, QTabBar, QWidget

from explorer.gui.theme.application_font import application_font

if TYPE_CHECKING:
    from explorer.gui.main_window import MainWindow

SETTINGS_WIDTH = 320
_PLOTS_SHARE, _MOST_PLOTS_SHARE = 0.285, 0.33


class _Place(Struct, frozen=True):
    """Where a panel is: in the window, or floating; alone, or in tabs with others."""

    name: str
    closed: bool
    floating: bool
    area: Qt.DockWidgetArea
    tabbed: frozenset[str]


class Arrangement(Struct, frozen=True, eq=False):
    """Where all panels are. Two are equal where no panel is elsewhere, whatever their sizes.

    ``state`` is that of Qt, with the sizes; ``all_hidden`` whether the panels have been hidden together.
    """

    places: tuple[_Place, ...]
    all_hidden: bool
    state: bytes

    def __eq__(self, other: object) -> bool:
        """Return whether all panels are at the same places."""
        return (
            isinstance(other, Arrangement)
            and self.places == other.places
            and self.all_hidden == other.all_hidden
        )

    def __hash__(self) -> int:
        """Return a hash of the places."""
        return hash(self.places)


def docks_of(window: MainWindow) -> list[QDockWidget]:
    """Return the docks of a window by their names: Qt changes the order of its children."""
    docks = window.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return sorted(docks, key=QDockWidget.objectName)


def tab_bars(window: QMainWindow) -> list[QTabBar]:
    """Return the tab bars of a window's docks, those that Qt has forgotten included."""
    return window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)


def restore_state(window: QMainWindow, state: QByteArray) -> bool:
    """Arrange the docks as `QMainWindow.saveState` told; return whether that is a state of this window."""
    before = tab_bars(window)
    restored = window.restoreState(state)
    for tabs in before if restored else ():
        tabs.hide()  # Qt makes new ones, and leaves these where they are
    return restored


def hide_tab_bars(window: QMainWindow) -> None:
    """Hide the tab bars of docks; Qt shows again what it uses."""
    for tabs in tab_bars(window):
        tabs.hide()


def give_first_widths(window: QMainWindow, left: QDockWidget, right: QDockWidget) -> None:
    """Give the docks of both sides the widths of a new window, wider for large type."""
    scale = application_font().scale
    settings = min(SETTINGS_WIDTH * scale, window.width() / 4)
    plots = window.width() * min(_PLOTS_SHARE * scale, _MOST_PLOTS_SHARE)
    window.resizeDocks([left, right], [round(settings), round(plots)], Qt.Orientation.Horizontal)


def arrangement_of(window: MainWindow) -> Arrangement:
    """Return where the panels of a window are."""
    places = tuple(
        _Place(
            dock.objectName(),
            dock.isHidden(),
            dock.isFloating(),
            window.dockWidgetArea(dock),
            frozenset(other.objectName() for other in window.tabifiedDockWidgets(dock)),
        )
        for dock in docks_of(window)
    )
    return Arrangement(places, window.panels_hidden, bytes(window.saveState().data()))


def arrange(window: MainWindow, arrangement: Arrangement) -> None:
    """Put the panels of a window to where they were."""
    if arrangement.all_hidden != window.panels_hidden:
        window.toggle_panels()
    if not arrangement.all_hidden:
        window.restore_docks(QByteArray(arrangement.state))


def show_only(window: MainWindow, panel_ids: Sequence[str]) -> None:
    """Open these panels and close all others; of those in one place, the last comes to the front."""
    titles = {panel.id: panel.title for panel in window.panels}
    docks = {dock.objectName(): dock for dock in docks_of(window)}
    shown = [docks[titles[panel_id]] for panel_id in panel_ids]
    for dock in docks.values():
        dock.setVisible(dock in shown)
    for dock in shown:
        dock.raise_()


def frame_size(window: QWidget) -> QSize:
    """Return about how much the frame adds to a window: its real size is known only once shown."""
    border = window.style().pixelMetric(QStyle.PixelMetric.PM_MdiSubWindowFrameWidth)
    title = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    return QSize(2 * border, title + 2 * border)
