"""ConfusionPlot: how many images of each class are taken for which."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter

from explorer.analysis.frames.selection import SelectionMode
from explorer.gui.plots.matrix_plot import Cell, MatrixPlot
from explorer.gui.plots.style import color, ink_on, pen
from explorer.gui.theme.theme import Rgb, Theme, mix

_SMALLEST_PRINTED = 17.0


class ConfusionPlot(MatrixPlot):
    """A square of counts: rows are classes, columns predictions; a cell is as dark as its share of the row.

    Right answers are shaded in the accent colour and mistakes in that of errors, on a scale of square roots,
    so that single mistakes show.

    Signals
    -------
    cellRequested(int, int, str)
        Class, prediction and `SelectionMode`: the images of a cell should be selected.
    """

    cellRequested = Signal(int, int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, ("label", "predicted"))
        self.counts: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self._shares: NDArray[np.float64] = np.zeros((0, 0))
        self.setMinimumSize(150, 150)

    def show_counts(self, counts: NDArray[np.int64], theme: Theme) -> None:
        """Show counts (C, C): classes by predictions."""
        self.counts, self.theme = counts, theme
        self._shares = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
        self.set_count(len(counts))
        wrong = int(counts.sum() - np.trace(counts))
        self.setAccessibleName(
            f"Confusion matrix: {wrong:,} of {int(counts.sum()):,} images taken for another class"
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable size for ten classes."""
        return QSize(330, 330)

    def text_of(self, cell: Cell) -> str:
        """Return what a cell says, in words."""
        label, prediction = cell
        count, total = int(self.counts[cell]), int(self.counts[label].sum())
        share = f", {count / total:.1%}" if total else ""
        return f"{count:,} of {total:,} images of class {label} taken for {prediction}{share}"

    def choose(self, cell: Cell, mode: SelectionMode) -> None:
        """Ask for the images of a cell."""
        self.cellRequested.emit(*cell, mode)

    def paint_cell(self, painter: QPainter, cell: Cell, rect: QRectF) -> None:
        """Draw a cell and its count."""
        count = int(self.counts[cell])
        fill = self._shade(float(self._shares[cell]), right=cell[0] == cell[1])
        painter.fillRect(rect, color(fill))
        if count and rect.height() >= _SMALLEST_PRINTED:
            painter.setPen(pen(ink_on(fill)))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{count}")

    def _shade(self, share: float, *, right: bool) -> Rgb:
        empty = mix(self.theme.plot, self.theme.line, 0.45)
        return mix(empty, self.theme.accent if right else self.theme.error, share if share else 0.0)
