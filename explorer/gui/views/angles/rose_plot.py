"""RosePlot: circular histogram of the directions of the features of each class."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.analysis.distinct import distinct
from explorer.analysis.frames.references import Reference
from explorer.analysis.plane.geometry import FULL_TURN
from explorer.analysis.statistics.rose import SECTORS, Rose
from explorer.core.texts import _
from explorer.gui.faults import guarded
from explorer.gui.plots.marks.cached import Tag, draw_tags
from explorer.gui.plots.marks.placing import keep_apart, points_of
from explorer.gui.plots.ranges import settle
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.theme.tooltips import wrapped

_SECTOR = 360.0 / SECTORS
_RINGS = (0.5, 1.0)
_TICK, _RUG = 7.0, 6.0


class RoseContent(Struct, frozen=True, eq=False):
    """Feature ``counts`` (C, SECTORS), the ``reference`` directions, and the selected features (k, 2).

    ``names`` (C,) are those of the classes for little room.
    """

    counts: Rose
    reference: Reference
    chosen: NDArray[np.float32]
    names: tuple[str, ...]


class RosePlot(QWidget):
    """Stacked sectors of all classes; the area of a sector is proportional to its number of images.

    The radius is therefore proportional to the square root of the number. Class weights, or means, are ticks
    with the class label beside them; selected images are short ticks inside the circle.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.content: RoseContent | None = None
        self.most = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setToolTip(
            wrapped(
                _(
                    "Feature directions in 3° sectors. A sector's area is proportional to its number of "
                    "images. Long ticks are the class weights or means."
                )
            )
        )

    def sizeHint(self) -> QSize:
        """Return the usual size."""
        return QSize(320, 320)

    def reset_view(self) -> None:
        """Reset the scale, so that the next content determines it."""
        self.most = 0.0

    def show_content(self, content: RoseContent, theme: Theme) -> None:
        """Show a content; the scale changes in steps, so that frames stay comparable."""
        self.content, self.theme = content, theme
        total = max(1, int(content.counts.sum()))
        self.most = settle(self.most, float(content.counts.sum(axis=0).max()) / total)
        self.setAccessibleName(_("Directions of {count:,} images").format(count=int(content.counts.sum())))
        self.update()

    def circle(self) -> tuple[QPointF, float]:
        """Return centre and radius of the circle of the largest sector."""
        line = QFontMetricsF(scaled_font(self.font(), SMALL_TYPE)).height()
        room = min(self.width(), self.height() - line) / 2 - _TICK - 1.7 * line
        return QPointF(self.width() / 2, (self.height() - line) / 2), max(room, 8.0)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint circle, sectors, ticks and labels."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self.theme.plot))
        if self.content is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        self._paint_circle(painter)
        self._paint_sectors(painter, self.content.counts)
        self._paint_chosen(painter, self.content.chosen)
        self._paint_reference(painter, self.content.reference, self.content.names)

    def _paint_circle(self, painter: QPainter) -> None:
        centre, radius = self.circle()
        theme = self.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(theme.line))
        for fraction in _RINGS:
            ring = radius * math.sqrt(fraction)
            painter.drawEllipse(centre, ring, ring)
        painter.drawLine(centre - QPointF(radius, 0), centre + QPointF(radius, 0))
        painter.drawLine(centre - QPointF(0, radius), centre + QPointF(0, radius))
        painter.setPen(pen(theme.muted))
        metrics = QFontMetricsF(painter.font())
        inner, outer = (100 * self.most * fraction for fraction in _RINGS)
        text = _("Rings: {inner:.3g}% and {outer:.3g}% (images per {degrees:g}°)").format(
            inner=inner, outer=outer, degrees=_SECTOR
        )
        place = QRectF(4, self.height() - metrics.height() - 2, self.width() - 8, metrics.height())
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, elided)

    def _paint_sectors(self, painter: QPainter, counts: Rose) -> None:
        total = int(counts.sum())
        if not total:
            return
        centre, radius = self.circle()
        reach = radius * np.sqrt(np.cumsum(counts, axis=0) / (total * self.most))
        for label in np.flatnonzero(counts.any(axis=1)).tolist():
            path = QPainterPath()
            for sector in np.flatnonzero(counts[label]).tolist():
                inner = float(reach[label - 1, sector]) if label else 0.0
                _add_sector(path, centre, inner, float(reach[label, sector]), sector * _SECTOR)
            rgb = self.theme.class_color(label)
            painter.setPen(pen(mix(rgb, self.theme.text, 0.3), 0.8))
            painter.setBrush(color(rgb))
            painter.drawPath(path)

    def _paint_chosen(self, painter: QPainter, features: NDArray[np.float32]) -> None:
        """Draw a tick at every degree that has a selected image."""
        centre, radius = self.circle()
        turns = np.arctan2(features[:, 1], features[:, 0])
        painter.setPen(pen(self.theme.text, 1.4))
        for degree in distinct(np.round(np.degrees(turns))).tolist():
            painter.drawLine(_on(centre, radius - _RUG, degree), _on(centre, radius, degree))

    def _paint_reference(self, painter: QPainter, reference: Reference, names: Sequence[str]) -> None:
        known = np.isfinite(reference.rows).all(axis=1) & reference.rows.any(axis=1)
        if not known.any():
            return
        centre, radius = self.circle()
        rows, labels = reference.rows[known], reference.labels[known].tolist()
        degrees = np.degrees(np.arctan2(rows[:, 1], rows[:, 0])).tolist()
        height = QFontMetricsF(painter.font()).height() + 2
        every = math.ceil(len(labels) * height / (FULL_TURN * radius))
        ends = [_on(centre, radius + _TICK + height / 2, degree) for degree in degrees[::every]]
        places = keep_apart(np.array([(end.x(), end.y()) for end in ends]), height)
        for label, degree in zip(labels, degrees, strict=True):
            painter.setPen(pen(mix(self.theme.class_color(label), self.theme.text, 0.35), 2.4))
            painter.drawLine(_on(centre, radius, degree), _on(centre, radius + _TICK, degree))
        shown = zip(labels[::every], points_of(places), strict=True)
        tags = (
            Tag(self._within(at, names[each]), names[each], self.theme.class_color(each), self.theme.plot)
            for each, at in shown
        )
        draw_tags(painter, tags)

    def _within(self, at: QPointF, text: str) -> QPointF:
        """Return the place nearest to this one at which the tag of a class is seen in whole."""
        half = QFontMetricsF(scaled_font(self.font(), SMALL_TYPE)).horizontalAdvance(text) / 2 + 7
        return QPointF(max(half, min(at.x(), self.width() - half)), at.y())


def _on(centre: QPointF, radius: float, degree: float) -> QPointF:
    """Return the point of a circle in a direction, anticlockwise from the right."""
    turn = math.radians(degree)
    return centre + QPointF(radius * math.cos(turn), -radius * math.sin(turn))


def _add_sector(path: QPainterPath, centre: QPointF, inner: float, outer: float, start: float) -> None:
    """Add the part of a sector between two radii as a polygon: an arc of 3° is nearly straight."""
    path.moveTo(_on(centre, inner, start))
    path.lineTo(_on(centre, outer, start))
    path.lineTo(_on(centre, outer, start + _SECTOR))
    path.lineTo(_on(centre, inner, start + _SECTOR))
    path.closeSubpath()
