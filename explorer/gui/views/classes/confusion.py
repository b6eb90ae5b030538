"""ConfusionPlot: the confusion matrix, a count of images for each pair of true and predicted class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.texts import N_, _
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.plots.matrix_plot import Cell, MatrixPlot
from explorer.gui.plots.style import ink_on, pen
from explorer.gui.theme.theme import Theme, mix

_SMALLEST_PRINTED, _SMALLEST_PARTED = 17.0, 5.0
"""Heights in pixels from which cells have their count in them, and a gap between them."""


class ConfusionPlot(MatrixPlot):
    """A matrix of counts: rows are true classes, columns predictions.

    A cell is shaded by its fraction of the row: the diagonal in the accent colour, misclassifications in the
    error colour, and those of a class left out of training, for which there is no right one, in a neutral
    colour. The shade is proportional to the square root of the fraction, so that single images show.

    Signals
    -------
    cellRequested(int, int, str)
        Class, prediction and `SelectionMode`: the images of a cell should be selected.
    """

    cellRequested = Signal(int, int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, (_("true class"), _("predicted")))
        self.counts: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self.unseen: frozenset[int] = frozenset()
        self._image = QImage()
        self.setMinimumSize(150, 150)
        TableCopier(self, N_("Copy confusion matrix"), ConfusionPlot.content_text)

    def show_counts(
        self,
        counts: NDArray[np.int64],
        theme: Theme,
        unseen: frozenset[int] = frozenset(),
        probe: ProbeSet | None = None,
    ) -> None:
        """Show counts (C, C): true classes by predicted classes; those ``unseen`` were not trained on.

        ``probe`` has the names of the classes; without it they are numbers.
        """
        self.set_names(probe)
        self.counts, self.theme, self.unseen = counts, theme, unseen
        self._image = _picture(counts, theme, unseen)
        self.set_count(len(counts))
        total = int(np.delete(counts, list(unseen), axis=0).sum())
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
            if total and label not in self.unseen
            else _(
                "{count:,} of {total:,} images of class {label}, which is left out of training, classified "
                "as {prediction} ({fraction:.1%})"
            )
            if total
            else _("No images of class {label}")
        )
        return pattern.format(
            count=count,
            total=total,
            label=self.name(label),
            prediction=self.name(prediction),
            fraction=count / max(1, total),
        )

    def content_text(self) -> str:
        """Return the counts as text: a row for each true class, a column for each prediction."""
        titles = [_("true class"), *map(self.name, range(self.count))]
        return lines_of(
            [titles, *([self.name(label), *row] for label, row in enumerate(self.counts.tolist()))]
        )

    def choose(self, cell: Cell, mode: SelectionMode) -> None:
        """Request the images of a cell."""
        self.cellRequested.emit(*cell, mode)

    def paint_cells(self, painter: QPainter, part: QRect) -> None:
        """Paint cells that are too small for a number as one image."""
        area = self.cell_rect((0, 0)).united(self.cell_rect((self.count - 1, self.count - 1)))
        if area.height() >= self.count * _SMALLEST_PRINTED:
            super().paint_cells(painter, part)
            return
        painter.drawImage(area, self._image)
        across, down = area.width() / self.count, area.height() / self.count
        if min(across, down) >= _SMALLEST_PARTED:
            painter.setPen(pen(self.theme.plot))
            columns = [area.left() + i * across for i in range(self.count + 1)]
            rows = [area.top() + i * down for i in range(self.count + 1)]
            painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in columns])
            painter.drawLines([QLineF(area.left(), y, area.right(), y) for y in rows])

    def paint_cell(self, painter: QPainter, cell: Cell, rect: QRectF) -> None:
        """Draw a cell and its count."""
        fill = self._image.pixelColor(cell[1], cell[0])
        painter.fillRect(rect, fill)
        if count := int(self.counts[cell]):
            painter.setPen(pen(ink_on((fill.red(), fill.green(), fill.blue()))))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{count}")


def _picture(counts: NDArray[np.int64], theme: Theme, unseen: frozenset[int]) -> QImage:
    """Return an image with a pixel for each cell of the counts (C, C)."""
    shades = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))[:, :, None]
    targets = np.full((*counts.shape, 3), theme.error, dtype=np.float64)
    targets[np.diag_indices(len(counts))] = theme.accent
    targets[list(unseen)] = theme.muted
    empty = np.array(mix(theme.plot, theme.line, 0.45), dtype=np.float64)
    pixels = np.rint(empty + (targets - empty) * shades).astype(np.uint8)
    height, width, depth = pixels.shape
    data = pixels.tobytes()  # the first image only borrows them
    image = QImage(data, width, height, depth * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
