"""Light and dark: the colours of widgets and plots, and of the ten classes."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtGui import QColor, QPalette

Rgb = tuple[int, int, int]

PETROFF_10: tuple[Rgb, ...] = (
    (63, 144, 218),
    (255, 169, 14),
    (189, 31, 1),
    (148, 164, 162),
    (131, 45, 182),
    (169, 107, 89),
    (231, 99, 0),
    (185, 172, 112),
    (113, 117, 129),
    (146, 218, 221),
)
"""Ten class colours that stay apart for colour-blind eyes (Petroff 2021, arXiv 2107.02270)."""


class Theme(Struct, frozen=True):
    """Colours by role, as (red, green, blue)."""

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
    classes: tuple[Rgb, ...] = PETROFF_10

    def class_color(self, label: int) -> Rgb:
        """Return the colour of a class; they repeat after the last."""
        return self.classes[label % len(self.classes)]


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
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


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
