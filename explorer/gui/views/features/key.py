"""ClassKey: the legend as a column beside the features, with the number of test images of each class."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.protocol.messages import TEST
from explorer.core.texts import ngettext
from explorer.gui.faults import guarded
from explorer.gui.plots.keys.legend import Legend
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.theme.tooltips import wrapped

MOST_CLASSES = 20
"""Classes up to which the legend is a column."""
_GAP = 5


class ClassKey(QWidget):
    """A column that a legend can be put into, one class in a line.

    Attributes
    ----------
    legend : Legend or None
        The legend that it holds.
    counts : QWidget
        What is beside the legend; its accessible description has the numbers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.legend: Legend | None = None
        self._shown: tuple[object, ...] = ()
        self.counts = _Counts()
        self._row = QHBoxLayout()
        self._row.setContentsMargins(2, 4, 8, 0)
        self._row.setSpacing(_GAP)
        self._row.addWidget(self.counts)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._row)
        self._column.addStretch(1)
        self.setAutoFillBackground(True)
        self.hide()

    def take(self, legend: Legend, theme: Theme, probe: ProbeSet | None) -> None:
        """Hold a legend, and show the number of images of its classes."""
        shown = theme, probe, len(legend.swatches)
        if shown == self._shown:
            return  # it is asked for with every frame
        self._shown = shown
        if self.legend is not legend:
            self.legend = legend
            self._row.insertWidget(0, legend, 0, Qt.AlignmentFlag.AlignTop)
        self._column.insertWidget(1, legend.show_all)  # in a line with classes it would widen them
        colors = palette(theme)
        colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
        self.setPalette(colors)
        widths = [swatch.sizeHint().width() for swatch in legend.swatches]
        legend.setFixedWidth(max(widths, default=0))  # so that each has a line of its own
        self.counts.show_counts(legend, probe)
        self.show()

    def give_back(self) -> None:
        """Hold no legend any more."""
        if self.legend is not None:
            self._row.removeWidget(self.legend)
            self.legend.take_back()
            self.legend.setMinimumWidth(0)
            self.legend.setMaximumWidth(16_777_215)  # Qt's largest
            self.legend = None
        self._shown = ()
        self.hide()


class _Counts(QWidget):
    """The number of test images of each class, beside its swatch."""

    def __init__(self) -> None:
        super().__init__()
        self._legend: Legend | None = None
        self._of: ProbeSet | None = None
        self._texts: list[str] = []
        RelativeFont(self, SMALL_TYPE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_counts(self, legend: Legend, probe: ProbeSet | None) -> None:
        """Show the counts of the images that a run shows."""
        self._legend = legend
        if probe is not None and probe is not self._of:
            self._of = probe
            counts = np.bincount(probe.labels[probe.split == TEST], minlength=probe.num_classes)
            self._texts = [f"{count:,}" for count in counts.tolist()]
            total = int(counts.sum())
            words = ngettext("{count:,} test image, by class", "{count:,} test images, by class", total)
            self.setToolTip(wrapped(words.format(count=total)))
            self.setAccessibleName(self.toolTip())
            self.setAccessibleDescription(", ".join(self._texts))
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the longest number."""
        metrics = self.fontMetrics()
        return QSize(max(map(metrics.horizontalAdvance, self._texts), default=0) + 2, metrics.height())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write each number at the height of its swatch."""
        if self._legend is None:
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for swatch, words in zip(self._legend.swatches, self._texts, strict=False):
            top = self._legend.y() - self.y() + swatch.y()
            painter.drawText(QRectF(0, top, self.width(), swatch.height()), flags, words)
        painter.end()
