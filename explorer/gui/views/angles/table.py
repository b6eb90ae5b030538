"""AngleTable: the angles between the class weights, or means, of each two classes."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter

from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.margins.spread import separation
from explorer.analysis.statistics.class_angles import AngleTable as Angles
from explorer.analysis.statistics.class_angles import closest_pair, known_classes
from explorer.gui.plots.matrix_plot import EDGE, Cell, MatrixPlot
from explorer.gui.plots.style import color, ink_on, pen, scaled_font
from explorer.gui.theme.theme import Rgb, Theme, mix

_EXACT_UP_TO = 24
_WIDEST = 2.0
_DARKEST, _SHADES = 0.75, 64


class AngleTable(MatrixPlot):
    """A symmetric table in degrees; the smaller an angle, the darker its cell.

    Signals
    -------
    pairRequested(int, int)
        These two classes should be set against each other.
    """

    pairRequested = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.angles: Angles = np.zeros((0, 0))
        self.closest: tuple[int, int] | None = None
        self.chosen: tuple[int, int] | None = None
        self.setAccessibleName("Angles between classes")

    def show_angles(self, angles: Angles, theme: Theme, name: str) -> None:
        """Show angles (C, C) in radians between what ``name`` says."""
        self.angles, self.theme = angles, theme
        self.closest = closest_pair(angles)
        if len(angles) != self.count:
            self.chosen = None
        self.set_count(len(angles))
        self.setAccessibleName(f"Angles between {name}")
        least = self._least_size() * self.count + QPointF(1, 1) * (self.names_room() + EDGE)
        self.setMinimumSize(math.ceil(least.x()), math.ceil(least.y()))
        self.update()

    def cell_size(self, room: QSize) -> QPointF:
        """Return the size of a cell: up to twice as wide as high, for numbers are."""
        least, count = self._least_size(), max(1, self.count)
        height = max(room.height() / count, least.y())
        width = max(min(room.width() / count, _WIDEST * height), least.x())
        return QPointF(width, min(height, width))

    def text_of(self, cell: Cell) -> str:
        """Return what a cell says, in words."""
        first, second = cell
        if first == second:
            return f"class {first}"
        angle = math.degrees(self.angles[cell])
        if math.isnan(angle):
            return f"classes {first} and {second}: no angle is known"
        return f"{angle:.1f}° between classes {first} and {second}: Enter or a click shows the two"

    def choose(self, cell: Cell, _mode: SelectionMode) -> None:
        """Ask for the two classes of a cell."""
        if cell[0] != cell[1]:
            self.chosen = cell
            self.update()
            self.pairRequested.emit(*cell)

    def paint_cell(self, painter: QPainter, cell: Cell, rect: QRectF) -> None:
        """Draw a cell and its degrees."""
        angle, shades = float(self.angles[cell]), _shades(self.theme)
        if math.isnan(angle):
            painter.fillRect(rect, color(shades[0]))
            if cell[0] != cell[1]:
                painter.setPen(pen(self.theme.muted))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "–")
            return
        fill = shades[round((1 - angle / math.pi) ** 2 * _SHADES)]
        painter.fillRect(rect, color(fill))
        painter.setPen(pen(ink_on(fill)))
        decimals = 1 if rect.width() >= painter.fontMetrics().horizontalAdvance("100.0") + 2 else 0
        worst = self.closest in (cell, cell[::-1])
        plain = painter.font()
        if worst:
            painter.setFont(scaled_font(plain, 1.0, bold=True))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{math.degrees(angle):.{decimals}f}")
        painter.setFont(plain)

    def paint_marks(self, painter: QPainter) -> None:
        """Frame the closest pair, and underline the one that was chosen."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.closest is not None:
            painter.setPen(pen(self.theme.error, 2.0))
            for cell in (self.closest, self.closest[::-1]):
                painter.drawRect(self.cell_rect(cell).adjusted(1, 1, -1, -1))
        if self.chosen is not None:
            painter.setPen(pen(self.theme.text, 2.0))
            for cell in (self.chosen, self.chosen[::-1]):
                rect = self.cell_rect(cell).adjusted(4, 0, -4, -4)
                painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _least_size(self) -> QPointF:
        metrics = self.small_metrics()
        return QPointF(metrics.horizontalAdvance("180") + 3, metrics.height() + 1)


@lru_cache(4)
def _shades(theme: Theme) -> list[Rgb]:
    """Return the colours of cells, from that of opposite classes, or of none, to that of equal ones."""
    empty = mix(theme.plot, theme.line, 0.35)
    return [mix(empty, theme.accent, _DARKEST * level / _SHADES) for level in range(_SHADES + 1)]


def closest_text(angles: Angles, dim: int, name: str) -> str:
    """Return which two are closest, and how far apart as many could be in so many dimensions."""
    pair, classes = closest_pair(angles), known_classes(angles)
    if pair is None:
        return f"There are no two {name} to compare."
    even = math.degrees(separation(classes, dim))
    bound = "at most " if dim == 3 and classes > _EXACT_UP_TO else ""
    closest = f"Closest: {pair[0]} and {pair[1]}, {math.degrees(angles[pair]):.1f}°"
    return f"{closest}; evenly spread: {bound}{even:.1f}°"
