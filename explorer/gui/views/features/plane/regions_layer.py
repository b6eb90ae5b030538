"""RegionsItem: decision regions, margin bands and the axes through the origin, below the points."""

from __future__ import annotations

from collections import deque
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.geometry import UNDECIDED, Rectangle
from explorer.core.texts import N_, _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.cached_layer import LayerPlace, is_raster, paint_picture, pixel_ratio
from explorer.gui.plots.style import SMALL_TYPE, Plot, color, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.plane.computed_item import ComputedItem, Request
from explorer.gui.views.features.plane.cross_fade import CrossFade
from explorer.gui.views.features.plane.region_picture import (
    RegionLayer,
    RegionLook,
    Spares,
    paint_regions,
    region_layer,
    undecided_brush,
)

_BLEED = 0.02
_AXES_FRACTION = 0.5
_UNDECIDED_TEXT = N_("undecided")
_SWATCH = 22.0
_KEY_MARGIN = 6.0


class RegionsItem(ComputedItem[RegionLayer]):
    """Decision regions, margin bands and the axes through the origin, below the points.

    Bands are hatched in the colour of their class, and areas without a predicted class in grey with the
    opposite slope. With another loss, its regions replace the others gradually where motion is ``smooth``.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-10)
        self.options = FeatureOptions()
        self.smooth = self._pictured = False
        self._spares: Spares = deque(maxlen=1)
        self.fade = CrossFade(self)
        self.fade.valueChanged.connect(self._on_fade_changed)

    def set_content(self, content: Content | None) -> None:
        """Set the content, and keep the picture of the loss before until there are regions to replace it."""
        before, layer = self.content, self.layer
        picture = self._cache.picture if layer is None or not self._pictured else layer.picture
        super().set_content(content)
        if content is None or before is None or not self.smooth or content.kind[1:] != before.kind[1:]:
            self.fade.drop()
        elif content.kind != before.kind:
            self.fade.hold(picture)

    def renew(self) -> None:
        """Compute the regions; without any, nothing replaces those before gradually."""
        super().renew()
        if self._requested is None:
            self.fade.drop()

    @guarded_item
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the regions, those that fade over them, and the axes and the key on top."""
        layer, area = self.layer, self.boundingRect()
        self._pictured = layer is not None and self._is_of(layer, painter)
        if layer is not None and self._pictured:
            paint_picture(painter, area, layer.picture)
        else:
            super().paint(painter, option, widget)
        self.fade.paint(painter, area)
        if self.content is not None and self._error is None:
            if layer is not None and UNDECIDED in layer.paths.regions:
                self._paint_key(painter)
            self._paint_axes(painter, self.plot.theme)

    def _on_fade_changed(self, _opacity: float) -> None:
        self.update()

    def _on_computed(self, layer: RegionLayer) -> None:
        if self.layer is not None:
            self._spares.append(self.layer.picture)
        super()._on_computed(layer)
        self.fade.begin()

    @property
    def background_color(self) -> QColor:
        """The colour of the plot."""
        return color(self.plot.theme.plot)

    def request(self, content: Content) -> Request[RegionLayer] | None:
        """Return the computation of regions and bands of the visible part."""
        options, seen = self.options, self.plot.visible()
        if not options.regions:
            return None
        across, up = _BLEED * (seen.right - seen.left), _BLEED * (seen.top - seen.bottom)
        view = Rectangle(seen.left - across, seen.bottom - up, seen.right + across, seen.top + up)
        pixel = (seen.right - seen.left) / max(1.0, self.boundingRect().width())
        look = self._look(self.deviceTransform(self.plot.viewportTransform()), self.plot.devicePixelRatioF())
        sides = None if content.projection is None else content.projection.sides
        wanted = (sides or content.snapshot, view, pixel, look)
        return Request(wanted, partial(region_layer, *wanted, self._spares))

    def shows(self) -> tuple[object, ...]:
        """Return the options."""
        return self.options.regions, self.options.bands

    def draw(self, painter: QPainter) -> None:
        """Paint regions and bands."""
        if self.layer is not None:
            look = self._look(painter.worldTransform(), pixel_ratio(painter))
            paint_regions(painter, self.layer.paths, look)

    def _is_of(self, layer: RegionLayer, painter: QPainter) -> bool:
        """Return whether the picture of a layer has the pixels that are painted on, as it has on screen."""
        return (
            self._error is None
            and is_raster(painter)
            and layer.look == self._look(painter.worldTransform(), pixel_ratio(painter))
        )

    def _look(self, world: QTransform, ratio: float) -> RegionLook:
        """Return how regions are painted where ``world`` leads from the view box to logical pixels."""
        place, _corner = LayerPlace.of(self.boundingRect(), world, ratio)
        return RegionLook(place, self.scale_and_shift(), self.plot.theme, self.options.bands)

    def _paint_key(self, painter: QPainter) -> None:
        """Paint the key of the grey hatching at the lower left."""
        theme, area = self.plot.theme, self.boundingRect()
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        metrics = QFontMetricsF(painter.font())
        height = metrics.height() + _KEY_MARGIN
        width = _SWATCH + metrics.horizontalAdvance(_(_UNDECIDED_TEXT)) + 3 * _KEY_MARGIN
        box = QRectF(_KEY_MARGIN, area.bottom() - height - _KEY_MARGIN, width, height)
        painter.fillRect(box, color(theme.plot))
        swatch = QRectF(box.left() + _KEY_MARGIN, box.top() + _KEY_MARGIN / 2, _SWATCH, metrics.height())
        painter.setPen(pen(theme.muted))
        painter.setBrush(undecided_brush(theme))
        painter.drawRect(swatch)
        text = box.adjusted(_SWATCH + 2 * _KEY_MARGIN, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, _(_UNDECIDED_TEXT))

    def _paint_axes(self, painter: QPainter, theme: Theme) -> None:
        _across, right, _up, down = self.scale_and_shift()
        area = self.boundingRect()
        painter.setPen(pen(mix(theme.plot, theme.muted, _AXES_FRACTION)))
        painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()))
        painter.drawLine(QPointF(area.left(), down), QPointF(area.right(), down))
