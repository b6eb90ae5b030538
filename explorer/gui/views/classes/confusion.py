"""ConfusionPlot: the confusion matrix, a count of images for each pair of true and predicted class."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter

from explorer.analysis.frames.selection import SelectionMode
from explorer.core.texts import _
from explorer.gui.plots.matrix_plot import Cell, MatrixPlot
from explorer.gui.plots.style import color, ink_on, pen
from explorer.gui.theme.theme import Rgb, Theme, mix

_SMALLEST_PRINTED = 17.0


class ConfusionPlot(MatrixPlot):
    """A matrix of counts: rows are true classes, columns predictions.

    A cell is shaded by its fraction of the row: the diagonal in the accent colour, misclassifications in the
    error colour. The shade is proportional to the square root of the fraction, so that single images show.

    Signals
    -------
    cellRequested(int, int, str)
        Class, prediction and `SelectionMode`: the images of a cell should be selected.
    """

    cellRequested = Signal(int, int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, (_("true class"), _("predicted")))
        self.counts: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self._shades: list[list[float]] = []
        self.setMinimumSize(150, 150)

    def show_counts(self, counts: NDArray[np.int64], theme: Theme) -> None:
        """Show counts (C, C): true classes by predicted classes."""
        self.counts, self.theme = counts, theme
        self._shades = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).tolist()
        self.set_count(len(counts))
        total = int(counts.sum())
        self.setAccessibleName(
            _("Confusion matrix: {wrong:,} of {total:,} images misclassified").format(
                wrong=total - int(np.trace(counts)), total=total
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable size for ten classes."""
        return QSize(330, 330)

    def text_of(self, cell: Cell) -> str:
        """Return the count of a cell in words, for its tooltip and for screen readers."""
        label, prediction = cell
        count, total = int(self.counts[cell]), int(self.counts[label].sum())
        pattern = (
            _("{count:,} of {total:,} images of class {label} classified as {prediction} ({fraction:.1%})")
            if total
            else _("No images of class {label}")
        )
        return pattern.format(
            count=count, total=total, label=label, prediction=prediction, fraction=count / max(1, total)
        )

    def choose(self, cell: Cell, mode: SelectionMode) -> None:
        """Request the images of a cell."""
        self.cellRequested.emit(*cell, mode)

    def paint_cell(self, painter: QPainter, cell: Cell, rect: QRectF) -> None:
        """Draw a cell and its count."""
        row, column = cell
        target = self.theme.accent if row == column else self.theme.error
        fill = _fill(self.theme.plot, self.theme.line, target, self._shades[row][column])
        painter.fillRect(rect, color(fill))
        if rect.height() >= _SMALLEST_PRINTED and (count := int(self.counts[cell])):
            painter.setPen(pen(ink_on(fill)))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{count}")


@lru_cache(4096)
def _fill(plot: Rgb, line: Rgb, target: Rgb, shade: float) -> Rgb:
    """Return the colour of a cell; of 100 classes, nearly all cells are empty and have the same."""
    return mix(mix(plot, line, 0.45), target, shade)
