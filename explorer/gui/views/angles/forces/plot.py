"""ForcePlot: points for the forces on images, and their medians as curves, over the angle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.forces.force_lengths import ForceLengths, medians
from explorer.analysis.median import quantile
from explorer.analysis.raster.colouring import packed
from explorer.core.texts import N_, _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.curve_plot import Curve, CurvePlot
from explorer.gui.plots.marks.hatching import hatching
from explorer.gui.plots.ranges import ANGLE_LIMITS, settle
from explorer.gui.plots.splat import SplatItem
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, color, pen, scaled_font
from explorer.gui.state.forces import Part, part_color
from explorer.gui.theme.theme import Theme, mix

_RADIUS, _PALE = 1.5, 0.55
_INSET = 4.0
_PARTS_OF_SIDE = 17
"""Places that are looked at between two medians."""
_PLACES_OF_KEY = (0.0, 1.0, 0.25, 0.5, 0.75)
"""Parts of the height that the key leaves, above it, in the order of preference."""
_NEARLY_ALL, _MOST = 0.98, 0.95
_PARTS: tuple[tuple[Part, str, Qt.PenStyle], ...] = (
    ("total", N_("total"), Qt.PenStyle.SolidLine),
    ("pull", N_("pull"), Qt.PenStyle.SolidLine),
    ("push", N_("push"), Qt.PenStyle.DashLine),
)


class ForcePlot(CurvePlot):
    """Lengths of forces over the angle to the true class."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, x=_("angle θ to the true class (degrees)"), y=_("length of the force"))
        self.content: ForceLengths | None = None
        self._highest = self._widest = 0.0
        self._place = 0
        self._splat = SplatItem(self)
        self._splat.setZValue(-1)
        self.margin = MarginSpanItem(self)
        self._word = MarginWordItem(self.margin)
        self.setAccessibleName(_("Length of the force against the angle to the true class"))

    def reset_view(self) -> None:
        """Use the limits of the next content."""
        super().reset_view()
        self._highest = self._widest = 0.0

    def show_content(self, content: ForceLengths, theme: Theme) -> None:
        """Show lengths; the axis limits change in steps, and leave out a few that are far above."""
        self.content = content
        curves, points, colors = [], [], []
        for name, text, stroke in _PARTS:
            lengths: NDArray[np.float64] | None = getattr(content, name)
            if lengths is None:
                continue
            rgb = part_color(theme, name)
            curves.append(Curve(*medians(content.degrees, lengths), _(text), rgb, stroke))
            points.append(np.stack([content.degrees, lengths], axis=1))
            colors.append(np.repeat(packed([mix(rgb, theme.plot, _PALE)]), len(lengths)))
        self._fit(points, content)
        self.show_curves(curves, theme, (0.0, self._widest), (0.0, self._highest))
        all_points = np.concatenate(points).astype(np.float32)
        self._splat.set_points(all_points, np.concatenate(colors), _RADIUS)

    def key_room(self, area: QRectF) -> QRectF:
        """Return the room of the key at the side where lines cross it least; it stays there while none does.

        At the left, forces fall where the margin is met; at the right, they rise with the angle. Corners come
        first; what lies between two may be free where lines run along the upper and the lower edge.
        """
        room = QRectF(area.topLeft(), self.key_size(self.curves))
        right, bottom = area.width() - room.width(), area.height() - room.height()
        left = min(max(0.0, self.margin.words_end() - area.left()), right)
        rooms = [room.translated(x, share * bottom) for share in _PLACES_OF_KEY for x in (right, left)]
        lines = [_along(self.curves_item.line(curve)) for curve in self.curves]
        crowded = [sum(_count_inside(line, each) for line in lines) for each in rooms]
        if crowded[self._place]:
            self._place = crowded.index(min(crowded))
        return rooms[self._place]

    def _fit(self, points: list[NDArray[np.float64]], content: ForceLengths) -> None:
        if not len(content.degrees):
            self._widest, self._highest = self._widest or 180.0, self._highest or 1.0
            return
        highest = max(quantile(part[:, 1], _NEARLY_ALL) for part in points)
        self._highest = settle(self._highest, max(highest, 1e-9))
        widest = quantile(content.degrees, _MOST)
        needed = max(widest, 1.1 * content.span[1] if content.span else 0.0, self._widest)
        self._widest = next((rung for rung in ANGLE_LIMITS if rung >= needed), ANGLE_LIMITS[-1])


def _along(line: QPolygonF) -> NDArray[np.float64]:
    """Return places (k, 2) along a line in pixels, closer than any key is wide."""
    corners = np.array([(point.x(), point.y()) for point in line.toList()]).reshape(-1, 2)
    shares = np.linspace(0, 1, _PARTS_OF_SIDE)[:, None, None]
    return np.concatenate([corners, (corners[:-1] + shares * np.diff(corners, axis=0)).reshape(-1, 2)])


def _count_inside(places: NDArray[np.float64], room: QRectF) -> int:
    """Return how many places (k, 2) lie in a rectangle."""
    x, y = places.T
    inside = (x >= room.left()) & (x <= room.right()) & (y >= room.top()) & (y <= room.bottom())
    return int(np.count_nonzero(inside))


class MarginSpanItem(PixelItem):
    """Hatches the angles at which a feature only misses the margin."""

    def __init__(self, plot: ForcePlot) -> None:
        super().__init__(plot, z=-10)
        self.plot = plot

    def words_end(self) -> float:
        """Return the pixel at which the word over the angles ends; without such, the left edge."""
        content, area = self.plot.content, self.boundingRect()
        if content is None or content.span is None:
            return area.left()
        across, right, _up, _down = self.scale_and_shift()
        width = QFontMetricsF(scaled_font(self.plot.font(), SMALL_TYPE)).horizontalAdvance(_("margin"))
        middle = sum(content.span) / 2 * across + right
        return max(middle - width / 2, area.left() + _INSET) + width  # the angles may be few

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the angles and what they are."""
        content, theme, area = self.plot.content, self.plot.theme, self.boundingRect()
        if content is None or content.span is None:
            return
        across, right, _up, _down = self.scale_and_shift()
        left, end = (degrees * across + right for degrees in content.span)
        strip = QRectF(left, area.top(), max(end - left, 1.0), area.height())
        fill = mix(theme.plot, theme.muted, 0.1)
        painter.fillRect(strip, hatching(fill, mix(fill, theme.muted, 0.3)))
        painter.setPen(pen(theme.muted, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(strip.topLeft(), strip.bottomLeft())
        painter.drawLine(strip.topRight(), strip.bottomRight())


class MarginWordItem(PixelItem):
    """Says above points and lines what the hatched angles are."""

    def __init__(self, span: MarginSpanItem) -> None:
        super().__init__(span.plot, z=20)
        self._span, self._plot = span, span.plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Write the word on the background of the plot: a line or a point would cross it out."""
        content, theme = self._plot.content, self._plot.theme
        if content is None or content.span is None:
            return
        painter.setFont(scaled_font(self._plot.font(), SMALL_TYPE))
        metrics, words = QFontMetricsF(painter.font()), _("margin")
        left = self._span.words_end() - metrics.horizontalAdvance(words)
        at = QPointF(left, self.boundingRect().top() + metrics.height())
        painter.fillRect(metrics.boundingRect(words).translated(at).adjusted(-3, -1, 3, 1), color(theme.plot))
        painter.setPen(pen(theme.muted))
        painter.drawText(at, words)
