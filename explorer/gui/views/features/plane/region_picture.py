"""Decision regions and margin bands of the plane: found as paths, and painted from them, in any thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QImage, QPaintEngine, QPainter, QPainterPath, QTransform

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.pauses import pause_point
from explorer.analysis.plane.geometry import UNDECIDED, Rectangle, Region
from explorer.analysis.plane.regions import division
from explorer.analysis.projection.class_pair import side_regions
from explorer.analysis.projection.projection import Sides
from explorer.analysis.raster.ten_hues import BAND_FRACTION, EDGE_FRACTION
from explorer.gui.plots.cached_layer import LayerPlace, draw_outlines
from explorer.gui.plots.marks.hatching import hatching
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Theme, mix

_UNDECIDED_FRACTION = {"light": 0.4, "dark": 0.5}
_FEW_CORNERS = 100
_MOST_EDGES = 24


Spares = deque[QImage]
"""Pictures that are shown no more: the system clears the pixels of a new one, a third of what it takes."""


class RegionPaths(Struct, frozen=True, eq=False):
    """Regions and bands as one path per class in the plane, and the borders between regions."""

    regions: dict[int, QPainterPath]
    bands: dict[int, QPainterPath]
    borders: QPainterPath


class RegionLook(Struct, frozen=True):
    """How regions are painted: where on a device, in which colours, and with or without ``bands``.

    ``scale_and_shift`` leads from the plane to pixels as that of `PixelItem`.
    """

    place: LayerPlace
    scale_and_shift: tuple[float, float, float, float]
    theme: Theme
    bands: bool


class RegionLayer(Struct, frozen=True, eq=False):
    """Regions as paths, and the ``picture`` of them for one look: with many classes, painting takes long."""

    paths: RegionPaths
    look: RegionLook
    picture: QImage


def region_layer(
    of: Snapshot | Sides, view: Rectangle, pixel: float, look: RegionLook, spares: Spares
) -> RegionLayer:
    """Return the regions of a snapshot in a part of the plane, for pixels of a given side in its units.

    Of a projection, those on both sides of the border of its two classes. One of the ``spares`` becomes the
    picture, if it fits.
    """
    paths = region_paths(of, view, pixel, look.bands)
    background = color(look.theme.plot)
    picture = look.place.image(background, _taken(spares))
    if not picture.isNull():  # as it is where the plot has no room
        look.place.paint(picture, background, lambda painter: paint_regions(painter, paths, look))
    return RegionLayer(paths, look, picture)


def _taken(spares: Spares) -> QImage | None:
    try:  # and not whether there is one: another thread may take it in between
        return spares.pop()
    except IndexError:
        return None


def region_paths(of: Snapshot | Sides, view: Rectangle, pixel: float, bands: bool) -> RegionPaths:
    """Return the regions and bands of a part of the plane as `region_layer`, for pixels of a given side."""
    found = side_regions(of, view) if isinstance(of, Sides) else division(of, view, pixel, bands=bands)
    borders = [border for region in found.regions for border in region.borders]
    return RegionPaths(_by_class(found.regions), _by_class(found.bands), _path(borders))


def paint_regions(painter: QPainter, paths: RegionPaths, look: RegionLook) -> None:
    """Fill the regions and bands, and draw the borders."""
    theme = look.theme
    across, right, up, down = look.scale_and_shift
    to_pixels = QTransform(across, 0, 0, up, right, down)
    painter.setPen(Qt.PenStyle.NoPen)
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        # Fills a third faster.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    for label, path in paths.regions.items():
        pause_point()
        painter.setBrush(undecided_brush(theme) if label == UNDECIDED else _plain(theme, label, 0.0))
        painter.drawPath(to_pixels.map(path))
    bands = {label: to_pixels.map(path) for label, path in paths.bands.items()} if look.bands else {}
    for label, path in bands.items():
        pause_point()
        painter.setBrush(_plain(theme, label, BAND_FRACTION))
        painter.drawPath(path)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for label, path in bands.items():
        if path.elementCount() > _MOST_EDGES:  # made of strips, whose borders are no edges of the band
            continue
        painter.setPen(pen(mix(theme.plot, theme.class_color(label), EDGE_FRACTION)))
        draw_outlines(painter, path)
    painter.setPen(pen(mix(theme.plot, theme.muted, 0.6)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw_outlines(painter, to_pixels.map(paths.borders))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def undecided_brush(theme: Theme) -> QBrush:
    """Return the grey hatching of areas without a predicted class."""
    brush = QBrush(hatching(theme.plot, mix(theme.plot, theme.muted, _UNDECIDED_FRACTION[theme.name])))
    brush.setTransform(brush.transform().scale(-1, 1))
    return brush


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
    """Return lines (n, 2) as one path; where ``closed``, every second line completes the one before.

    Up to a hundred corners or so, a call of Qt for each is ten times faster than arrays.
    """
    if sum(map(len, lines)) <= _FEW_CORNERS:
        return _short_path(lines, closed=closed)
    ends = np.cumsum([len(line) for line in lines])[1 if closed else 0 :: 2 if closed else 1] - 1
    points = np.concatenate(lines)
    joined = np.ones(len(points), dtype=np.int32)
    joined[ends] = 0
    x, y = np.ascontiguousarray(points.T)
    path: QPainterPath = pg.arrayToQPath(x, y, connect=joined)
    return path


def _short_path(lines: list[NDArray[np.float64]], *, closed: bool) -> QPainterPath:
    path = QPainterPath()
    for number, line in enumerate(lines):
        for corner, (x, y) in enumerate(line.tolist()):
            if corner == 0 and not (closed and number % 2):
                path.moveTo(x, y)
            else:
                path.lineTo(x, y)
    return path


def _plain(theme: Theme, label: int, fraction: float) -> QBrush:
    """Return the colour of the area of a class with a fraction of that of its points."""
    return QBrush(color(mix(theme.field_color(label), theme.class_color(label), fraction)))
