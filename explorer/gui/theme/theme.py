"""Light and dark: the colours of widgets and plots, and of the ten classes."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtGui import QColor, QPalette

from explorer.analysis.raster.oklab import Rgb as Rgb
from explorer.analysis.raster.ten_hues import HUES_ON_DARK, HUES_ON_LIGHT, field_of

LARGE_TYPE = 1.3
"""How many times as large as normal large type is: what a window of 1366×768 has room for."""


class Theme(Struct, frozen=True):
    """Colours by role, as (red, green, blue), and sizes.

    ``scale`` is how many times as large as the system's the type is, and ``large_controls`` whether controls
    are large enough for a finger.
    """

    name: str
    window: Rgb
    panel: Rgb
    plot: Rgb
    text: Rgb
    muted: Rgb
    line: Rgb
    accent: Rgb
    warning: Rgb
    error: Rgb
    classes: tuple[Rgb, ...]
    scale: float = 1.0
    large_controls: bool = False

    @property
    def look(self) -> str:
        """What the style of a widget depends on, so that it need not be set for other colours of classes."""
        return f"{self.name} {self.scale:g} {self.large_controls} {self.plot}"

    def class_color(self, label: int) -> Rgb:
        """Return the colour of a class; they repeat after the last."""
        return self.classes[label % len(self.classes)]

    def field_color(self, label: int) -> Rgb:
        """Return the colour of the area of a class: its hue, as light or dark as the background.

        On another background than that of the theme, it is as a film of paint over the usual one would be, as
        clear as that colour allows: so a transparent picture gets areas that let its ground through.
        """
        own, usual = field_of(self.class_color(label), self.name), THEMES[self.name].plot
        if self.plot == usual:
            return own
        opaque = max(_cover(ground, wanted) for ground, wanted in zip(usual, own, strict=True))
        red, green, blue = (
            round(wanted + (1 - opaque) * (now - ground))
            for wanted, now, ground in zip(own, self.plot, usual, strict=True)
        )
        return red, green, blue


LIGHT = Theme(
    name="light",
    window=(243, 244, 246),
    panel=(255, 255, 255),
    plot=(255, 255, 255),
    text=(28, 32, 38),
    muted=(104, 112, 124),
    line=(216, 220, 226),
    accent=(29, 99, 207),
    warning=(176, 104, 0),
    error=(190, 38, 38),
    classes=HUES_ON_LIGHT,
)
DARK = Theme(
    name="dark",
    window=(24, 26, 30),
    panel=(33, 36, 41),
    plot=(27, 29, 34),
    text=(228, 231, 236),
    muted=(148, 156, 168),
    line=(58, 63, 71),
    accent=(98, 160, 255),
    warning=(240, 176, 72),
    error=(255, 116, 108),
    classes=HUES_ON_DARK,
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def _cover(ground: int, wanted: int) -> float:
    """Return how opaque a film of paint is at least that turns one channel, 0 to 255, into another."""
    if wanted < ground:
        return 1 - wanted / ground
    return (wanted - ground) / (255 - ground) if wanted > ground else 0.0


def palette(theme: Theme) -> QPalette:
    """Return the theme as Qt's widgets take it, on the Fusion style."""
    result = QPalette()
    roles = QPalette.ColorRole
    colors = {
        roles.Window: theme.window,
        roles.WindowText: theme.text,
        roles.Base: theme.panel,
        roles.AlternateBase: theme.window,
        roles.Text: theme.text,
        roles.Button: theme.panel,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.error,
        roles.ToolTipBase: theme.panel,
        roles.ToolTipText: theme.text,
        roles.PlaceholderText: theme.muted,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.panel,
        roles.Link: theme.accent,
        roles.Mid: theme.line,
        roles.Midlight: theme.line,
        roles.Dark: theme.line,
    }
    for role, color in colors.items():
        result.setColor(role, QColor(*color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(*theme.muted))
    return result


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Return ``first`` with a ``share`` of ``second`` in it, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue
