"""AnglePlot: two filled histograms over degrees, with their statistics written where they are."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.core.statistics import BINS, AngleSummary, ReferenceKind
from explorer.gui.theme import Rgb, Theme
from explorer.gui.views.plot_style import (
    SMALL_TYPE,
    PixelItem,
    Plot,
    color,
    draw_curve,
    hatching,
    mix,
    pen,
    scaled_font,
)
from explorer.gui.views.ranges import settle

_LIMITS = (15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0)
_WIDTH = 180.0 / BINS
_NEARLY_ALL = 0.999
_ROWS = 4
_FILL_ALPHA = 70


class AngleContent(Struct, frozen=True, eq=False):
    """Two distributions of angles, and the margin in radians where the loss has one."""

    kind: ReferenceKind
    own: AngleSummary
    other: AngleSummary
    own_shares: NDArray[np.float64]
    other_shares: NDArray[np.float64]
    margin: float | None


class Note(Struct, frozen=True):
    """A text at an angle in degrees, joined to the axis by a line unless ``line`` is None."""

    at: float
    text: str
    rgb: Rgb
    line: Qt.PenStyle | None = Qt.PenStyle.SolidLine


class AnglePlot(Plot):
    """Shares of images over the angle; the axes grow in steps and keep still between them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, x="angle θ (degrees)", y="images per degree (%)")
        self.content: AngleContent | None = None
        self._limit = 0.0
        self._height = 0.0
        self.box.setMouseEnabled(x=False, y=False)
        self.box.disableAutoRange()
        self._item = HistogramItem(self)

    def reset_view(self) -> None:
        """Forget the limits, so that the next content decides them alone."""
        self._limit = self._height = 0.0

    def show_content(self, content: AngleContent, theme: Theme) -> None:
        """Draw this."""
        self.content = content
        if theme is not self.theme:
            self.apply_theme(theme)
        both = (content.own_shares, content.other_shares)
        needed = max(_extent(shares) for shares in both)
        limit = max(self._limit, next((limit for limit in _LIMITS if limit >= needed), _LIMITS[-1]))
        height = settle(self._height, 100 / _WIDTH * max(float(shares.max()) for shares in both))
        if (limit, height) != (self._limit, self._height):
            self._limit, self._height = limit, height
            self._set_range()
        self.update_items()

    def note_room(self) -> float:
        """Return the height in pixels of the part above the histograms that holds the notes."""
        line = QFontMetricsF(scaled_font(self.font(), SMALL_TYPE)).height() + 4
        return min(_ROWS * line, 0.55 * float(self.box.rect().height()))

    def _on_box_resized(self) -> None:
        super()._on_box_resized()
        self._set_range()

    def _set_range(self) -> None:
        if not self._limit:
            return
        share = self.note_room() / max(1.0, float(self.box.rect().height()))
        self.box.setRange(xRange=(0, self._limit), yRange=(0, self._height / (1 - share)), padding=0)


class HistogramItem(PixelItem):
    """Draws the content of an `AnglePlot`."""

    def __init__(self, plot: AnglePlot) -> None:
        super().__init__(plot, z=0)
        self.plot = plot

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw histograms, the margin, and the notes above."""
        content, theme = self.plot.content, self.plot.theme
        if content is None:
            return
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        self._paint_margin(painter, content)
        for shares, rgb in ((content.other_shares, theme.warning), (content.own_shares, theme.accent)):
            self._paint_steps(painter, shares, rgb)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_notes(painter, notes(content, theme))

    def _paint_steps(self, painter: QPainter, shares: NDArray[np.float64], rgb: Rgb) -> None:
        filled = np.flatnonzero(shares)
        if not len(filled):
            return
        across, right, up, down = self.scale_and_shift()
        first, last = int(filled[0]), int(filled[-1]) + 1
        edges = np.repeat(np.arange(first, last + 1) * _WIDTH * across + right, 2)
        heights = np.repeat(shares[first:last] * (100 / _WIDTH) * up + down, 2)
        levels = np.concatenate([[down], heights, [down]])
        outline = QPolygonF([QPointF(x, y) for x, y in zip(edges.tolist(), levels.tolist(), strict=True)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(rgb, _FILL_ALPHA))
        painter.drawPolygon(outline)
        draw_curve(painter, outline, rgb)

    def _paint_margin(self, painter: QPainter, content: AngleContent) -> None:
        if content.margin is None or not content.own.count:
            return
        across, right, _, down = self.scale_and_shift()
        start, end = (
            math.degrees(angle) * across + right
            for angle in (content.own.mean, content.own.mean + content.margin)
        )
        theme = self.plot.theme
        ground = mix(theme.plot, theme.muted, 0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hatching(ground, mix(ground, theme.muted, 0.35)))
        top = self.plot.note_room()
        painter.drawRect(QRectF(start, top, end - start, down - top))

    def _paint_notes(self, painter: QPainter, texts: list[Note]) -> None:
        """Write each note in the lowest row where it has room, in the order of the angles."""
        across, right, _, down = self.scale_and_shift()
        metrics = QFontMetricsF(painter.font())
        area, line = self.boundingRect(), metrics.height() + 4
        taken: list[QRectF] = []
        for note in sorted(texts, key=lambda note: note.at):
            x = note.at * across + right
            width = metrics.horizontalAdvance(note.text) + 8
            left = min(max(x - width / 2, area.left()), max(area.left(), area.right() - width))
            row = QRectF(left, self.plot.note_room() - line, width, line)
            while row.top() > 0 and any(row.intersects(other) for other in taken):
                row.translate(0, -line)
            taken.append(row)
            if note.line is not None:
                painter.setPen(pen(note.rgb, 1.2, note.line))
                painter.drawLine(QPointF(x, row.bottom()), QPointF(x, down))
        for note, row in zip(sorted(texts, key=lambda note: note.at), taken, strict=True):
            painter.fillRect(row.adjusted(1, 1, -1, -1), color(self.plot.theme.plot))
            painter.setPen(pen(mix(note.rgb, self.plot.theme.text, 0.35)))
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, note.text)


def notes(content: AngleContent, theme: Theme) -> list[Note]:
    """Return what is written over the histograms."""
    singular = content.kind.removesuffix("s")
    result = []
    for summary, name, rgb in (
        (content.own, f"own {singular}", theme.accent),
        (content.other, "nearest other", theme.warning),
    ):
        if summary.count:
            mean, deviation = math.degrees(summary.mean), math.degrees(summary.deviation)
            result.append(Note(mean, f"{name} {mean:.1f}° ± {deviation:.1f}°", rgb))
    if content.own.count:
        most, mean = math.degrees(content.own.percentile_95), math.degrees(content.own.mean)
        result.append(Note(most, f"95% within {most:.1f}°", theme.accent, Qt.PenStyle.DashLine))
        if content.margin is not None:
            margin = math.degrees(content.margin)
            result.append(Note(mean + margin / 2, f"margin {margin:.1f}°", theme.muted, None))
    return result


def _extent(shares: NDArray[np.float64]) -> float:
    """Return the angle in degrees that nearly all stay within."""
    total = shares.cumsum()
    return float((np.searchsorted(total, _NEARLY_ALL * total[-1]) + 1) * _WIDTH) if total[-1] else 0.0
