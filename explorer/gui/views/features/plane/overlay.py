"""PlaneOverlayItem: the marks above the points in the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.raster.splatter import EMPTY
from explorer.gui.faults import guarded_item
from explorer.gui.plots.marks.cached import NewMarks
from explorer.gui.plots.style import PixelItem, Plot
from explorer.gui.views.features.content import Content, FeatureOptions, weight_arrows
from explorer.gui.views.features.overlay import NEW_SECONDS, Overlay
from explorer.gui.views.features.plane.symbol_marks import (
    MarkedPixels,
    nearest_weight,
    paint_mark,
    place_in,
)
from explorer.gui.views.features.trails import draw_trails
from explorer.gui.views.view import NO_MARK

_INWARDS = np.array([1.0, 1.0, -1.0, -1.0])
_PROJECTED = 0.42
"""Share of the shorter side of the view that an arrow of length 1 has in a projection."""


def pixels_of(item: PixelItem, points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the pixels (n, 2) in the view box of an item of ``points`` (n, 2)."""
    across, right, up, down = item.scale_and_shift()
    pixels: NDArray[np.float64] = points * np.array([across, up]) + np.array([right, down])
    return pixels


class TrailsItem(PixelItem):
    """The trails of the selected points, below all points: above them they would hide the selection."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=-1)
        self.plot = plot
        self.content: Content | None = None

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the trails."""
        if self.content is not None and self.content.trail is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_trails(painter, self.content.trail, self.to_pixels, self.plot.theme.text)

    def to_pixels(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the pixels (n, 2) in the view box of ``points`` (n, 2)."""
        return pixels_of(self, points)


class PlaneOverlayItem(PixelItem):
    """Class weights, centres, labels, the drawn digit and the pointer ring, above the points.

    Many labels that are new come in several turns of the event loop, as ``new`` says.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=10)
        self.plot = plot
        self.content: Content | None = None
        self.options = FeatureOptions()
        self.hover = (EMPTY, "")
        self.drawn_digit: tuple[Floats | None, str] = (None, "")
        self.mark = NO_MARK
        self.new = NewMarks(NEW_SECONDS)

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the marks chosen in the options."""
        content, options = self.content, self.options
        if content is None:
            return
        area = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        overlay = Overlay(painter, self.plot.font(), self.plot.theme, area, self.new)
        if options.weights and content.weight is not None:
            self._paint_weights(overlay, content, area)
        if len(content.wrong):
            overlay.crosses(content, self.to_pixels)
        overlay.marks(content, options, self.to_pixels)
        self._paint_mark(overlay, painter, content, area)
        digit, name = self.drawn_digit
        if digit is not None:
            overlay.drawn_digit(self.to_pixels(digit)[0], name)
        row, text = self.hover
        if 0 <= row < len(content.points):
            overlay.pointer(self.to_pixels(content.points[row : row + 1])[0], text)
        self.new.paint_rest(self)

    def to_pixels(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the pixels (n, 2) in the view box of ``points`` (n, 2)."""
        return pixels_of(self, points)

    def _paint_weights(self, overlay: Overlay, content: Content, area: QRectF) -> None:
        """Draw an arrow for each class weight."""
        origin, tips = self._arrows(overlay, content, area)
        overlay.arrows(origin, tips, content.weight_labels, content.snapshot.probe.short_names())

    def _paint_mark(self, overlay: Overlay, painter: QPainter, content: Content, area: QRectF) -> None:
        """Draw what the symbol of a formula stands for, at the sample that is marked."""
        place = place_in(content, self.mark)
        if place < 0:
            return
        origin, tips = self._arrows(overlay, content, area)
        weight = nearest_weight(content, place)
        center = None
        if content.centers is not None:
            center = self.to_pixels(content.centers[content.labels[place]][None])[0]
        at = MarkedPixels(
            np.array(origin),
            self.to_pixels(content.points[place : place + 1])[0],
            None if weight < 0 else tips[weight],
            center,
            content.projection is None,
        )
        paint_mark(painter, self.mark.place, at, self.plot.theme)

    def projected_room(self, content: Content) -> float:
        """Return the pixels of an arrow of length 1 in a projection: the same however it turns."""
        area = self.boundingRect()
        return (
            self.scale_and_shift()[0] if content.normalized else _PROJECTED * min(area.width(), area.height())
        )

    def _arrows(
        self, overlay: Overlay, content: Content, area: QRectF
    ) -> tuple[tuple[float, float], NDArray[np.float64]]:
        """Return start and ends (K, 2) of the arrows of class weights, in pixels.

        The longest ends near the edge of the view; only ratios of lengths count. For features at unit length
        it ends on the unit circle.
        """
        arrows = weight_arrows(content).astype(np.float64) * (1, -1)
        across, right, _, down = self.scale_and_shift()
        room = across
        if content.projection is not None:
            room = self.projected_room(content)
        elif not content.normalized:
            room = _room((right, down), arrows, area.adjusted(*(overlay.tag_height * _INWARDS)))
        return (right, down), (right, down) + arrows * room


def _room(origin: tuple[float, float], arrows: NDArray[np.float64], area: QRectF) -> float:
    """Return the factor by which ``arrows`` (K, 2) from ``origin`` can be scaled within ``area``.

    Half of the shorter side of the area where the origin is outside.
    """
    if not area.contains(QPointF(*origin)):
        return 0.5 * min(area.width(), area.height())
    low, high = (area.left(), area.top()), (area.right(), area.bottom())
    edges = np.where(arrows > 0, high, low) - np.array(origin)
    rooms = np.divide(edges, arrows, out=np.full_like(arrows, np.inf), where=np.abs(arrows) > 1e-6)
    return float(rooms.min(initial=max(area.width(), area.height())))
