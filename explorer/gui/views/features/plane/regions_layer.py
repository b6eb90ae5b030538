"""RegionsItem: decision regions, margin bands and the axes through the origin, below the points."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QTransform,
)

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.pauses import pause_point
from explorer.analysis.plane.geometry import UNDECIDED, Rectangle, Region
from explorer.analysis.plane.regions import division
from explorer.core.texts import N_, _
from explorer.gui.plots.style import SMALL_TYPE, Plot, color, hatching, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.plane.computed_item import ComputedItem, Request

_BLEED = 0.02
_REGION_FRACTION = {"light": 0.16, "dark": 0.2}
_BAND_FRACTION = {"light": 0.3, "dark": 0.34}
_HATCH_FRACTION = 0.55
_AXES_FRACTION = 0.5
_UNDECIDED_FRACTION = {"light": 0.4, "dark": 0.5}
_UNDECIDED_TEXT = N_("undecided")
_SWATCH = 22.0
_KEY_MARGIN = 6.0


class RegionPaths(Struct, frozen=True, eq=False):
    """Regions and bands as one path per class in the plane, and the borders between regions."""

    regions: dict[int, QPainterPath]
    bands: dict[int, QPainterPath]
    borders: QPainterPath


class RegionsItem(ComputedItem[RegionPaths]):
    """Decision regions, margin bands and the axes through the origin, below the points.

    Bands are hatched in the colour of their class, and areas without a predicted class in grey with the
    opposite slope.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-10)
        self.options = FeatureOptions()

    @property
    def background_color(self) -> QColor:
        """The colour of the plot."""
        return color(self.plot.theme.plot)

    def request(self, content: Content) -> Request[RegionPaths] | None:
        """Return the computation of regions and bands of the visible part."""
        options, seen = self.options, self.plot.visible()
        if not options.regions:
            return None
        across, up = _BLEED * (seen.right - seen.left), _BLEED * (seen.top - seen.bottom)
        view = Rectangle(seen.left - across, seen.bottom - up, seen.right + across, seen.top + up)
        pixel = (seen.right - seen.left) / max(1.0, self.boundingRect().width())
        wanted = (content.snapshot, view, pixel, options.bands)
        return Request(wanted, partial(region_paths, *wanted))

    def shows(self) -> tuple[object, ...]:
        """Return the options."""
        return self.options.regions, self.options.bands

    def draw(self, painter: QPainter) -> None:
        """Fill the regions and bands, and draw borders and axes."""
        theme, layer = self.plot.theme, self.layer
        across, right, up, down = self.scale_and_shift()
        to_pixels = QTransform(across, 0, 0, up, right, down)
        if layer is not None and self.options.regions:
            painter.setPen(Qt.PenStyle.NoPen)
            if painter.paintEngine().type() == QPaintEngine.Type.Raster:
                # Hatches a third faster.
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            for label, path in layer.regions.items():
                painter.setBrush(_undecided(theme) if label == UNDECIDED else _plain(theme, label))
                painter.drawPath(to_pixels.map(path))
            for label, path in layer.bands.items() if self.options.bands else ():
                painter.setBrush(_hatched(theme, label))
                painter.drawPath(to_pixels.map(path))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(mix(theme.plot, theme.muted, 0.6)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(to_pixels.map(layer.borders))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            if UNDECIDED in layer.regions:
                self._paint_key(painter)
        self._paint_axes(painter, theme)

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
        painter.setBrush(_undecided(theme))
        painter.drawRect(swatch)
        text = box.adjusted(_SWATCH + 2 * _KEY_MARGIN, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, _(_UNDECIDED_TEXT))

    def _paint_axes(self, painter: QPainter, theme: Theme) -> None:
        _across, right, _up, down = self.scale_and_shift()
        area = self.boundingRect()
        painter.setPen(pen(mix(theme.plot, theme.muted, _AXES_FRACTION)))
        painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()))
        painter.drawLine(QPointF(area.left(), down), QPointF(area.right(), down))


def region_paths(snapshot: Snapshot, view: Rectangle, pixel: float, bands: bool) -> RegionPaths:
    """Return the regions and bands of a snapshot in a part of the plane, for pixels of a given side."""
    found = division(snapshot, view, pixel, bands=bands)
    borders = [border for region in found.regions for border in region.borders]
    return RegionPaths(_by_class(found.regions), _by_class(found.bands), _path(borders))


def _by_class(regions: Iterable[Region]) -> dict[int, QPainterPath]:
    """Return one path for all parts of a class.

    A class has several parts: a call of Qt for each corner costs more than finding them.
    """
    outlines: dict[int, list[NDArray[np.float64]]] = {}
    for region in regions:
        if len(region.polygon):
            outlines.setdefault(region.label, []).extend((region.polygon, region.polygon[:1]))
    paths = {}
    for label, parts in outlines.items():
        pause_point()
        paths[label] = _path(parts, closed=True)
        # Where rounding makes two parts overlap, the overlap is inside all the same.
        paths[label].setFillRule(Qt.FillRule.WindingFill)
    return paths


def _path(lines: list[NDArray[np.float64]], *, closed: bool = False) -> QPainterPath:
    """Return lines (n, 2) as one path; where ``closed``, every second line completes the one before."""
    if not lines:
        return QPainterPath()
    ends = np.cumsum([len(line) for line in lines])[1 if closed else 0 :: 2 if closed else 1] - 1
    points = np.concatenate(lines)
    joined = np.ones(len(points), dtype=np.int32)
    joined[ends] = 0
    x, y = np.ascontiguousarray(points.T)
    path: QPainterPath = pg.arrayToQPath(x, y, connect=joined)
    return path


def _plain(theme: Theme, label: int) -> QBrush:
    """Return the colour of a region."""
    return QBrush(color(mix(theme.plot, theme.class_color(label), _REGION_FRACTION[theme.name])))


def _hatched(theme: Theme, label: int) -> QBrush:
    """Return the hatching of a margin band."""
    rgb = theme.class_color(label)
    fill = mix(theme.plot, rgb, _BAND_FRACTION[theme.name])
    return hatching(fill, mix(fill, rgb, _HATCH_FRACTION))


def _undecided(theme: Theme) -> QBrush:
    """Return the grey hatching, with the opposite slope to that of bands."""
    brush = QBrush(hatching(theme.plot, mix(theme.plot, theme.muted, _UNDECIDED_FRACTION[theme.name])))
    brush.setTransform(QTransform.fromScale(-1, 1))
    return brush
