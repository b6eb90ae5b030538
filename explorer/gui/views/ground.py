"""GroundItem: what lies beneath the points in the plane: decision regions, margin bands, axes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.core.geometry import Rectangle, Region
from explorer.core.regions import decision_regions, margin_regions
from explorer.gui.theme import Theme
from explorer.gui.views.feature_content import Content, FeatureOptions
from explorer.gui.views.plot_style import PixelItem, Plot, color, hatching, mix, pen
from explorer.gui.views.still_picture import StillPicture

_BLEED = 0.02
_REGION_SHARE = {"light": 0.16, "dark": 0.2}
_BAND_SHARE = {"light": 0.3, "dark": 0.34}
_HATCH_SHARE = 0.55


class GroundItem(PixelItem):
    """Decision regions, margin bands and the axes through the origin, beneath the points."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-10)
        self.plot = plot
        self.content: Content | None = None
        self.options = FeatureOptions()
        self._picture = StillPicture()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
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
            cells = decision_regions(content.snapshot, content.means, view)
            self._paint(painter, cells)
            if options.bands:
                self._paint(painter, margin_regions(content.snapshot, view), hatched=True)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(mix(theme.plot, theme.muted, 0.6)))
            for cell in cells:
                painter.drawPolygon(self._polygon(cell))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_axes(painter, theme)

    def _paint(self, painter: QPainter, regions: list[Region], hatched: bool = False) -> None:
        theme = self.plot.theme
        painter.setPen(Qt.PenStyle.NoPen)
        for region in regions:
            rgb = theme.class_color(region.label)
            if hatched:
                ground = mix(theme.plot, rgb, _BAND_SHARE[theme.name])
                painter.setBrush(hatching(ground, mix(ground, rgb, _HATCH_SHARE)))
            else:
                painter.setBrush(color(mix(theme.plot, rgb, _REGION_SHARE[theme.name])))
            painter.drawConvexPolygon(self._polygon(region))

    def _polygon(self, region: Region) -> QPolygonF:
        across, right, up, down = self.scale_and_shift()
        return QPolygonF([QPointF(across * x + right, up * y + down) for x, y in region.polygon])

    def _paint_axes(self, painter: QPainter, theme: Theme) -> None:
        _, right, _, down = self.scale_and_shift()
        area = self.boundingRect()
        painter.setPen(pen(theme.muted, alpha=110))
        painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()))
        painter.drawLine(QPointF(area.left(), down), QPointF(area.right(), down))
