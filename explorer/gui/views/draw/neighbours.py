"""NeighbourStrip: the images nearest to a drawing, in a row."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from explorer.analysis.statistics.drawn_digit import NEAREST, DrawnDigit, Nearest
from explorer.analysis.statistics.samples import image_text
from explorer.core.data.datasets import Bytes
from explorer.core.protocol.messages import TEST
from explorer.gui.plots.gallery import SIDE, Gallery, Tile
from explorer.gui.plots.hover_card import degrees
from explorer.gui.theme.theme import Theme

_LEAST_SIDE = 30
_BETWEEN = 10
_SPARE = 4
"""Pixels that Qt leaves free at the end of a row."""


def nearest_texts(nearest: Nearest) -> tuple[str, ...]:
    """Return of how many images the neighbours are the nearest, and in which sense, longest first."""
    name = "test" if nearest.split == TEST else "training"
    way = "by angle" if nearest.by_angle else "by distance"
    total = f"{nearest.count:,} {name} images"
    return f"nearest {way} of {total} shown", f"nearest {way} of {total}", f"nearest of {total}"


class NeighbourStrip(Gallery):
    """Thumbnails in one row, as large as they then can be; the wheel brings what has no room."""

    caption_room = "00"

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName("Nearest images")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it would take a column
        self.viewport().setAutoFillBackground(False)  # it lies on the view's ground
        self._fit()

    def show_nearest(self, digit: DrawnDigit, nearest: Nearest, pixels: Bytes | None, theme: Theme) -> None:
        """Show the neighbours of a drawn digit; ``pixels`` by row of the snapshot, None until read."""
        probe = digit.snapshot.probe
        tiles = []
        for row, gap in zip(nearest.rows.tolist(), nearest.gaps.tolist(), strict=True):
            away = degrees(gap) if nearest.by_angle else f"{gap:.3g}"
            label = int(probe.labels[row])
            tiles.append(Tile(row, str(label), f"{image_text(probe, row)}: {label}, {away} away", False))
        self.show_tiles(tiles, pixels, theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = (self.viewport().width() - _SPARE) // NEAREST - _BETWEEN
        self.set_side(min(SIDE, max(_LEAST_SIDE, room)))
        self.setFixedHeight(self.gridSize().height() + 2 * self.frameWidth())
