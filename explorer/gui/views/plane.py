"""PlanePlot: features of two coordinates, with regions, bands, class weights and centres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.core.coloring import packed
from explorer.core.geometry import Rectangle, Region
from explorer.core.regions import decision_regions, margin_regions
from explorer.core.snapshot import Floats
from explorer.core.splatter import EMPTY
from explorer.gui.theme import Theme
from explorer.gui.views.feature_content import Content, FeatureOptions
from explorer.gui.views.overlay import Overlay
from explorer.gui.views.plot_style import PixelItem, Plot, color, hatching, mix, pen
from explorer.gui.views.ranges import Sides
from explorer.gui.views.splat import SplatItem
from explorer.gui.views.still_picture import StillPicture

_BLEED = 0.02
_INWARDS = np.array([1.0, 1.0, -1.0, -1.0])
_REGION_SHARE = {"light": 0.16, "dark": 0.2}
_BAND_SHARE = {"light": 0.3, "dark": 0.34}
_HATCH_SHARE = 0.55


class PlanePlot(Plot):
    """The plane of features, equal in both directions; drag moves it, the wheel zooms."""

    hovered = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, x="x₁", y="x₂")
        self.content: Content | None = None
        self.ground: Content | None = None
        self.options = FeatureOptions()
        self._sides = Sides()
        self._range: Rectangle | None = None
        self._moved_by_hand = False
        self.box.setAspectLocked(True)
        self.box.disableAutoRange()
        self._regions = RegionsItem(self)
        self._splat = SplatItem(self)
        self._overlay = OverlayItem(self)
        self.box.sigRangeChangedManually.connect(self._on_range_changed_manually)

    def show_content(self, content: Content, theme: Theme, options: FeatureOptions) -> None:
        """Draw this; beneath points between two frames, the regions stay those of the last whole frame."""
        self.content, self.options = content, options
        if content.snapshot.since is None or self.ground is None:
            self.ground = content
        if theme is not self.theme:
            self.apply_theme(theme)
        if options.follow or not self._moved_by_hand:
            self._fit(content)
        self._splat.set_points(
            content.points,
            content.table[content.colors],
            options.point_size,
            content.chosen,
            int(packed([theme.text])[0]),
        )
        self.update_items()

    def forget(self) -> None:
        """Take the next content for a new run's, to be shown whole."""
        self.content = self.ground = None
        self.reset_view()

    def reset_view(self) -> None:
        """Show all the data again."""
        self._moved_by_hand = False
        self._sides.reset()
        if self.content is not None:
            self._fit(self.content)

    def set_hover(self, row: int, text: str) -> None:
        """Ring the point in this row of the content, none for -1."""
        self._overlay.hover = (row, text)
        self._overlay.update()

    def pick(self, at: QPointF) -> int:
        """Return the row of the content whose point is near a pixel of the viewport, -1 for none."""
        inside = self.box.mapFromScene(self.mapToScene(at.toPoint()))
        return self._splat.pick(inside.x(), inside.y())

    def pixels(self, points: Floats) -> NDArray[np.float64]:
        """Return where in the viewport ``points`` (m, 2) lie, (m, 2)."""
        corner = self.viewportTransform().map(self.box.mapToScene(QPointF(0, 0)))
        places: NDArray[np.float64] = self._overlay.to_pixels(points) + np.array([corner.x(), corner.y()])
        return places

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which point is under the pointer."""
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self.hovered.emit(self.pick(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all the data again."""
        super().mouseDoubleClickEvent(event)
        self.reset_view()

    def leaveEvent(self, event: QEvent) -> None:
        """Let go of the point."""
        super().leaveEvent(event)
        self.hovered.emit(EMPTY)

    def _fit(self, content: Content) -> None:
        wanted = self._sides.fit(content.points)
        if wanted != self._range:
            self._range = wanted
            self.box.setRange(
                xRange=(wanted.left, wanted.right), yRange=(wanted.bottom, wanted.top), padding=0
            )

    def _on_range_changed_manually(self) -> None:
        self._moved_by_hand = True
        self._range = None


class RegionsItem(PixelItem):
    """Decision regions, margin bands and the axes through the origin, beneath the points."""

    def __init__(self, plot: PlanePlot) -> None:
        super().__init__(plot, z=-10)
        self.plot = plot
        self._picture = StillPicture()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw for what is visible now."""
        plot = self.plot
        ground, options, seen = plot.ground, plot.options, plot.visible()
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


class OverlayItem(PixelItem):
    """Class weights, centres, digits and the pointer's ring, above the points."""

    def __init__(self, plot: PlanePlot) -> None:
        super().__init__(plot, z=10)
        self.plot = plot
        self.hover = (EMPTY, "")

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw what the options ask for."""
        content, options = self.plot.content, self.plot.options
        if content is None:
            return
        area = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        overlay = Overlay(painter, self.plot.font(), self.plot.theme, area)
        if options.circle:
            self._paint_circle(painter)
        if options.weights and content.weight is not None:
            self._paint_weights(overlay, content, area)
        overlay.marks(content, options, self.to_pixels)
        row, text = self.hover
        if 0 <= row < len(content.points):
            overlay.pointer(self.to_pixels(content.points[row : row + 1])[0], text)

    def to_pixels(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where in the view box ``points`` (n, 2) lie."""
        across, right, up, down = self.scale_and_shift()
        pixels: NDArray[np.float64] = points * np.array([across, up]) + np.array([right, down])
        return pixels

    def _paint_circle(self, painter: QPainter) -> None:
        across, right, up, down = self.scale_and_shift()
        painter.setPen(pen(self.plot.theme.text, 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(right, down), across, -up)

    def _paint_weights(self, overlay: Overlay, content: Content, area: QRectF) -> None:
        """Draw arrows whose longest ends near the edge of the view; only ratios of lengths mean something."""
        assert content.weight is not None
        vectors = content.weight.astype(np.float64) * (1, -1)
        lengths = np.hypot(*vectors.T)[:, None]
        scale = lengths if content.equal_weights else np.full_like(lengths, lengths.max(initial=0))
        unit = np.divide(vectors, scale, out=np.zeros_like(vectors), where=scale > 0)
        _, right, _, down = self.scale_and_shift()
        room = _room((right, down), unit, area.adjusted(*(overlay.tag_height * _INWARDS)))
        overlay.arrows((right, down), (right, down) + unit * room, content.weight_labels)


def _room(origin: tuple[float, float], arrows: NDArray[np.float64], area: QRectF) -> float:
    """Return by how much ``arrows`` (K, 2) from ``origin`` can be multiplied without leaving ``area``.

    Half the area's shorter side where the origin lies outside.
    """
    if not area.contains(QPointF(*origin)):
        return 0.5 * min(area.width(), area.height())
    low, high = (area.left(), area.top()), (area.right(), area.bottom())
    edges = np.where(arrows > 0, high, low) - np.array(origin)
    rooms = np.divide(edges, arrows, out=np.full_like(arrows, np.inf), where=np.abs(arrows) > 1e-6)
    return float(rooms.min(initial=max(area.width(), area.height())))
