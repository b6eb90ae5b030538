"""The font of the application: Inter, beside the families of a language, at a normal or a large size."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication, QWidget

from explorer.core.data.resources import ResourceError, resource
from explorer.gui.theme.application import make_application

_FAMILY = "Inter"
_STYLES = ("Regular", "SemiBold", "Bold", "Italic")
_RELATIVE_SIZE = 13 / 12
"""Size of Inter over that of the system's font: 13 pixels, where that has nine points."""


class ApplicationFont(QObject):
    """Sets the font of the application, from which widgets and plots derive theirs.

    Signals
    -------
    fontChanged()
        Widgets that have a font of their own should derive it anew.

    Attributes
    ----------
    scale : float
        How many times as large as at the normal size it is.
    """

    fontChanged = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.scale = 1.0
        self._application = application
        self._system = QFont(application.font())
        self._families: tuple[str, ...] = ()
        self._shipped = _shipped_families()
        self._apply()

    def set_families(self, families: Sequence[str]) -> None:
        """Write in these families where they have a character, and in Inter or the system's elsewhere."""
        if tuple(families) != self._families:
            self._families = tuple(families)
            self._apply()

    def set_scale(self, scale: float) -> None:
        """Write so many times as large as at the normal size.

        Open windows need a new style sheet for it, and after that `tell`.
        """
        if scale != self.scale:
            self.scale = scale
            for widget in self._application.allWidgets():
                widget.ensurePolished()  # one that was never shown would keep its size
            self._apply()

    def tell(self) -> None:
        """Let widgets that have a font of their own derive it anew.

        After the style sheet: with that, Qt gives them back the font that they had before.
        """
        self.fontChanged.emit()

    def _apply(self) -> None:
        font = QFont(self._system)
        # Set in any case: a family that is left out stays as it was.
        font.setFamilies([*self._families, *self._shipped, *self._system.families()])
        font.setFeature(QFont.Tag("tnum"), 1)  # figures of one width: numbers that change stay where they are
        size = _RELATIVE_SIZE if self._shipped else 1.0
        font.setPointSizeF(_points(self._system) * size * self.scale)
        self._application.setFont(font)


def application_font() -> ApplicationFont:
    """Return the one font of the application, made with the first window."""
    application = make_application()
    found: ApplicationFont | None = application.findChild(ApplicationFont)  # the stubs leave out None
    return ApplicationFont(application) if found is None else found


def _shipped_families() -> list[str]:
    """Load the typeface that ships with the program, and return its family; nothing where it is missing."""
    with suppress(ResourceError):
        files = [resource("fonts", f"{_FAMILY}-{style}.ttf") for style in _STYLES]
        if all(QFontDatabase.addApplicationFont(str(file)) >= 0 for file in files):
            return [_FAMILY]
    return []


class RelativeFont(QObject):
    """Keeps a widget's font at a factor of the application's size; the widget owns it.

    A font that is set on a widget with its size would not follow that of the application.
    """

    def __init__(self, widget: QWidget, factor: float, *, bold: bool = False) -> None:
        super().__init__(widget)
        self._factor, self._bold = factor, bold  # not the widget: it dies with its last reference
        application_font().fontChanged.connect(self.apply)
        self.apply()

    def apply(self) -> None:
        """Set the font anew, as after another style sheet of the widget: Qt gives it back what it had."""
        font = QFont()
        font.setPointSizeF(_points(QApplication.font()) * self._factor)
        if self._bold:
            font.setBold(True)
        widget = self.parent()
        assert isinstance(widget, QWidget), "it belongs to one"
        widget.setFont(font)


def _points(font: QFont) -> float:
    """Return the size of a font in points, also where it is given in pixels."""
    return font.pointSizeF() if font.pointSizeF() > 0 else QFontInfo(font).pointSizeF()
