"""DisplayMenu: what the views show of a frame."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from explorer.gui.views.features.content import FeatureOptions

_SWITCHES = {
    "test": ("&Test images", ""),
    "train": ("T&raining images", ""),
    "normalized": ("Features at unit &length", "Each feature as x/‖x‖, its direction alone."),
    "regions": ("&Decision regions", "Where each class is the answer."),
    "bands": ("&Margin bands", "Where an image is right, but not yet by the margin of the loss."),
    "density": (
        "Densit&y of each class",
        "In the plane: half of each class lies within the solid line, nine tenths within the dashed; "
        "at unit length, hills along the circle.",
    ),
    "weights": ("Class &weights", "Scaled to the view: only directions and ratios of lengths count."),
    "centers": ("&Centres", "Those that the loss learns."),
    "digits": ("D&igits at the clusters", ""),
    "trails": ("Trails of the &selection", "Where the selected images were in the last frames."),
    "circle": ("&Unit circle", ""),
    "polar": ("&Polar grid", "In the plane: rings at round lengths, rays every 30°."),
    "follow": (
        "&Axes follow the data",
        "Off, or once you have moved the view, the axes hold still; R resets the view.",
    ),
}

_OPACITIES = (0, 10, 20, 35, 50, 75, 100)
"""Percents to choose from for the sphere in 3-D."""
_OPACITY_TEXTS = {0: "&Off", 100: "10&0% opaque"}
"""Those whose first digit is no key of its own."""


class DisplayMenu(QMenu):
    """A switch per display option, and how opaque the sphere in 3-D is.

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
        self.setToolTipsVisible(True)
        for name, (text, tip) in _SWITCHES.items():
            action = self.addAction(text)
            action.setToolTip(tip or text.replace("&", ""))
            action.setCheckable(True)
            action.setChecked(getattr(options, name))
            action.toggled.connect(lambda on, name=name: self._choose(name, on))
            self.switches[name] = action
        self.opacities = self._add_opacities(options.sphere)

    def choose(self, options: FeatureOptions) -> None:
        """Set all switches at once."""
        if options == self._options:
            return
        self._options = options
        for name, action in self.switches.items():
            with QSignalBlocker(action):
                action.setChecked(getattr(options, name))
        for percent, action in self.opacities.items():
            action.setChecked(percent == options.sphere)
        self.optionsChosen.emit(options)

    def _add_opacities(self, chosen: int) -> dict[int, QAction]:
        menu = self.addMenu("Sp&here in 3-D")
        group = QActionGroup(menu)
        actions = {}
        for percent in _OPACITIES:
            action = menu.addAction(_OPACITY_TEXTS.get(percent, f"&{percent}% opaque"))
            action.setCheckable(True)
            action.setChecked(percent == chosen)
            action.triggered.connect(partial(self._on_opacity_triggered, percent))
            group.addAction(action)
            actions[percent] = action
        return actions

    def _on_opacity_triggered(self, percent: int) -> None:
        self._choose("sphere", percent)

    def _choose(self, name: str, value: int) -> None:
        self._options = replace(self._options, **{name: value})
        self.optionsChosen.emit(self._options)
