"""Arrangement: which panels are open, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget

if TYPE_CHECKING:
    from explorer.gui.main_window import MainWindow


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
        window.restoreState(QByteArray(arrangement.state))
