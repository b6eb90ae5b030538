"""What stands in a view in place of a plot: what to do first, or why there is none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from explorer.core.texts import _
from explorer.gui.plots.style import color, restyle
from explorer.gui.theme.theme import Theme

MARGIN = 6
"""Pixels around the text."""


def empty_state(text: str) -> QLabel:
    """Return the label that an empty view shows instead of a plot."""
    return QLabel(text, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, margin=MARGIN)


class StartHint(QLabel):
    """The empty state of a view that has no frame: how training begins, or that it does already.

    Parameters
    ----------
    text : str
        What to do, and what comes of it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, margin=MARGIN)
        self._text = text

    def set_starting(self, starting: bool) -> None:
        """Say that the trainer is starting, or what to do."""
        self.setText(_("Starting the trainer…") if starting else self._text)


def style_empty_state(label: QLabel, theme: Theme) -> None:
    """Style an empty state in the colours of a theme."""
    colors = f"background: {color(theme.plot).name()}; color: {color(theme.muted).name()};"
    restyle(label, f"{colors} font-size: {11.25 * theme.scale:g}pt;")
