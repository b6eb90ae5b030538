"""Labs: opens the window of the labs, and keeps it in the theme of the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.gui.labs.lab import LabContext
from explorer.gui.labs.titles import lab_titles
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.theme import Theme

if TYPE_CHECKING:
    from explorer.gui.drawing.display_clock import DisplayClock
    from explorer.gui.labs.window import LabsWindow
    from explorer.gui.main_window import MainWindow


class Labs(QObject):
    """Opens the labs in a window of their own; cards link to them.

    Parameters
    ----------
    window : MainWindow
        The window of the program.
    appearance : Appearance
        The theme in use.
    clock : DisplayClock
        Tells whether motion is smooth.
    folder : Path
        Where a lab keeps what it has measured.
    """

    def __init__(self, window: MainWindow, appearance: Appearance, clock: DisplayClock, folder: Path) -> None:
        super().__init__(window)
        self._main = window
        self._appearance, self._clock, self._folder = appearance, clock, folder
        self.window: LabsWindow | None = None
        window.theory.set_labs(lab_titles())
        window.theory.labRequested.connect(self.open)
        appearance.themeChanged.connect(self._on_theme_changed)

    def open(self, lab: str = "") -> None:
        """Show the window in front of others, with a lab by its id, else with the last one."""
        if self.window is None:
            # Only here: the labs are not needed to start the program.
            from explorer.gui.labs.window import LabsWindow

            context = LabContext(self._appearance.theme, self._folder)
            self.window = LabsWindow(context, lambda: self._clock.smooth, self._main.number)
        self.window.show_lab(lab)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """Close the window and forget it."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None

    def _on_theme_changed(self, theme: Theme) -> None:
        if self.window is not None:
            self.window.set_theme(theme)
