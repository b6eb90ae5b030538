"""Overlay: arrows, centres and labels above the points, for the plane and for space."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from explorer.analysis.frames.snapshot import Floats, ProbeSet
from explorer.gui.plots.marks.cached import NewMarks, Tag, draw_centres, draw_tags
from explorer.gui.plots.marks.marks import draw_arrow, draw_digit_mark, draw_pointer
from explorer.gui.plots.marks.placing import keep_apart, points_of
from explorer.gui.plots.style import SMALL_TYPE, pen, scaled_font
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureOptions

Pixels = NDArray[np.float64]

NEW_SECONDS = 0.006
"""Processor time for tags and centres that are painted for the first time, in one turn of the event loop."""
_CROSS = 4.0
"""Half the width and height of a cross in pixels: it reaches a little over its point."""


class Overlay:
    """Paints marks with one painter; positions are in pixels.

    It leaves out tags and centres for which one turn of the event loop has no time, as ``new`` tells.
    """

    def __init__(self, painter: QPainter, font: QFont, theme: Theme, area: QRectF, new: NewMarks) -> None:
        self._painter, self._font, self._theme, self._area = painter, font, theme, area
        self._new = new
        new.begin()
        painter.setFont(scaled_font(font, 1.0, bold=True))
        self.tag_height = QFontMetricsF(painter.font()).height() + 4
        self._taken = np.empty((0, 2))

    def arrows(
        self, origin: tuple[float, float], tips: Pixels, labels: Sequence[int], names: Sequence[str]
    ) -> None:
        """Draw an arrow from ``origin`` to each of ``tips`` (K, 2), with the name of its class beyond."""
        start = QPointF(*origin)
        for tip, label in zip(points_of(tips), labels, strict=True):
            draw_arrow(self._painter, start, tip, self._theme.class_color(label), self._theme.plot)
        self.tags(origin, tips, labels, names)

    def tags(
        self, origin: tuple[float, float], tips: Pixels, labels: Sequence[int], names: Sequence[str]
    ) -> None:
        """Draw the name of its class, of ``names`` (C,), beyond each of ``tips`` (K, 2) of arrows."""
        self._painter.setFont(scaled_font(self._font, 1.0, bold=True))
        places = tips + (tips - origin) / np.maximum(np.hypot(*(tips - origin).T), 1)[:, None] * (
            0.55 * self.tag_height
        )
        places = keep_apart(places, self.tag_height)
        self._taken = np.concatenate([self._taken, places])
        draw_tags(
            self._painter,
            (
                Tag(at, names[label], self._theme.class_color(label), self._theme.plot)
                for at, label in zip(points_of(places), labels, strict=True)
            ),
            self._new,
        )

    def marks(self, content: Content, options: FeatureOptions, to_pixels: Callable[[Floats], Pixels]) -> None:
        """Draw centres, and a label at each centre, or at each class mean."""
        centers = content.centers if options.centers else None
        if centers is not None:
            shown = np.isfinite(centers).all(axis=1)
            colors = [self._theme.class_color(label) for label in np.flatnonzero(shown).tolist()]
            draw_centres(self._painter, to_pixels(centers[shown]), colors, self._theme, self._new)
        places = content.means
        if centers is not None:  # a class left out of training has none
            places = np.where(np.isnan(centers), content.means, centers)
        if options.digits or centers is not None:
            self._names(places, to_pixels, content.snapshot.probe, beside=centers is not None)

    def crosses(self, content: Content, to_pixels: Callable[[Floats], Pixels]) -> None:
        """Cross points that are trained with a wrong label, in the colour of that label."""
        _draw_crosses(self._painter, to_pixels(content.points[content.wrong]), content.given, self._theme)

    def drawn_digit(self, at: Pixels, text: str) -> None:
        """Mark the drawn digit; at the edge if it is outside the view."""
        self._painter.setFont(scaled_font(self._font, SMALL_TYPE, bold=True))
        draw_digit_mark(self._painter, QPointF(*at.tolist()), text, self._area, self._theme)

    def pointer(self, at: Pixels, text: str) -> None:
        """Draw a ring around a point, and a text beside it."""
        self._painter.setFont(scaled_font(self._font, SMALL_TYPE))
        draw_pointer(self._painter, QPointF(*at.tolist()), text, self._area, self._theme)

    def _names(
        self, places: Floats, to_pixels: Callable[[Floats], Pixels], probe: ProbeSet, *, beside: bool
    ) -> None:
        names = probe.short_names()
        shown = np.isfinite(places).all(axis=1)
        pixels = to_pixels(places[shown]).astype(np.float64)
        if beside:
            pixels += (0.8 * self.tag_height, -0.7 * self.tag_height)
        pixels = keep_apart(pixels, self.tag_height, self._taken)
        draw_tags(
            self._painter,
            (
                Tag(at, names[label], self._theme.plot, self._theme.class_color(label), label in probe.unseen)
                for at, label in zip(points_of(pixels), np.flatnonzero(shown).tolist(), strict=True)
            ),
            self._new,
        )


def _draw_crosses(painter: QPainter, places: Pixels, labels: NDArray[np.integer], theme: Theme) -> None:
    """Draw a cross at each of ``places`` (k, 2) in the colour of its class, on a halo."""
    for label in range(int(labels.max(initial=-1)) + 1):
        lines = [
            QLineF(x - _CROSS, y + way * _CROSS, x + _CROSS, y - way * _CROSS)
            for x, y in places[labels == label].tolist()
            for way in (1, -1)
        ]
        if lines:
            painter.setPen(pen(theme.plot, 3.0))
            painter.drawLines(lines)
            painter.setPen(pen(theme.class_color(label), 1.4))
            painter.drawLines(lines)
