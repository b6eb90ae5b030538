"""AngleStatistics: below the histograms, a row of numbers for test, training and selected images."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.analysis.statistics.angle_distribution import AngleDistribution
from explorer.analysis.statistics.angles import AngleSummary
from explorer.core.texts import N_, _
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.faults import guarded
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.angles.content import AngleContent

_MARGIN = 10
_SWATCH = 9


class Column(Struct, frozen=True):
    """A column of the table.

    ``title`` and ``help`` are message ids, ``text`` returns the number of a row, and ``widest`` is the widest
    such text.
    """

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


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"


COLUMNS = (
    Column(
        N_("true (°)"),
        N_("Angle to the true class weight (or mean), in degrees: mean ± s.d."),
        lambda found: _mean(found.own),
        "88.8±88.8",
    ),
    Column(
        N_("95%"),
        N_("95th percentile of the angle to the true class, in degrees"),
        lambda found: _most(found.own),
        "88.8",
    ),
    Column(
        N_("other (°)"),
        N_("Angle to the nearest other class weight (or mean), in degrees: mean ± s.d."),
        lambda found: _mean(found.other),
        "88.8±88.8",
    ),
    Column(
        N_("95%"),
        N_("95th percentile of the angle to the nearest other class, in degrees"),
        lambda found: _most(found.other),
        "88.8",
    ),
    Column(
        N_("overlap"),
        N_(
            "Overlap coefficient of the two histograms: the sum over 1° bins of the smaller fraction; "
            "0% = separate, 100% = identical"
        ),
        lambda found: _percent(found.overlap),
        "88.8%",
    ),
    Column(
        N_("θ error"),
        N_("Images closer in angle to another class (misclassified by angle alone)"),
        lambda found: _percent(found.nearer_other),
        "88.8%",
    ),
)
_LEFT_OUT = tuple(COLUMNS[number] for number in (3, 4, 1))
"""Columns that are dropped first, in this order, where not all fit."""
_LEAST_GAP = 4.0


class Row(Struct, frozen=True):
    """A row of the table: message ids of its name, painted and read out, with images and without any."""

    key: Literal["test", "train", "selected"]
    counted: str
    none: str
    spoken: str
    spoken_none: str


_ROWS = (
    Row(
        "test",
        counted=N_("{count:,} test"),
        none=N_("no test"),
        spoken=N_("{count:,} test images: {numbers}"),
        spoken_none=N_("no test images"),
    ),
    Row(
        "train",
        counted=N_("{count:,} train"),
        none=N_("no train"),
        spoken=N_("{count:,} training images: {numbers}"),
        spoken_none=N_("no training images"),
    ),
    Row(
        "selected",
        counted=N_("{count:,} selected"),
        none=N_("none selected"),
        spoken=N_("{count:,} selected images: {numbers}"),
        spoken_none=N_("no selected images"),
    ),
)


class AngleStatistics(QWidget):
    """A table of numbers for test, training and selected images, with the key to how each is drawn."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.rows: tuple[AngleDistribution | None, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        TableCopier(self, N_("Copy numbers"), AngleStatistics.content_text)

    def content_text(self) -> str:
        """Return all columns as text, also those for which there is no room."""
        names = (
            _(row.none) if found is None else _(row.counted).format(count=_count(found))
            for row, found in zip(_ROWS, self.rows, strict=False)
        )
        cells = ([_text(column, found) for column in COLUMNS] for found in self.rows)
        titles = ["", *(_(column.title) for column in COLUMNS)]
        return lines_of([titles, *([name, *row] for name, row in zip(names, cells, strict=True))])

    def show_content(self, content: AngleContent, theme: Theme) -> None:
        """Show the statistics of a content."""
        self.theme = theme
        self.rows = (
            content.test.found if content.test else None,
            content.train.found if content.train else None,
            content.chosen.found,
        )
        self.setAccessibleName("; ".join(map(_in_words, _ROWS, self.rows)))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the usual width, and the height of all rows."""
        return QSize(340, round(self._metrics().height() * (len(_ROWS) + 1)) + 8)

    def minimumSizeHint(self) -> QSize:
        """Return the height of all rows and no width: columns are dropped where they do not fit."""
        return QSize(0, self.sizeHint().height())

    def text_at(self, at: QPointF) -> str:
        """Return the help of the column at a position."""
        columns, ends = self._columns()
        number = sum(at.x() > end for end in ends)
        return _(columns[number - 1].help) if 0 < number <= len(columns) else ""

    def event(self, event: QEvent) -> bool:
        """Show the help of the column under the pointer as a tooltip."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), wrapped(self.text_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint key and numbers."""
        painter, theme = QPainter(self), self.theme
        painter.fillRect(self.rect(), color(theme.plot))
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        line, (columns, ends) = self._metrics().height(), self._columns()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for number, (row, found) in enumerate(zip(_ROWS, self.rows, strict=True), start=1):
            place = QRectF(_MARGIN, 3 + number * line, ends[0] - _MARGIN, line)
            self._paint_key(painter, row, place)
            painter.setPen(pen(theme.muted))
            text = _(row.none) if found is None else _(row.counted).format(count=_count(found))
            painter.drawText(place.adjusted(_SWATCH + 5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        for number, column in enumerate(columns):
            place = QRectF(ends[number], 3, ends[number + 1] - ends[number], line)
            painter.setPen(pen(theme.muted))
            painter.drawText(place, right, _(column.title))
            painter.setPen(pen(theme.text))
            for below, found in enumerate(self.rows, start=1):
                painter.drawText(place.translated(0, below * line), right, _text(column, found))

    def _columns(self) -> tuple[list[Column], list[float]]:
        """Return the columns that fit, and the X positions where the names and each column end."""
        metrics, columns = self._metrics(), list(COLUMNS)
        widest = [_(row.counted).format(count=888 if row.key == "selected" else 8888) for row in _ROWS]
        names = max(map(metrics.horizontalAdvance, widest))
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
        texts = (_(column.title), column.widest, *(_text(column, found) for found in self.rows))
        return max(metrics.horizontalAdvance(text) for text in texts)

    def _paint_key(self, painter: QPainter, row: Row, place: QRectF) -> None:
        """Paint a sample of how images are drawn: filled, as an outline, or as a tick."""
        theme = self.theme
        box = QRectF(place.left(), place.center().y() - _SWATCH / 2, _SWATCH, _SWATCH)
        if row.key == "selected":
            painter.setPen(pen(mix(theme.accent, theme.text, 0.6), 1.6))
            painter.drawLine(QPointF(box.center().x(), box.top()), QPointF(box.center().x(), box.bottom()))
            return
        painter.setPen(pen(mix(theme.accent, theme.text, 0.0 if row.key == "test" else 0.4), 1.4))
        painter.setBrush(color(theme.accent, 90) if row.key == "test" else Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(scaled_font(self.font(), SMALL_TYPE))


def _count(found: AngleDistribution) -> int:
    return max(found.own.count, found.other.count)


def _text(column: Column, found: AngleDistribution | None) -> str:
    return "–" if found is None else column.text(found)


def _in_words(row: Row, found: AngleDistribution | None) -> str:
    if found is None:
        return _(row.spoken_none)
    numbers = ", ".join(f"{_(column.title)} {column.text(found)}" for column in COLUMNS)
    return _(row.spoken).format(count=_count(found), numbers=numbers)
