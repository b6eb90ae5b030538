"""SpaceMenu: how features of three coordinates are looked at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

_LOOKS = {"front": ("From the &front", "1"), "top": ("From the &top", "2"), "side": ("From the &side", "3")}


class SpaceMenu(QMenu):
    """Directions to look from, perspective, turntable and zoom; the keys act where ``surface`` has the focus.

    Signals
    -------
    lookChosen(str)
        A `Look`.
    perspectiveChosen(bool), turntableChosen(bool)
        On or off.
    zoomChosen(float)
        Notches to come nearer by, negative to go away.
    """

    lookChosen = Signal(str)
    perspectiveChosen = Signal(bool)
    turntableChosen = Signal(bool)
    zoomChosen = Signal(float)

    def __init__(self, surface: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("&3-D", parent)
        for look, (text, key) in _LOOKS.items():
            self._action(surface, text, key).triggered.connect(partial(self._on_look_triggered, look))
        self.addSeparator()
        self.perspective = self._action(surface, "&Perspective", "P")
        self.perspective.setCheckable(True)
        self.perspective.setChecked(True)
        self.perspective.toggled.connect(self.perspectiveChosen)
        self.turntable = self._action(surface, "Tur&ntable", "T")
        self.turntable.setCheckable(True)
        self.turntable.toggled.connect(self.turntableChosen)
        self.addSeparator()
        for text, key, notches in (("Zoom &in", "+", 1.0), ("Zoom &out", "-", -1.0)):
            self._action(surface, text, key).triggered.connect(partial(self._on_zoom_triggered, notches))

    def _action(self, surface: QWidget, text: str, key: str) -> QAction:
        action = self.addAction(text)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        surface.addAction(action)
        return action

    def _on_look_triggered(self, look: str) -> None:
        self.lookChosen.emit(look)

    def _on_zoom_triggered(self, notches: float) -> None:
        self.zoomChosen.emit(notches)
