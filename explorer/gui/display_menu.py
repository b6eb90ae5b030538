"""DisplayMenu: what the views show of a frame."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from explorer.gui.views.feature_content import FeatureOptions

_SWITCHES = {
    "test": "&Test images",
    "train": "T&raining images",
    "regions": "&Decision regions",
    "bands": "&Margin bands",
    "weights": "Class &weights",
    "centers": "&Centres",
    "digits": "D&igits at the clusters",
    "circle": "&Unit circle",
    "follow": "&Axes follow the data",
}


class DisplayMenu(QMenu):
    """A switch per display option.

    Attributes
    ----------
    optionsChosen : Signal(object)
        The `FeatureOptions` that a person wants.
    """

    optionsChosen = Signal(object)

    def __init__(self, options: FeatureOptions, parent: QWidget | None = None) -> None:
        super().__init__("&Show", parent)
        self._options = options
        self.switches: dict[str, QAction] = {}
        for name, text in _SWITCHES.items():
            action = self.addAction(text)
            action.setCheckable(True)
            action.setChecked(getattr(options, name))
            action.toggled.connect(lambda on, name=name: self._choose(name, on))
            self.switches[name] = action

    def _choose(self, name: str, on: bool) -> None:
        self._options = replace(self._options, **{name: on})
        self.optionsChosen.emit(self._options)
