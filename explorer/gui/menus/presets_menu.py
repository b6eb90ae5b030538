"""PresetsMenu: settings under a name, grouped by the figure or paper that they reproduce."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from explorer.core.settings.config import ConfigError
from explorer.core.settings.presets import Preset, list_presets

_PUBLISHED = "as-published"


class PresetsMenu(QMenu):
    """Reads the presets when it is first opened, so that starting the window does not wait for them.

    Attributes
    ----------
    presetChosen : Signal(object)
        The `Preset` that a person picked.
    failed : Signal(str)
        A preset cannot be read: one sentence.
    """

    presetChosen = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("&Presets", parent)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Add the presets, if they are not there yet."""
        if self.actions():
            return
        try:
            presets = list_presets()
        except ConfigError as error:
            self.failed.emit(str(error))
            return
        groups: dict[str, list[Preset]] = {}
        for preset in presets:
            groups.setdefault(_group(preset.name), []).append(preset)
        for title, members in groups.items():
            menu = QMenu(title, self)
            menu.setToolTipsVisible(True)
            for preset in members:
                self._add(menu, preset)
            self.addMenu(menu)

    def _add(self, menu: QMenu, preset: Preset) -> None:
        action = menu.addAction(preset.title.replace("&", "&&"))
        action.setToolTip(preset.description)
        action.triggered.connect(lambda: self.presetChosen.emit(preset))


def _group(name: str) -> str:
    """Return the submenu of a preset: figures of a paper, published values, or what fails on purpose."""
    if name.startswith("paper-defaults-fail"):
        return "Fails on purpose"
    if _PUBLISHED in name:
        return "Losses as published"
    author, _, rest = name.partition("-")
    year, _, _ = rest.partition("-")
    return f"{author.capitalize()} et al. {year}" if year.isdigit() else "More losses"
