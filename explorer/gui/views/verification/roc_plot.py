"""RocPlot: the true accept rate against the false accept rate, with the rates that are usually given."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.verification.distances import Distances
from explorer.analysis.verification.roc import FALSE_ACCEPTS, outcomes
from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.curve_plot import Curve, CurvePlot
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, color, pen, scaled_font
from explorer.gui.theme.theme import Rgb, Theme, mix
from explorer.gui.views.verification.content import VerificationContent

_TOP, _ROOM = 1.04, 0.03
"""Upper end of the axis, and the fraction of the other axis that is left free for the labels of its ends."""
_CHANCE_POINTS, _CHANCE_LABEL = 200, 0.35
_RADIUS = 4.0


class Point(Struct, frozen=True):
    """A point of the curve with a label; ``low`` and ``high`` are the ends of an interval, None for none."""

    far: float
    tar: float
    text: str
    rgb: Rgb
    interval: tuple[float, float] | None = None


class RocPlot(CurvePlot):
    """The curve of a `VerificationContent`; the axis of false accepts is logarithmic or not.

    A logarithmic axis begins at the power of ten below one pair, where points without false accepts are.
    """

    bottom_lines = 2.2

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, x=_("false accept rate (FAR)"), y=_("TAR"))
        self.keyed = False
        self.points: list[Point] = []
        self.complaint = ""
        self._lowest: float | None = None
        self.setAccessibleName(_("Receiver operating characteristic"))
        self._marks = RocMarks(self)

    def show_content(
        self, content: VerificationContent, threshold: float, theme: Theme, *, logarithmic: bool
    ) -> None:
        """Show the curve of a content, and the operating point of a threshold."""
        found, roc = content.found, content.found.roc
        lowest = -math.ceil(math.log10(max(10, len(found.different.pairs)))) if logarithmic else None
        if lowest != self._lowest:
            self._lowest = lowest
            self.reset_view()
            self.axes["bottom"].setTicks(
                None if lowest is None else [[(k, f"{10.0**k:g}") for k in range(lowest, 1)]]
            )
        self.complaint = "" if roc is not None else _("No pairs to compare.")
        curves: list[Curve] = []
        self.points = []
        if roc is not None:
            far, tar = content.curve
            chance = np.linspace(0, 1, _CHANCE_POINTS)
            if lowest is not None:
                chance = np.logspace(lowest, 0, _CHANCE_POINTS)
            curves = [
                Curve(self.place(far), tar, "", theme.accent, Qt.PenStyle.SolidLine),
                Curve(self.place(chance), chance, "", theme.muted, Qt.PenStyle.DashLine),
            ]
            self.points = _points(content, threshold, theme)
        start, end = (0.0, 1.0) if lowest is None else (float(lowest), 0.0)
        room = _ROOM * (end - start)
        self.show_curves(curves, theme, (start - room, end + room), (0.0, _TOP))

    def place(self, far: Distances) -> Distances:
        """Return where false accept rates are on the axis."""
        if self._lowest is None:
            return far
        places: Distances = np.log10(np.maximum(far, 10.0**self._lowest))
        return places

    def far_at(self, place: float) -> float:
        """Return the false accept rate at a place on the axis."""
        return place if self._lowest is None else 10.0**place


class RocMarks(PixelItem):
    """Paints the points of a `RocPlot`, their intervals and labels."""

    def __init__(self, plot: RocPlot) -> None:
        super().__init__(plot, z=10)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint intervals below points, and labels where there is room."""
        plot, theme, area = self.plot, self.plot.theme, self.boundingRect()
        painter.setFont(scaled_font(plot.font(), SMALL_TYPE))
        if plot.complaint:
            painter.setPen(pen(theme.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, plot.complaint)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across, right, up, down = self.scale_and_shift()
        chance = float(plot.place(np.array([_CHANCE_LABEL]))[0]) * across + right
        place = QRectF(0, _CHANCE_LABEL * up + down - area.height(), chance - 4, area.height())
        painter.setPen(pen(theme.muted))
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(place, corner, _("chance"))
        taken = [painter.boundingRect(place, corner, _("chance"))]
        for point in plot.points:
            x = float(plot.place(np.array([point.far]))[0]) * across + right
            y = point.tar * up + down
            if point.interval is not None:
                painter.setPen(pen(point.rgb, 1.4))
                low, high = (end * up + down for end in point.interval)
                painter.drawLine(QPointF(x, low), QPointF(x, high))
            painter.setPen(pen(theme.plot, 1.0))
            painter.setBrush(color(point.rgb))
            painter.drawEllipse(QPointF(x, y), _RADIUS, _RADIUS)
            self._write(painter, point, QPointF(x, y), area, taken)

    def _write(self, painter: QPainter, point: Point, at: QPointF, area: QRectF, taken: list[QRectF]) -> None:
        """Write a label below its point and to the right, where the curve is not, or below other labels.

        Where chance, on a logarithmic axis, is so near, it is above and to the left, or beside others there.
        """
        if not point.text:
            return
        metrics = QFontMetricsF(painter.font())
        width, height = metrics.horizontalAdvance(point.text) + 6, metrics.height()
        if self._chance(min(at.x() + _RADIUS + width, area.right())) < at.y() + _RADIUS + height:
            top = max(area.top(), at.y() - _RADIUS - height)
            place = QRectF(at.x() - _RADIUS - width, top, width, height)
            for other in taken:
                if place.intersects(other):
                    place.moveRight(other.left() - 1)
            if place.left() >= area.left():
                self._draw(painter, point, place, taken)
            return
        left = max(area.left(), min(at.x() + _RADIUS, area.right() - width))
        place = QRectF(left, at.y() + _RADIUS, width, height)
        while place.bottom() < area.bottom() and any(place.intersects(other) for other in taken):
            place.translate(0, height)
        if place.bottom() <= area.bottom():
            self._draw(painter, point, place, taken)

    def _chance(self, x: float) -> float:
        """Return how far down the curve of chance is at a pixel."""
        across, right, up, down = self.scale_and_shift()
        return self.plot.far_at((x - right) / across) * up + down

    def _draw(self, painter: QPainter, point: Point, place: QRectF, taken: list[QRectF]) -> None:
        taken.append(place)
        painter.setPen(pen(mix(point.rgb, self.plot.theme.text, 0.35)))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, point.text)


def _points(content: VerificationContent, threshold: float, theme: Theme) -> list[Point]:
    """Return the threshold, equal errors, and the rates at `FALSE_ACCEPTS`, the most important first."""
    found = content.found
    counts = outcomes(found.same.distances, found.different.distances, threshold)
    result = [
        Point(
            counts.false_accepts / len(found.different.pairs),
            counts.true_accepts / len(found.same.pairs),
            _("threshold"),
            theme.text,
        )
    ]
    if found.equal is not None:
        rate = found.equal.rate
        result.append(Point(rate, 1 - rate, _("EER {rate}").format(rate=f"{rate:.2%}"), theme.warning))
    result += [
        Point(far, rate.value, "", theme.accent, (rate.low, rate.high))
        for far, rate in zip(FALSE_ACCEPTS, found.accepts, strict=True)
        if not math.isnan(rate.value)
    ]
    return result
