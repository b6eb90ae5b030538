"""QualityPlot: points over the damage of their images with a line of medians, or over a diagonal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.raster.colouring import packed
from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.point_plot import PointPlot
from explorer.gui.plots.ranges import ANGLE_LIMITS, settle
from explorer.gui.plots.style import PixelItem, color, pen
from explorer.gui.theme.theme import Theme
from explorer.gui.views.quality.content import AXES, QualityContent

_SHARE = 0.995
"""Fraction of the points that the limits of the Y axis contain."""
_ASIDE = 0.03
"""Room beside a strength of 0 and beside the largest one, as a fraction of the axis."""
_DOT = 3.5


class QualityPlot(PointPlot):
    """A drag pans, the wheel zooms, a double click fits the axes to the data again."""

    def __init__(self, theme: Theme) -> None:
        x, y = AXES["length"]
        super().__init__(theme, x=_(x), y=_(y))
        self.content: QualityContent | None = None
        self._top = 0.0
        self._held = False
        self._line = LineItem(self)
        self.box.sigRangeChangedManually.connect(self._on_range_changed_manually)

    def show_content(self, content: QualityContent, theme: Theme) -> None:
        """Show a content; the axes follow the data until they are moved by hand."""
        before, self.content = self.content, content
        x, y = AXES[content.shown]
        labels = {"bottom": _(x), "left": _(y)}
        if theme is not self.theme or labels != self.labels:
            self.labels = labels
            self.apply_theme(theme)
            pattern = _("{vertical} against {horizontal}")
            self.setAccessibleName(pattern.format(vertical=labels["left"], horizontal=labels["bottom"]))
        if before is None or before.shown != content.shown:
            self._top, self._held = 0.0, False
        if not self._held:
            self._fit(content)
        halo = int(packed([theme.text])[0])
        self._splat.set_points(content.points, content.colors, content.point_size, content.chosen, halo)
        self.update_items()

    def reset_view(self) -> None:
        """Fit the axes to the data."""
        self._top, self._held = 0.0, False
        if self.content is not None:
            self._fit(self.content)

    @property
    def look(self) -> Rectangle | None:
        """The range that was chosen by hand, None while the axes follow the data."""
        return self.visible() if self._held else None

    def set_look(self, look: Rectangle) -> None:
        """Show a range, and stay there."""
        self._held = True
        self.show_range((look.left, look.right), (look.bottom, look.top))

    def _fit(self, content: QualityContent) -> None:
        heights = content.points[:, 1]
        rank = max(0, int(_SHARE * len(heights)) - 1)
        needed = float(np.partition(heights, rank)[rank]) if len(heights) else 1.0
        if content.shown == "labels":
            top = next((limit for limit in ANGLE_LIMITS if limit >= content.most), ANGLE_LIMITS[-1])
            across = (0.0, top)
        else:
            top = self._top = settle(self._top, needed)
            aside = _ASIDE * content.most
            across = (-aside, content.most + aside)
        self.show_range(across, (0.0, top))

    def _on_range_changed_manually(self) -> None:
        self._held = True


class LineItem(PixelItem):
    """The medians, connected, or the diagonal on which two angles are the same."""

    def __init__(self, plot: QualityPlot) -> None:
        super().__init__(plot, z=10)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the line, the medians as dots."""
        content, theme = self.plot.content, self.plot.theme
        if content is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        trend = content.trend
        if trend is None:
            painter.setPen(pen(theme.text, 1.0, Qt.PenStyle.DashLine))
            painter.drawPolyline(self._pixels(np.array([[0.0, 0.0], [180.0, 180.0]])))
            return
        line = self._pixels(np.stack([trend.x, trend.y], axis=1))
        for width, rgb in ((4.5, theme.plot), (2.0, theme.text)):
            painter.setPen(pen(rgb, width))
            painter.drawPolyline(line)
        painter.setPen(pen(theme.plot, 1.5))
        painter.setBrush(color(theme.text))
        for at in line.toList():
            painter.drawEllipse(at, _DOT, _DOT)

    def _pixels(self, points: NDArray[np.floating]) -> QPolygonF:
        across, right, up, down = self.scale_and_shift()
        return QPolygonF([QPointF(across * x + right, up * y + down) for x, y in points.tolist()])
