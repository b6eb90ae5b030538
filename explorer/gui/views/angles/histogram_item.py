"""HistogramItem: the histograms of an angle plot, the margin, selected images, and labels on top."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.distinct import distinct
from explorer.analysis.statistics.angles import BINS
from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.marks.hatching import hatching
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, Plot, color, pen, scaled_font
from explorer.gui.theme.theme import Rgb, Theme, mix
from explorer.gui.views.angles.content import AngleContent, Series

BIN_WIDTH = 180.0 / BINS
"""In degrees."""
_NOTE_ROWS = {1: (0, 0, 0, 0), 2: (0, 1, 1, 0), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}
"""Rows of the four labels from below, in the order of `notes`, by how many rows there is room for.

Each keeps its row from frame to frame. The margin and the 95% begin near the true class, so they share
their rows with it last.
"""
_NOTES_FRACTION = 0.35
_FILL_ALPHA = 70
_OUTLINE_FRACTION = 0.4
_RUG_OWN, _RUG_OTHER = 14.0, 7.0


class Note(Struct, frozen=True):
    """A label at an angle in degrees, with a line down to the axis unless ``line`` is None.

    ``place`` is its place among the labels, the most important one first.
    """

    place: int
    at: float
    text: str
    rgb: Rgb
    line: Qt.PenStyle | None = Qt.PenStyle.SolidLine


class HistogramItem(PixelItem):
    """Paints an `AngleContent`: histograms of test images are filled, those of training images outlined."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=0)
        self.plot = plot
        self.content: AngleContent | None = None

    def note_room(self) -> float:
        """Return the height in pixels of the labels above the histograms, at most half of the plot."""
        line = QFontMetricsF(scaled_font(self.plot.font(), SMALL_TYPE)).height() + 4
        height = float(self.box.rect().height())
        rows = int(_NOTES_FRACTION * height / line)
        return float(min(line * min(max(2, rows), max(_NOTE_ROWS)), height / 2))

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint histograms, margin, selected images and labels."""
        content, theme = self.content, self.plot.theme
        if content is None:
            return
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        if content.complaint:
            painter.setPen(pen(theme.muted))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.boundingRect().adjusted(12, 0, -12, 0), wrapped, content.complaint)
            return
        self._paint_margin(painter, content)
        if content.test is not None:
            for shares, rgb in _hills(content.test, theme):
                self._paint_steps(painter, shares, rgb, filled=True)
        if content.train is not None:
            for shares, rgb in _hills(content.train, theme):
                self._paint_steps(painter, shares, mix(rgb, theme.text, _OUTLINE_FRACTION), filled=False)
        self._paint_rug(painter, content.chosen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_notes(painter, notes(content, theme))

    def _paint_steps(self, painter: QPainter, shares: NDArray[np.float64], rgb: Rgb, *, filled: bool) -> None:
        bins = np.flatnonzero(shares)
        if not len(bins):
            return
        across, right, up, down = self.scale_and_shift()
        first, last = int(bins[0]), int(bins[-1]) + 1
        edges = np.repeat(np.arange(first, last + 1) * BIN_WIDTH * across + right, 2)
        heights = np.repeat(shares[first:last] * (100 / BIN_WIDTH) * up + down, 2)
        levels = np.concatenate([[down], heights, [down]])
        outline = QPolygonF([QPointF(x, y) for x, y in zip(edges.tolist(), levels.tolist(), strict=True)])
        if filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(rgb, _FILL_ALPHA))
            painter.drawPolygon(outline)
        draw_curve(painter, outline, rgb)

    def _paint_rug(self, painter: QPainter, chosen: Series) -> None:
        """Draw a tick at the angles of each selected image: long for the true class, short for the other."""
        across, right, _up, down = self.scale_and_shift()
        theme = self.plot.theme
        for angles, length, rgb in (
            (chosen.angles.other, _RUG_OTHER, theme.warning),
            (chosen.angles.own, _RUG_OWN, theme.accent),
        ):
            painter.setPen(pen(mix(rgb, theme.text, 0.6), 1.6))
            known = np.degrees(angles[np.isfinite(angles)])
            for x in distinct(np.round(known * across + right)).tolist():
                painter.drawLine(QPointF(x, down), QPointF(x, down - length))

    def _paint_margin(self, painter: QPainter, content: AngleContent) -> None:
        own = _main(content)
        if content.margin is None or own is None:
            return
        across, right, _up, down = self.scale_and_shift()
        start, end = (
            math.degrees(angle) * across + right
            for angle in (own.found.own.mean, own.found.own.mean + content.margin)
        )
        theme = self.plot.theme
        background = mix(theme.plot, theme.muted, 0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hatching(background, mix(background, theme.muted, 0.35)))
        top = self.note_room()
        painter.drawRect(QRectF(start, top, end - start, down - top))

    def placed(self, texts: list[Note]) -> list[tuple[Note, QRectF | None]]:
        """Return the labels with their rectangles, None for one with a more important one in its way."""
        across, right, _up, _down = self.scale_and_shift()
        metrics = QFontMetricsF(scaled_font(self.plot.font(), SMALL_TYPE))
        area, line, room = self.boundingRect(), metrics.height() + 4, self.note_room()
        rows = _NOTE_ROWS[min(max(1, round(room / line)), max(_NOTE_ROWS))]
        result: list[tuple[Note, QRectF | None]] = []
        for note in texts:
            width = metrics.horizontalAdvance(note.text) + 8
            left = min(
                max(note.at * across + right - width / 2, area.left()), max(area.left(), area.right() - width)
            )
            row = QRectF(left, room - (rows[note.place] + 1) * line, width, line)
            free = not any(other is not None and row.intersects(other) for _note, other in result)
            result.append((note, row if free else None))
        return result

    def _paint_notes(self, painter: QPainter, texts: list[Note]) -> None:
        """Draw the lines of all labels, and write those with room above them."""
        across, right, _up, down = self.scale_and_shift()
        placed = self.placed(texts)
        for note, row in placed:
            if note.line is not None:
                x, top = note.at * across + right, self.note_room() if row is None else row.bottom()
                painter.setPen(pen(note.rgb, 1.2, note.line))
                painter.drawLine(QPointF(x, top), QPointF(x, down))
        for note, row in placed:
            if row is not None:
                painter.fillRect(row.adjusted(1, 0, -1, 0), color(self.plot.theme.plot))
                painter.setPen(pen(mix(note.rgb, self.plot.theme.text, 0.35)))
                painter.drawText(row, Qt.AlignmentFlag.AlignCenter, note.text)


def notes(content: AngleContent, theme: Theme) -> list[Note]:
    """Return the labels above the histograms, the most important first; of the test images if shown."""
    main, result = _main(content), []
    if main is not None:
        found = main.found
        for place, (summary, name, rgb) in enumerate(
            (
                (found.own, _("true class"), theme.accent),
                (found.other, _("nearest other"), theme.warning),
            )
        ):
            if summary.count:
                result.append(Note(place, math.degrees(summary.mean), name, rgb))
        mean, most = math.degrees(found.own.mean), math.degrees(found.own.percentile_95)
        if content.margin is not None:
            margin = math.degrees(content.margin)
            text = _("margin {margin:.1f}°").format(margin=margin)
            result.append(Note(2, mean + margin / 2, text, theme.muted, None))
        last = 2 if content.margin is None else 3
        result.append(Note(last, most, "95%", theme.accent, Qt.PenStyle.DashLine))
    return result


def _main(content: AngleContent) -> Series | None:
    """Return the series that the labels describe: the first with angles to the true class."""
    return next((series for series in content.series if series.found.own.count), None)


def _hills(series: Series, theme: Theme) -> tuple[tuple[NDArray[np.float64], Rgb], ...]:
    return (series.found.other_shares, theme.warning), (series.found.own_shares, theme.accent)
