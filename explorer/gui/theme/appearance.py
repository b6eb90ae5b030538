"""Appearance: the theme in use, chosen or the system's, the colours of the classes and the size of type."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from explorer.gui.theme.application_font import application_font
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.theme.style_sheet import style_sheet
from explorer.gui.theme.theme import DARK, LARGE_TYPE, LIGHT, THEMES, Theme, palette

SYSTEM = "system"
CHOICES = (SYSTEM, *THEMES)


class Appearance(QObject):
    """Applies a theme and a size of type to the application; a name not in `CHOICES` follows the system.

    Signals
    -------
    themeChanged(object)
        The `Theme` that widgets and plots should have now; they derive their fonts anew, too.
    choiceChanged()
        A person has chosen another theme, other colours or another size of type.

    Attributes
    ----------
    large : bool
        Whether the type of window and plots is large, for a projector.
    large_controls : bool
        Whether buttons, fields and sliders are large enough for a finger.
    """

    themeChanged = Signal(object)
    choiceChanged = Signal()

    def __init__(
        self,
        application: QApplication,
        name: str,
        parent: QObject | None = None,
        colors: ClassColors | None = None,
        large: bool = False,
        large_controls: bool = False,
    ) -> None:
        super().__init__(parent)
        self.large, self.large_controls = large, large_controls
        self._application = application
        self.colors = colors or ClassColors()
        self.name = name if name in CHOICES else SYSTEM
        self.theme = self._find_theme()
        application_font().set_scale(self.theme.scale)  # before there are widgets, if it can be
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def choose(self, name: str) -> None:
        """Use the theme of that name."""
        self.name = name
        self.apply()
        self.choiceChanged.emit()

    def choose_large(self, large: bool) -> None:
        """Use large type, or that of the system."""
        self.large = large
        self.apply()
        self.choiceChanged.emit()

    def choose_large_controls(self, large: bool) -> None:
        """Make controls large enough for a finger, or as small as a mouse needs them."""
        self.large_controls = large
        self.apply()
        self.choiceChanged.emit()

    def choose_colors(self, colors: ClassColors) -> None:
        """Give the classes these colours."""
        self.colors = colors
        self.theme = self._find_theme()
        self.themeChanged.emit(self.theme)
        self.choiceChanged.emit()

    def apply(self) -> None:
        """Apply theme and size to the application, and emit ``themeChanged``."""
        self.theme = self._find_theme()
        application_font().set_scale(self.theme.scale)
        sheet = style_sheet(self.theme)
        if sheet != self._application.styleSheet():  # set anew, it takes the views' own palettes away
            # Qt takes back the fonts and palettes of the sheet before for each widget, and tells all parts
            # of it each time: more than twice as long as without a sheet between two of them.
            self._application.setStyleSheet("")
            self._application.setPalette(palette(self.theme))
            self._application.setStyleSheet(sheet)
            application_font().tell()
        self.themeChanged.emit(self.theme)

    def _find_theme(self) -> Theme:
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        theme = self.colors.on(THEMES.get(self.name, DARK if dark else LIGHT))
        if self.large or self.large_controls:
            scale = LARGE_TYPE if self.large else theme.scale
            return replace(theme, scale=scale, large_controls=self.large_controls)
        return theme  # itself, so that nothing is drawn anew

    def _on_color_scheme_changed(self) -> None:
        if self.name == SYSTEM:
            self.apply()
