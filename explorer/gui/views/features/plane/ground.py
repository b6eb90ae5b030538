"""GroundItem: what lies beneath the points in the plane: decision regions, margin bands, axes."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPaintEngine, QPainter, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.geometry import UNDECIDED, Rectangle, Region
from explorer.analysis.plane.regions import division
from explorer.gui.faults import guarded_item
from explorer.gui.plots.still_picture import StillPicture
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, Plot, color, hatching, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import Content, FeatureOptions

_BLEED = 0.02
_REGION_SHARE = {"light": 0.16, "dark": 0.2}
_BAND_SHARE = {"light": 0.3, "dark": 0.34}
_HATCH_SHARE = 0.55
_AXES_SHARE = 0.5
_UNDECIDED_SHARE = {"light": 0.4, "dark": 0.5}
_UNDECIDED_TEXT = "undecided"
_SWATCH = 22.0
_KEY_MARGIN = 6.0


class GroundItem(PixelItem):
    """Decision regions, margin bands and the axes through the origin, beneath the points.

    Bands are hatched in the colour of their class; where the answer is none, in grey and the other way.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-10)
        self.plot = plot
        self.content: Content | None = None
        self.options = FeatureOptions()
        self._picture = StillPicture()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw for what is visible now."""
        plot = self.plot
        ground, options, seen = self.content, self.options, plot.visible()
        if ground is None:
            return
        shows = (ground, plot.theme, options.regions, options.bands, seen)
        self._picture.paint(
            painter,
            self.boundingRect(),
            color(plot.theme.plot),
            shows,
            lambda own: self._draw(own, ground, options, seen),
        )

    def _draw(self, painter: QPainter, content: Content, options: FeatureOptions, seen: Rectangle) -> None:
        theme = self.plot.theme
        across, up = _BLEED * (seen.right - seen.left), _BLEED * (seen.top - seen.bottom)
        view = Rectangle(seen.left - across, seen.bottom - up, seen.right + across, seen.top + up)
        if options.regions:
            pixel = (seen.right - seen.left) / max(1.0, self.boundingRect().width())
            shown = division(content.snapshot, view, pixel, bands=options.bands)
            self._fill(painter, shown.regions)
            self._fill(painter, shown.bands, hatched=True)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(mix(theme.plot, theme.muted, 0.6)))
            for region in shown.regions:
                for border in region.borders:
                    painter.drawPolyline(self._polygon(border))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            if any(region.label == UNDECIDED for region in shown.regions):
                self._paint_key(painter)
        self._paint_axes(painter, theme)

    def _fill(self, painter: QPainter, regions: list[Region], hatched: bool = False) -> None:
        theme = self.plot.theme
        painter.setPen(Qt.PenStyle.NoPen)
        if painter.paintEngine().type() == QPaintEngine.Type.Raster:
            painter.setCompositionMode(
                QPainter.CompositionMode.CompositionMode_Source
            )  # hatches a third faster
        for region in regions:
            if not len(region.polygon):
                continue
            if region.label == UNDECIDED:
                painter.setBrush(_undecided(theme))
            elif hatched:
                rgb = theme.class_color(region.label)
                ground = mix(theme.plot, rgb, _BAND_SHARE[theme.name])
                painter.setBrush(hatching(ground, mix(ground, rgb, _HATCH_SHARE)))
            else:
                painter.setBrush(
                    color(mix(theme.plot, theme.class_color(region.label), _REGION_SHARE[theme.name]))
                )
            polygon = self._polygon(region.polygon)
            if region.convex:
                painter.drawConvexPolygon(polygon)
            else:
                painter.drawPolygon(polygon)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _polygon(self, points: NDArray[np.float64]) -> QPolygonF:
        across, right, up, down = self.scale_and_shift()
        polygon: QPolygonF = pg.functions.arrayToQPolygonF(
            across * points[:, 0] + right, up * points[:, 1] + down
        )
        return polygon

    def _paint_key(self, painter: QPainter) -> None:
        """Say at the lower left what the hatching without a class' colour means."""
        theme, area = self.plot.theme, self.boundingRect()
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        metrics = QFontMetricsF(painter.font())
        height = metrics.height() + _KEY_MARGIN
        width = _SWATCH + metrics.horizontalAdvance(_UNDECIDED_TEXT) + 3 * _KEY_MARGIN
        box = QRectF(_KEY_MARGIN, area.bottom() - height - _KEY_MARGIN, width, height)
        painter.fillRect(box, color(theme.plot))
        swatch = QRectF(box.left() + _KEY_MARGIN, box.top() + _KEY_MARGIN / 2, _SWATCH, metrics.height())
        painter.setPen(pen(theme.muted))
        painter.setBrush(_undecided(theme))
        painter.drawRect(swatch)
        text = box.adjusted(_SWATCH + 2 * _KEY_MARGIN, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, _UNDECIDED_TEXT)

    def _paint_axes(self, painter: QPainter, theme: Theme) -> None:
        _, right, _, down = self.scale_and_shift()
        area = self.boundingRect()
        painter.setPen(pen(mix(theme.plot, theme.muted, _AXES_SHARE)))
        painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()))
        painter.drawLine(QPointF(area.left(), down), QPointF(area.right(), down))


def _undecided(theme: Theme) -> QBrush:
    """Return hatching that leans the other way than that of bands, in no class' colour."""
    brush = QBrush(hatching(theme.plot, mix(theme.plot, theme.muted, _UNDECIDED_SHARE[theme.name])))
    brush.setTransform(QTransform.fromScale(-1, 1))
    return brush
