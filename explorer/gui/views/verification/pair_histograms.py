"""PairHistograms: paints both histograms, what the threshold decides wrongly, and their labels."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.distinct import distinct
from explorer.analysis.verification.distances import Distances
from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, Plot, color, pen, scaled_font
from explorer.gui.theme.theme import Rgb, mix
from explorer.gui.views.verification.content import distance_text

_ROWS = 2
"""Lines of text above the histograms."""
_FILL_ALPHA, _WRONG_ALPHA = 70, 150
_RUG = 6.0
_HANDLE = 6.0


class HistogramContent(Struct, frozen=True, eq=False):
    """Heights (bins,) of ``same`` and ``different`` pairs from 0 to ``limit``, and what to say of them.

    ``middles`` are the median distances of both kinds, ``chosen`` the distances of the pairs with a selected
    image. ``threshold`` is NaN for none; ``equal`` tells whether errors are equal there. A ``complaint`` is
    shown instead of all.
    """

    same: Distances
    different: Distances
    middles: tuple[float, ...]
    chosen: tuple[Distances, Distances]
    limit: float
    threshold: float
    equal: bool
    complaint: str


class PairHistograms(PixelItem):
    """Paints a `HistogramContent`."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=0)
        self.plot = plot
        self.content: HistogramContent | None = None

    def show_content(self, content: HistogramContent) -> None:
        """Show a content."""
        self.content = content
        self.update()

    def note_room(self) -> float:
        """Return the height in pixels of the labels above the histograms, at most half of the plot."""
        return min(_ROWS * self._line(), float(self.box.rect().height()) / 2)

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint histograms, errors, selected pairs, threshold and labels."""
        content, theme = self.content, self.plot.theme
        if content is None:
            return
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        if content.complaint:
            painter.setPen(pen(theme.muted))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.boundingRect().adjusted(12, 0, -12, 0), wrapped, content.complaint)
            return
        area, x = self.boundingRect(), self._x(content.threshold)
        accepted, rejected = QRectF(area), QRectF(area)
        accepted.setRight(x)
        rejected.setLeft(x)
        for heights, rgb, wrong in (
            (content.different, theme.warning, accepted),
            (content.same, theme.accent, rejected),
        ):
            self._paint_hill(painter, self._hill(heights, content.limit), rgb, wrong)
        for distances, rgb in zip(content.chosen, (theme.accent, theme.warning), strict=True):
            self._paint_rug(painter, distances, rgb)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_threshold(painter, content, x)
        self._paint_names(painter, content)

    def _hill(self, heights: Distances, limit: float) -> QPolygonF:
        """Return the outline of a histogram from the axis to the axis."""
        across, right, up, down = self.scale_and_shift()
        edges = np.linspace(right, limit * across + right, len(heights) + 1)
        levels = np.concatenate([[down], np.repeat(heights * up + down, 2), [down]])
        outline: QPolygonF = pg.functions.arrayToQPolygonF(np.repeat(edges, 2), levels)
        return outline

    def _paint_hill(self, painter: QPainter, hill: QPolygonF, rgb: Rgb, wrong: QRectF) -> None:
        """Paint a histogram, and its part where decisions are wrong in the colour of errors."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(rgb, _FILL_ALPHA))
        painter.drawPolygon(hill)
        painter.save()
        painter.setClipRect(wrong, Qt.ClipOperation.IntersectClip)
        painter.setBrush(color(self.plot.theme.error, _WRONG_ALPHA))
        painter.drawPolygon(hill)
        painter.restore()
        draw_curve(painter, hill, rgb)

    def _paint_rug(self, painter: QPainter, distances: Distances, rgb: Rgb) -> None:
        """Draw a tick at the distance of each pair that has a selected image."""
        across, right, _up, down = self.scale_and_shift()
        painter.setPen(pen(mix(rgb, self.plot.theme.text, 0.6)))
        for x in distinct(np.round(distances * across + right)).tolist():
            painter.drawLine(QPointF(x, down), QPointF(x, down - _RUG))

    def _paint_threshold(self, painter: QPainter, content: HistogramContent, x: float) -> None:
        area, theme, top = self.boundingRect(), self.plot.theme, self.note_room()
        x = min(max(area.left(), x), area.right())
        painter.setPen(pen(theme.text, 1.6))
        painter.drawLine(QPointF(x, top), QPointF(x, area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.text))
        painter.drawPolygon(
            QPolygonF([QPointF(x + dx, top + dy) for dx, dy in ((-_HANDLE, 0), (_HANDLE, 0), (0, _HANDLE))])
        )
        pattern = _("same up to {distance} (equal errors)") if content.equal else _("same up to {distance}")
        text = pattern.format(distance=distance_text(content.threshold))
        self._write(painter, text, self._place(painter, text, x, _ROWS - 1), theme.text)

    def _paint_names(self, painter: QPainter, content: HistogramContent) -> None:
        """Write what the histograms are of, above their medians."""
        theme, names = self.plot.theme, []
        for text, middle, rgb in (
            (_("same pairs"), content.middles[0], theme.accent),
            (_("different pairs"), content.middles[1], theme.warning),
        ):
            place = self._place(painter, text, self._x(middle), 0)
            names.append((text, place, mix(rgb, theme.text, 0.35)))
        same, different = (place for _text, place, _rgb in names)
        if same.intersects(different):
            most = self.boundingRect().right() - different.width()
            same.moveRight(max(same.width(), min(same.right(), most)))
            different.moveLeft(same.right())
        for text, place, rgb in names:
            self._write(painter, text, place, rgb)

    def _place(self, painter: QPainter, text: str, x: float, row: int) -> QRectF:
        """Return where a text stands in a row of labels, centred at ``x`` as far as there is room."""
        area, width = self.boundingRect(), QFontMetricsF(painter.font()).horizontalAdvance(text) + 8
        left = min(max(x - width / 2, area.left()), max(area.left(), area.right() - width))
        return QRectF(left, row * self._line(), width, self._line())

    def _write(self, painter: QPainter, text: str, place: QRectF, rgb: Rgb) -> None:
        painter.fillRect(place.adjusted(1, 1, -1, -1), color(self.plot.theme.plot))
        painter.setPen(pen(rgb))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _line(self) -> float:
        return float(QFontMetricsF(scaled_font(self.plot.font(), SMALL_TYPE)).height() + 4)

    def _x(self, distance: float) -> float:
        """Return where a distance is, in pixels."""
        across, right, _up, _down = self.scale_and_shift()
        return distance * across + right
