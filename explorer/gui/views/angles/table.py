"""AngleTable: the angles between the class weights, or means, of each pair of classes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter

from explorer.analysis.frames.references import ReferenceKind
from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.margins.spread import is_exact, separation
from explorer.analysis.statistics.class_angles import AngleTable as Angles
from explorer.analysis.statistics.class_angles import closest_pair, known_classes
from explorer.core.texts import N_, _
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.plots.matrix_plot import EDGE, SIDES, Cell, MatrixPlot
from explorer.gui.plots.style import color, ink_on, pen, scaled_font
from explorer.gui.theme.theme import Rgb, Theme, mix

_WIDEST = 2.0
_DARKEST, _SHADES = 0.75, 64
_NAMES: Mapping[ReferenceKind, str] = MappingProxyType(
    {"weights": N_("Angles between class weights"), "means": N_("Angles between class means")}
)
_NONE: Mapping[ReferenceKind, str] = MappingProxyType(
    {
        "weights": N_("There are no two class weights to compare."),
        "means": N_("There are no two class means to compare."),
    }
)


class AngleTable(MatrixPlot):
    """A symmetric table of angles in degrees; the smaller an angle, the darker its cell.

    Signals
    -------
    pairRequested(int, int)
        Two classes to compare.
    """

    pairRequested = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.angles: Angles = np.zeros((0, 0))
        self.closest: tuple[int, int] | None = None
        self.chosen: tuple[int, int] | None = None
        self.setAccessibleName(_("Angles between classes"))
        TableCopier(self, N_("Copy angles between classes"), AngleTable.content_text)

    def show_angles(
        self, angles: Angles, theme: Theme, kind: ReferenceKind, probe: ProbeSet | None = None
    ) -> None:
        """Show angles (C, C) in radians between class weights or class means."""
        self.angles, self.theme = angles, theme
        self.set_names(probe)
        self.closest = closest_pair(angles)
        if len(angles) != self.count:
            self.chosen = None
        self.set_count(len(angles))
        self.setAccessibleName(_(_NAMES[kind]))
        least = self._least_size() * self.count + QPointF(self.names_room() + SIDES, self.top_room() + EDGE)
        self.setMinimumSize(math.ceil(least.x()), math.ceil(least.y()))
        self.update()

    def cell_size(self, room: QSize) -> QPointF:
        """Return the width and height of a cell: up to twice as wide as high, like the numbers in it."""
        least, count = self._least_size(), max(1, self.count)
        height = max(room.height() / count, least.y())
        width = max(min(room.width() / count, _WIDEST * height), least.x())
        return QPointF(width, min(height, width))

    def text_of(self, cell: Cell) -> str:
        """Return the angle of a cell in words, for its tooltip and for screen readers."""
        first, second = cell
        if first == second:
            return _("Class {label}").format(label=self.name(first))
        angle = math.degrees(self.angles[cell])
        names = {"first": self.name(first), "second": self.name(second)}
        if math.isnan(angle):
            return _("Classes {first} and {second}: angle unknown").format(**names)
        return _(
            "{angle:.1f}° between classes {first} and {second}. Press Enter or click to compare them."
        ).format(angle=angle, **names)

    def content_text(self) -> str:
        """Return the angles in degrees as text, with a row and a column for each class."""
        titles = [_("angle (°)"), *map(self.name, range(self.count))]
        rows = np.degrees(self.angles)
        cells = (["" if math.isnan(angle) else f"{angle:.2f}" for angle in row] for row in rows.tolist())
        return lines_of([titles, *([self.name(label), *row] for label, row in enumerate(cells))])

    def choose(self, cell: Cell, _mode: SelectionMode) -> None:
        """Request a comparison of the two classes of a cell."""
        if cell[0] != cell[1]:
            self.chosen = cell
            self.update()
            self.pairRequested.emit(*cell)

    def paint_cell(self, painter: QPainter, cell: Cell, rect: QRectF) -> None:
        """Paint a cell and its angle in degrees."""
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
        """Frame the closest pair, and underline the chosen pair."""
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
    """Return the colours of cells, from opposite (or unknown) directions to equal ones."""
    empty = mix(theme.plot, theme.line, 0.35)
    return [mix(empty, theme.accent, _DARKEST * level / _SHADES) for level in range(_SHADES + 1)]


def closest_text(angles: Angles, dim: int, kind: ReferenceKind, name: Callable[[int], str] = str) -> str:
    """Return the closest pair in words, and the angle at which all would be evenly spread in ``dim``."""
    pair, classes = closest_pair(angles), known_classes(angles)
    if pair is None:
        return _(_NONE[kind])
    even = math.degrees(separation(classes, dim))
    pattern = (
        _("Closest: {first} and {second}, {angle:.1f}°; evenly spread: {even:.1f}°")
        if is_exact(classes, dim)
        else _("Closest: {first} and {second}, {angle:.1f}°; evenly spread: at most {even:.1f}°")
    )
    return pattern.format(
        first=name(pair[0]), second=name(pair[1]), angle=math.degrees(angles[pair]), even=even
    )
