"""Hatching: diagonal lines that tell the area of a margin, as a second code beside colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QBrush, QImage, QPainter, QTransform

from explorer.gui.plots.cached_layer import line_scale
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Rgb

_TILE, _HATCH_GAP = 64, 8
_MOST_HATCHINGS = 512
"""Cached textures of 16 KiB on a usual screen: enough for 256 classes in two themes."""


def hatching(background: Rgb, line: Rgb) -> QBrush:
    """Return a brush of diagonal lines: a texture, which fills several times as fast as a Qt pattern.

    It has the pixels of the screen or image that is painted now: enlarged by 1.5, lines fall into dashes.
    """
    return QBrush(_hatching(background, line, line_scale()))


@lru_cache(_MOST_HATCHINGS)
def _hatching(background: Rgb, line: Rgb, scale: float) -> QBrush:
    """Return the cached brush that `hatching` copies."""
    side = round(scale * _TILE)
    tile = QImage(side, side, QImage.Format.Format_RGB32)
    tile.fill(color(background))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen(line))  # as wide as ``scale``, which is that of the moment
    painter.scale(side / _TILE, side / _TILE)
    for start in range(-_TILE, _TILE + _HATCH_GAP, _HATCH_GAP):
        ends = start - _HATCH_GAP, _TILE + _HATCH_GAP, start + _TILE + _HATCH_GAP, -_HATCH_GAP
        painter.drawLine(*ends)  # beyond the tile: an end of a line is fainter
    painter.end()
    brush = QBrush(tile)
    brush.setTransform(QTransform.fromScale(_TILE / side, _TILE / side))
    return brush
