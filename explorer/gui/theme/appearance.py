"""Appearance: the theme in use, chosen or the system's, and the colours of the classes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from explorer.gui.theme.palettes import ClassColors
from explorer.gui.theme.theme import DARK, LIGHT, THEMES, Theme, palette, style_sheet

SYSTEM = "system"
CHOICES = (SYSTEM, *THEMES)


class Appearance(QObject):
    """Applies a theme to the application; a name that is not in `CHOICES` follows the system.

    Signals
    -------
    themeChanged(object)
        The `Theme` that widgets and plots should have now.
    choiceChanged()
        A person has chosen another theme or other colours.
    """

    themeChanged = Signal(object)
    choiceChanged = Signal()

    def __init__(
        self,
        application: QApplication,
        name: str,
        parent: QObject | None = None,
        colors: ClassColors | None = None,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self.colors = colors or ClassColors()
        self.name = name if name in CHOICES else SYSTEM
        self.theme = self._find_theme()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def choose(self, name: str) -> None:
        """Use the theme of that name."""
        self.name = name
        self.apply()
        self.choiceChanged.emit()

    def choose_colors(self, colors: ClassColors) -> None:
        """Give the classes these colours."""
        self.colors = colors
        self.theme = self._find_theme()
        self.themeChanged.emit(self.theme)
        self.choiceChanged.emit()

    def apply(self) -> None:
        """Apply the theme to the application, and emit ``themeChanged``."""
        self.theme = self._find_theme()
        sheet = style_sheet(self.theme)
        if sheet != self._application.styleSheet():  # set anew, it takes the views' own palettes away
            self._application.setPalette(palette(self.theme))
            self._application.setStyleSheet(sheet)
        self.themeChanged.emit(self.theme)

    def _find_theme(self) -> Theme:
        if self.name in THEMES:
            return self.colors.on(THEMES[self.name])
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self.colors.on(DARK if dark else LIGHT)

    def _on_color_scheme_changed(self) -> None:
        if self.name == SYSTEM:
            self.apply()
