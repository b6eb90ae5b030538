"""ConfusionPlot: how many images of each class are taken for which."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.core.selection import SelectionMode
from explorer.gui.theme import Rgb, Theme
from explorer.gui.views.lasso import mode_of
from explorer.gui.views.plot_style import SMALL_TYPE, color, ink_on, mix, pen, scaled_font

_SMALLEST_PRINTED = 17.0
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
Cell = tuple[int, int]


class ConfusionPlot(QWidget):
    """A square of counts: rows are classes, columns predictions; a cell is as dark as its share of the row.

    Right answers are shaded in the accent colour and mistakes in that of errors, on a scale of square roots,
    so that single mistakes show.

    Signals
    -------
    cellChosen(int, int, str)
        Class, prediction and `SelectionMode`: the images of a cell should be selected.
    """

    cellChosen = Signal(int, int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.counts: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self.current: Cell = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 150)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_counts(self, counts: NDArray[np.int64], theme: Theme) -> None:
        """Show counts (C, C): classes by predictions."""
        self.counts, self.theme = counts, theme
        last = max(0, len(counts) - 1)
        self.current = min(self.current[0], last), min(self.current[1], last)
        wrong = int(counts.sum() - np.trace(counts))
        self.setAccessibleName(
            f"Confusion matrix: {wrong:,} of {int(counts.sum()):,} images taken for another class"
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable size for ten classes."""
        return QSize(330, 330)

    def cell_rect(self, cell: Cell) -> QRectF:
        """Return where a cell is drawn."""
        corner, side = self._grid()
        return QRectF(corner.x() + cell[1] * side, corner.y() + cell[0] * side, side, side)

    def cell_at(self, at: QPointF) -> Cell | None:
        """Return the cell at a place, None beside all."""
        corner, side = self._grid()
        column, row = math.floor((at.x() - corner.x()) / side), math.floor((at.y() - corner.y()) / side)
        count = len(self.counts)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell, mode_of(event.modifiers()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to a cell by the arrow keys, and choose it by Enter."""
        key = Qt.Key(event.key())
        if key in _STEPS and len(self.counts):
            last = len(self.counts) - 1
            row, column = (
                min(max(place + step, 0), last) for place, step in zip(self.current, _STEPS[key], strict=True)
            )
            self.current = row, column
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self.counts):
            self._choose(self.current, mode_of(event.modifiers()))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Explain the cell under the pointer."""
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.text_of(cell) if cell else "", self)
            return True
        return super().event(event)

    def text_of(self, cell: Cell) -> str:
        """Return what a cell says, in words."""
        label, prediction = cell
        count, total = int(self.counts[cell]), int(self.counts[label].sum())
        share = f", {count / total:.1%}" if total else ""
        return f"{count:,} of {total:,} images of class {label} taken for {prediction}{share}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells, their counts, and the names of the classes."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self.theme.plot))
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        if len(self.counts):
            self._paint_cells(painter)
            self._paint_names(painter)

    def _choose(self, cell: Cell, mode: SelectionMode) -> None:
        self.current = cell
        self.update()
        self.cellChosen.emit(*cell, mode)

    def _grid(self) -> tuple[QPointF, float]:
        """Return the corner of the first cell and the side of each."""
        names = 2.2 * self.fontMetrics().height()
        side = min(self.width() - names - 8, self.height() - names - 8) / max(1, len(self.counts))
        left = (self.width() - names - side * len(self.counts)) / 2 + names
        return QPointF(left, names), max(side, 1.0)

    def _paint_cells(self, painter: QPainter) -> None:
        totals = np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        shares = np.sqrt(self.counts / totals)
        for label, row in enumerate(self.counts.tolist()):
            for prediction, count in enumerate(row):
                rect = self.cell_rect((label, prediction)).adjusted(0.5, 0.5, -0.5, -0.5)
                fill = self._shade(float(shares[label, prediction]), right=label == prediction)
                painter.fillRect(rect, color(fill))
                if count and rect.height() >= _SMALLEST_PRINTED:
                    painter.setPen(pen(ink_on(fill)))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{count}")
        if self.hasFocus():
            painter.setPen(pen(self.theme.text, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell_rect(self.current))

    def _shade(self, share: float, *, right: bool) -> Rgb:
        empty = mix(self.theme.plot, self.theme.line, 0.45)
        return mix(empty, self.theme.accent if right else self.theme.error, share if share else 0.0)

    def _paint_names(self, painter: QPainter) -> None:
        corner, side = self._grid()
        count, line = len(self.counts), painter.fontMetrics().height()
        end = side * count
        painter.setPen(pen(self.theme.muted))
        centred = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(corner.x(), corner.y() - 2 * line - 4, end, line), centred, "predicted")
        painter.save()
        painter.translate(corner.x() - 1.5 * line - 4, corner.y() + end / 2)
        painter.rotate(-90)
        painter.drawText(QRectF(-end / 2, -line / 2, end, line), centred, "label")
        painter.restore()
        every = max(1, math.ceil(line / side))
        for i in range(0, count, every):
            middle = (i + 0.5) * side
            painter.drawText(
                QRectF(corner.x() + middle - 20, corner.y() - line - 2, 40, line), centred, str(i)
            )
            painter.drawText(
                QRectF(corner.x() - line - 4, corner.y() + middle - line / 2, line, line), centred, str(i)
            )
