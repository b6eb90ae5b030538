"""RoomBeside: the width of a dock that opens beside another one, and of those that make room for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow

from explorer.gui.layout.arrangement import SETTINGS_WIDTH


class RoomBeside(QObject):
    """Gives a dock the width that it had; once it closes, its neighbours get theirs back.

    Qt takes the room from the neighbour, and gives it to the middle. When it tells that the dock is shown, it
    has done so: the widths are noted while the dock is hidden.

    Parameters
    ----------
    window : QMainWindow
        Which has the docks.
    neighbour, opposite, dock : QDockWidget
        The dock beside it, one at the other side of the window, and the one that opens.
    width : int
        Pixels that the dock gets at first.
    """

    def __init__(
        self,
        window: QMainWindow,
        neighbour: QDockWidget,
        opposite: QDockWidget,
        dock: QDockWidget,
        width: int,
    ) -> None:
        super().__init__(window)
        self._window, self._neighbour, self._dock, self.width = window, neighbour, dock, width
        self._before: dict[QDockWidget, int] = {}
        for beside in (neighbour, opposite):
            beside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the width of a neighbour while the dock takes no room."""
        if isinstance(event, QResizeEvent) and isinstance(watched, QDockWidget) and self._dock.isHidden():
            self._before[watched] = event.size().width()
        return False

    def open(self) -> None:
        """Give the dock its room, and keep a width for its neighbour: call it when the dock is shown."""
        least = max(self._before.get(self._neighbour, 0), SETTINGS_WIDTH)
        self._resize({self._neighbour: least, self._dock: self.width})

    def close(self) -> None:
        """Give the others their widths, unless they are wider now: call it when the dock is hidden."""
        self.width = self._dock.width()
        widths = {self._neighbour: self._neighbour.width()}
        for dock, before in self._before.items():
            given = max(before, SETTINGS_WIDTH) if dock is self._neighbour else before
            widths[dock] = before if dock.width() <= given else dock.width()
        self._resize(widths)

    def forget(self) -> None:
        """Give back no widths: all docks get others."""
        self._before = {}

    def _resize(self, widths: dict[QDockWidget, int]) -> None:
        self._window.resizeDocks(list(widths), list(widths.values()), Qt.Orientation.Horizontal)
