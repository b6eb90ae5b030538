"""AngleStatistics: under the histograms, a line of numbers for test, training and selected images."""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.analysis.statistics.angle_distribution import AngleDistribution
from explorer.analysis.statistics.angles import AngleSummary
from explorer.gui.faults import guarded
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.angles.content import AngleContent

_MARGIN = 10
_SWATCH = 9


class Column(Struct, frozen=True):
    """A column of the table: its title, what it means, its number in words, and the widest of those."""

    title: str
    help: str
    text: Callable[[AngleDistribution], str]
    widest: str


def _mean(summary: AngleSummary) -> str:
    if not summary.count:
        return "–"
    return f"{math.degrees(summary.mean):.1f}±{math.degrees(summary.deviation):.1f}"


def _most(summary: AngleSummary) -> str:
    return f"{math.degrees(summary.percentile_95):.1f}" if summary.count else "–"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"


COLUMNS = (
    Column(
        "own θ (°)",
        "θ_y, the angle to the own class weight, or mean, in degrees: mean ± standard deviation",
        lambda found: _mean(found.own),
        "88.8±88.8",
    ),
    Column(
        "95%",
        "95th percentile of θ_y in degrees: 95% of the images are no farther from their class",
        lambda found: _most(found.own),
        "88.8",
    ),
    Column(
        "other (°)",
        "Angle to the nearest other class weight, or mean, in degrees: mean ± standard deviation",
        lambda found: _mean(found.other),
        "88.8±88.8",
    ),
    Column(
        "95%",
        "95th percentile of the angle to the nearest other, in degrees",
        lambda found: _most(found.other),
        "88.8",
    ),
    Column(
        "overlap",
        "Overlap coefficient of the two histograms: the sum over bins of 1° of the smaller of both shares; "
        "0% where they are apart, 100% where they are alike",
        lambda found: _share(found.overlap),
        "88.8%",
    ),
    Column(
        "wrong",
        "Share of the images with a smaller angle to another class than to their own: those that the angle "
        "alone puts in a wrong class",
        lambda found: _share(found.nearer_other),
        "88.8%",
    ),
)
_LEFT_OUT = tuple(COLUMNS[number] for number in (1, 3, 4))
"""Columns that go first, in this order, where there is not room for all."""
_LEAST_GAP = 4.0
_NAMES = ("test", "train", "selected")


class AngleStatistics(QWidget):
    """Numbers of test, training and selected images, and the key to how each is drawn."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.rows: tuple[AngleDistribution | None, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_content(self, content: AngleContent, theme: Theme) -> None:
        """Show the numbers of these images."""
        self.theme = theme
        self.rows = (
            content.test.found if content.test else None,
            content.train.found if content.train else None,
            content.chosen.found,
        )
        self.setAccessibleName("; ".join(map(_in_words, _NAMES, self.rows)))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of all lines."""
        return QSize(340, round(self._metrics().height() * (len(_NAMES) + 1)) + 8)

    def minimumSizeHint(self) -> QSize:
        """Return the height of all lines, whatever the width."""
        return QSize(0, self.sizeHint().height())

    def text_at(self, at: QPointF) -> str:
        """Return the meaning of the column at a place."""
        columns, ends = self._columns()
        number = sum(at.x() > end for end in ends)
        return columns[number - 1].help if 0 < number <= len(columns) else ""

    def event(self, event: QEvent) -> bool:
        """Explain the column under the pointer."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.text_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw key and numbers."""
        painter, theme = QPainter(self), self.theme
        painter.fillRect(self.rect(), color(theme.plot))
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        line, (columns, ends) = self._metrics().height(), self._columns()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for number, (name, found) in enumerate(zip(_NAMES, self.rows, strict=True), start=1):
            place = QRectF(_MARGIN, 3 + number * line, ends[0] - _MARGIN, line)
            self._paint_key(painter, name, place)
            painter.setPen(pen(theme.muted))
            text = f"{_count(found)} {name}"
            painter.drawText(place.adjusted(_SWATCH + 5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        for number, column in enumerate(columns):
            place = QRectF(ends[number], 3, ends[number + 1] - ends[number], line)
            painter.setPen(pen(theme.muted))
            painter.drawText(place, right, column.title)
            painter.setPen(pen(theme.text))
            for row, found in enumerate(self.rows, start=1):
                painter.drawText(place.translated(0, row * line), right, _text(column, found))

    def _columns(self) -> tuple[list[Column], list[float]]:
        """Return the columns that there is room for; where the names end, and where each of them does."""
        metrics, columns = self._metrics(), list(COLUMNS)
        names = max(metrics.horizontalAdvance(text) for text in ("8,888 train", "888 selected"))
        names += _MARGIN + _SWATCH + 5
        widths = {column: self._width(column, metrics) for column in columns}
        room = self.width() - _MARGIN - names
        for column in _LEFT_OUT:
            if sum(widths[column] + _LEAST_GAP for column in columns) > room:
                columns.remove(column)
        gap = (room - sum(widths[column] for column in columns)) / len(columns)
        ends = [names]
        for column in columns:
            ends.append(ends[-1] + widths[column] + gap)
        return columns, ends

    def _width(self, column: Column, metrics: QFontMetricsF) -> float:
        texts = (column.title, column.widest, *(_text(column, found) for found in self.rows))
        return max(metrics.horizontalAdvance(text) for text in texts)

    def _paint_key(self, painter: QPainter, name: str, place: QRectF) -> None:
        """Draw how images are drawn: filled, as an outline, or as a tick."""
        theme = self.theme
        box = QRectF(place.left(), place.center().y() - _SWATCH / 2, _SWATCH, _SWATCH)
        if name == "selected":
            painter.setPen(pen(mix(theme.accent, theme.text, 0.6), 1.6))
            painter.drawLine(QPointF(box.center().x(), box.top()), QPointF(box.center().x(), box.bottom()))
            return
        painter.setPen(pen(mix(theme.accent, theme.text, 0.0 if name == "test" else 0.4), 1.4))
        painter.setBrush(color(theme.accent, 90) if name == "test" else Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(scaled_font(self.font(), SMALL_TYPE))


def _count(found: AngleDistribution | None) -> str:
    return "no" if found is None else f"{max(found.own.count, found.other.count):,}"


def _text(column: Column, found: AngleDistribution | None) -> str:
    return "–" if found is None else column.text(found)


def _in_words(name: str, found: AngleDistribution | None) -> str:
    if found is None:
        return f"no {name} images"
    numbers = ", ".join(f"{column.title} {column.text(found)}" for column in COLUMNS)
    return f"{_count(found)} {name} images: {numbers}"
