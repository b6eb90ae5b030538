"""CostChart: time and memory of a step of each loss against the number of classes, both on log scales."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from explorer.core.losses.catalog import LOSSES
from explorer.core.texts import _
from explorer.gui.faults import guarded
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Rgb, Theme

_SIZE = QSize(1320, 760)
_HEAD, _FOOT = 84, 44
_AXIS, _LABELS, _LEADER = 62, 150, 26
_DOT = 2.6


class CostCurve(Struct, frozen=True):
    """The cost of a step of a loss by number of classes: ``points`` are (classes, cost), both positive."""

    loss: str
    points: tuple[tuple[float, float], ...]


class CostPanel(Struct, frozen=True):
    """A panel of curves; ``unit`` is that of the costs."""

    title: str
    unit: str
    curves: tuple[CostCurve, ...]


class CostChart(QWidget):
    """Panels side by side; lines in the colour of the loss' family, with its name at their right end.

    Parameters
    ----------
    panels : sequence of CostPanel
        Each has at least one curve.
    caption : str
        What was measured, in one line.
    """

    def __init__(self, theme: Theme, panels: Sequence[CostPanel], caption: str) -> None:
        super().__init__()
        self.theme = theme
        self.panels = tuple(panels)
        self._caption = caption
        families = dict.fromkeys(spec.family for spec in LOSSES.values())
        self._colors = {family: theme.class_color(place) for place, family in enumerate(families)}
        self.setAccessibleName(caption)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return a size at which every name is legible."""
        return _SIZE

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the panels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), color(self.theme.plot))
        painter.setPen(pen(self.theme.text))
        painter.setFont(scaled_font(self.font(), 1.15, bold=True))
        painter.drawText(QRectF(14, 8, self.width() - 28, 24), self._caption)
        self._paint_families(painter)
        width = self.width() / len(self.panels)
        for place, panel in enumerate(self.panels):
            area = QRectF(
                place * width + _AXIS, _HEAD, width - _AXIS - _LABELS, self.height() - _HEAD - _FOOT
            )
            self._paint_panel(painter, panel, area)

    def _paint_families(self, painter: QPainter) -> None:
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        metrics = QFontMetricsF(painter.font())
        x = 14.0
        for family, rgb in self._colors.items():
            painter.fillRect(QRectF(x, 43, 14, 4), color(rgb))
            painter.setPen(pen(self.theme.muted))
            painter.drawText(QPointF(x + 19, 50), family)
            x += 35 + metrics.horizontalAdvance(family)

    def _paint_panel(self, painter: QPainter, panel: CostPanel, area: QRectF) -> None:
        across = _decades([x for curve in panel.curves for x, _ in curve.points])
        up = _decades([y for curve in panel.curves for _, y in curve.points])
        self._paint_grid(painter, panel, area, across, up)

        def place(point: tuple[float, float]) -> QPointF:
            x, y = (math.log10(value) for value in point)
            return QPointF(
                area.left() + area.width() * (x - across[0]) / (across[-1] - across[0]),
                area.bottom() - area.height() * (y - up[0]) / (up[-1] - up[0]),
            )

        ends: dict[str, QPointF] = {}
        for curve in panel.curves:
            line = [place(point) for point in curve.points]
            rgb = self._color(curve.loss)
            painter.setPen(pen(rgb, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(line))
            painter.setBrush(color(rgb))
            for point in line:
                painter.drawEllipse(point, _DOT, _DOT)
            ends[curve.loss] = line[-1]
        self._paint_names(painter, area, ends)

    def _paint_grid(
        self, painter: QPainter, panel: CostPanel, area: QRectF, across: range, up: range
    ) -> None:
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        for power in across:
            x = area.left() + area.width() * (power - across[0]) / (across[-1] - across[0])
            painter.setPen(pen(self.theme.line))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(pen(self.theme.muted))
            at = QRectF(x - 40, area.bottom() + 4, 80, 16)
            painter.drawText(at, Qt.AlignmentFlag.AlignHCenter, f"{10**power:,}")
        for power in up:
            y = area.bottom() - area.height() * (power - up[0]) / (up[-1] - up[0])
            painter.setPen(pen(self.theme.line))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(pen(self.theme.muted))
            at = QRectF(area.left() - _AXIS, y - 9, _AXIS - 6, 18)
            centred = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(at, centred, f"{10.0**power:,g}")
        foot = QRectF(area.left(), area.bottom() + 22, area.width(), 18)
        painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter, _("number of classes"))
        painter.setPen(pen(self.theme.text))
        head = QPointF(area.left(), area.top() - 6)
        painter.drawText(head, _("{title} ({unit})").format(title=panel.title, unit=panel.unit))

    def _paint_names(self, painter: QPainter, area: QRectF, ends: Mapping[str, QPointF]) -> None:
        """Write the names in a column, each as close as possible to the height of the end of its line."""
        painter.setFont(scaled_font(self.font(), 0.85))
        height = min(QFontMetricsF(painter.font()).height(), area.height() / max(1, len(ends)))
        names = sorted(ends, key=lambda name: ends[name].y())
        heights = spread_out([ends[name].y() for name in names], height, area.top(), area.bottom())
        column = area.right() + _LEADER
        for name, y in zip(names, heights, strict=True):
            rgb = self._color(name)
            painter.setPen(pen(rgb, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(ends[name] + QPointF(4, 0), QPointF(column - 3, y))
            painter.setPen(pen(self.theme.text))
            painter.drawText(
                QRectF(column, y - 10, _LABELS - _LEADER, 20), Qt.AlignmentFlag.AlignVCenter, name
            )

    def _color(self, loss: str) -> Rgb:
        return self._colors[LOSSES[loss].family]


def spread_out(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Return positions from ``low`` to ``high``, at least ``apart`` from one another, close to ``wanted``.

    ``wanted`` is ascending; crowded positions are spread around their mean (pool adjacent violators).
    """
    groups: list[tuple[float, int]] = []
    for place, value in enumerate(wanted):
        mean, count = value - place * apart, 1
        while groups and groups[-1][0] >= mean:
            other, others = groups.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        groups.append((mean, count))
    free = np.repeat([mean for mean, _ in groups], [count for _, count in groups])
    places = np.clip(free, low, high - apart * max(0, len(wanted) - 1)) + apart * np.arange(len(wanted))
    return [float(place) for place in places]


def _decades(values: Sequence[float]) -> range:
    """Return the exponents of the powers of ten around ``values``, at least two."""
    first = math.floor(math.log10(min(values)) + 1e-9)
    last = math.ceil(math.log10(max(values)) - 1e-9)
    return range(first, max(last, first + 1) + 1)
