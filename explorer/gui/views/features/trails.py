"""Trails: lines through past positions of points, older parts fainter and thinner."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from explorer.analysis.distinct import distinct
from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.raster.colouring import unpacked
from explorer.gui.plots.style import pen
from explorer.gui.theme.theme import Rgb, mix
from explorer.gui.views.features.content import TrailLines

AGES = 6
"""Shades of a trail."""
_FAINTEST, _STRONGEST = 15, 153
_THINNEST, _THICKEST = 0.5, 1.5
_INK_FRACTION = 0.15
"""Fraction of ink in the colour of a line, for contrast with points and regions of the same colour."""


def draw_trails(
    painter: QPainter, trail: TrailLines, to_pixels: Callable[[Floats], NDArray[np.float64]], ink: Rgb
) -> None:
    """Draw a line through the positions of each point, in its colour mixed with ``ink``.

    There is one path per colour and shade: 100 points over 30 frames take 1 ms.
    """
    frames, count, dim = trail.positions.shape
    places = to_pixels(trail.positions.reshape(-1, dim)).reshape(frames, count, 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edges = distinct(np.linspace(0, frames - 1, AGES + 1).round().astype(int)).tolist()
    alphas = np.linspace(_FAINTEST, _STRONGEST, len(edges) - 1).astype(int).tolist()
    widths = np.linspace(_THINNEST, _THICKEST, len(edges) - 1).tolist()
    for packed in distinct(trail.colors).tolist():
        own = places[:, trail.colors == packed]
        rgb = mix(unpacked(packed), ink, _INK_FRACTION)
        for first, last, alpha, width in zip(edges, edges[1:], alphas, widths, strict=False):
            part = own[first : last + 1].transpose(1, 0, 2)
            joined = np.ones(part.shape[:2], dtype=np.int32)
            joined[:, -1] = 0
            painter.setPen(pen(rgb, width, alpha=alpha))
            painter.drawPath(
                pg.arrayToQPath(part[..., 0].ravel(), part[..., 1].ravel(), connect=joined.ravel())
            )
