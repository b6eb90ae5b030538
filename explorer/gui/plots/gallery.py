"""Gallery: a grid of thumbnails, each with a caption; GalleryStrip: one row of them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest

import numpy as np
from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle

from explorer.analysis.frames.selection import Mask, SelectionMode
from explorer.analysis.raster.splatter import EMPTY
from explorer.core.data.datasets import Bytes
from explorer.core.texts import _, capitalised
from explorer.gui.commands.keys import pressed, selection_mode
from explorer.gui.plots.hover_card import thumbnail
from explorer.gui.plots.selection_gesture import mode_of
from explorer.gui.plots.style import color
from explorer.gui.session.images import as_image
from explorer.gui.theme.theme import Theme

SIDE = 64
_BESIDE = 2
"""Pixels between the images of one tile."""
_LEAST_SIDE = 30
_BETWEEN = 10
_SPARE = 4
"""Pixels that Qt leaves unused at the end of a row."""
Index = QModelIndex | QPersistentModelIndex


def tile_width(side: int, images: int) -> int:
    """Return the width of a thumbnail in pixels, with images of this side next to each other."""
    return images * (side + _BESIDE) - _BESIDE


class Tile(Struct, frozen=True):
    """Images side by side: ``rows`` in the snapshot, caption, tooltip, and whether something is wrong.

    ``labels`` are the true classes of the images, whose colours their corners have; empty for none.
    """

    rows: tuple[int, ...]
    caption: str
    help: str
    wrong: bool
    labels: tuple[int, ...] = ()


class TileModel(QAbstractListModel):
    """The list model of the tiles; a thumbnail is made when it is first painted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.ratio = 1.0
        self.side = SIDE
        self.tiles: list[Tile] = []
        self._pixels: Bytes | None = None
        self._pixmaps: dict[tuple[int, ...], QPixmap] = {}

    def show_tiles(self, tiles: list[Tile], pixels: Bytes | None, theme: Theme) -> None:
        """Show tiles; ``pixels`` (n, height, width) are by row of the snapshot, None until they are read."""
        recolored, self.theme = theme.classes != self.theme.classes, theme
        if pixels is not self._pixels or recolored:
            self._pixels, self._pixmaps = pixels, {}
        if len(tiles) != len(self.tiles):
            self.beginResetModel()
            self.tiles = tiles
            self.endResetModel()
        elif tiles:
            self.tiles = tiles
            self.dataChanged.emit(self.index(0), self.index(len(tiles) - 1))
        kept = {tile.rows for tile in tiles}
        self._pixmaps = {rows: pixmap for rows, pixmap in self._pixmaps.items() if rows in kept}

    def set_side(self, side: int) -> None:
        """Set the width and height of an image in pixels."""
        if side != self.side:
            self.side, self._pixmaps = side, {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """Return the number of tiles."""
        return 0 if parent.isValid() else len(self.tiles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the thumbnail, caption or tooltip of a tile, or the text colour of a wrong one."""
        tile = self.tiles[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tile.caption
            case Qt.ItemDataRole.DecorationRole:
                return self._pixmap(tile)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return capitalised(tile.help)
            case Qt.ItemDataRole.ForegroundRole if tile.wrong:
                return color(self.theme.error)
            case _:
                return None

    def _pixmap(self, tile: Tile) -> QPixmap:
        """Return a thumbnail, or a blank one of the same size until the pixels are read."""
        if self._pixels is None:
            patch = QPixmap(tile_width(self.side, len(tile.rows)), self.side)
            patch.fill(color(self.theme.line))
            return patch
        if tile.rows not in self._pixmaps:
            self._pixmaps[tile.rows] = self._thumbnail(self._pixels, tile)
        return self._pixmaps[tile.rows]

    def _thumbnail(self, pixels: Bytes, tile: Tile) -> QPixmap:
        across, side = tile_width(self.side, len(tile.rows)), self.side
        result = QPixmap(round(across * self.ratio), round(side * self.ratio))
        result.setDevicePixelRatio(self.ratio)
        result.fill(Qt.GlobalColor.transparent)
        painter = QPainter(result)
        for place, row in enumerate(tile.rows):
            corner = self.theme.class_color(tile.labels[place]) if tile.labels else None
            image = thumbnail(as_image(pixels[row]), side, self.ratio, corner)
            painter.drawPixmap(place * (side + _BESIDE), 0, image)
        painter.end()
        return result


class Gallery(QListView):
    """A grid of thumbnails with as many columns as fit; those of selected images are highlighted.

    Signals
    -------
    imagesRequested(object, str)
        Rows of the snapshot, a tuple, and `SelectionMode`, after a click on a tile or Enter on the current
        one.
    hoverRequested(int)
        Row of the snapshot under the pointer, the first of its tile, -1 for none.
    """

    imagesRequested = Signal(object, str)
    hoverRequested = Signal(int)
    caption_room = "0 → 0"
    """The widest caption, which a thumbnail leaves room for."""
    per_tile = 1
    """Number of images in a tile."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tiles = TileModel(theme)
        self.setModel(self.tiles)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)  # it is that of the run: see `show_chosen`
        self._chosen: Mask = np.zeros(0, dtype=np.bool_)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAccessibleName(_("Images"))
        self.setMouseTracking(True)
        self.clicked.connect(self._on_clicked)
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_viewport_entered)

    def show_tiles(self, tiles: list[Tile], pixels: Bytes | None, theme: Theme) -> None:
        """Show tiles; ``pixels`` (n, height, width) are by row of the snapshot, None until they are read."""
        self.tiles.ratio = self.devicePixelRatioF()
        self.set_side(self.tiles.side)
        self.tiles.show_tiles(tiles, pixels, theme)
        self._highlight()

    def show_chosen(self, chosen: Mask) -> None:
        """Highlight the tiles all of whose images are among those ``chosen`` (n,), by row of the snapshot."""
        self._chosen = chosen
        self._highlight()

    def _highlight(self) -> None:
        """Highlight by image: a frame may put other images into the places of those that were selected."""
        chosen = set(np.flatnonzero(self._chosen).tolist())
        places = [place for place, tile in enumerate(self.tiles.tiles) if chosen.issuperset(tile.rows)]
        model = self.selectionModel()
        if places != sorted(index.row() for index in model.selectedIndexes()):
            highlighted = QItemSelection()
            for place in places:
                highlighted.select(self.tiles.index(place), self.tiles.index(place))
            model.select(highlighted, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def make_room(self, captions: Collection[str]) -> None:
        """Give each line of the captions room for its widest text in these ones."""
        split = (caption.split("\n") for caption in (type(self).caption_room, *captions))
        width = QFontMetrics(self.font()).horizontalAdvance
        self.caption_room = "\n".join(max(texts, key=width) for texts in zip_longest(*split, fillvalue=""))

    def set_side(self, side: int) -> None:
        """Set the width and height of an image in pixels."""
        metrics, across = QFontMetrics(self.font()), tile_width(side, self.per_tile)
        lines = self.caption_room.split("\n")
        width = max(across + 10, *(metrics.horizontalAdvance(line) + 12 for line in lines))
        sizes = QSize(across, side), QSize(width, side + len(lines) * metrics.height() + 12)
        if sizes != (self.iconSize(), self.gridSize()):  # Qt lays all tiles out again in any case
            self.setIconSize(sizes[0])
            self.setGridSize(sizes[1])
        self.tiles.set_side(side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Request the current image."""
        mode = selection_mode(pressed(event, "gallery"))
        if mode is not None and self.currentIndex().isValid():
            self._choose(self.currentIndex(), mode)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the pointer is over no image."""
        super().leaveEvent(event)
        self.hoverRequested.emit(EMPTY)

    def _on_entered(self, index: QModelIndex) -> None:
        self.hoverRequested.emit(self.tiles.tiles[index.row()].rows[0])

    def _on_viewport_entered(self) -> None:
        self.hoverRequested.emit(EMPTY)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index, mode_of(QGuiApplication.keyboardModifiers()))

    def _choose(self, index: QModelIndex, mode: SelectionMode) -> None:
        self.imagesRequested.emit(self.tiles.tiles[index.row()].rows, mode)


class GalleryStrip(Gallery):
    """Tiles in one row, as large as fit; the wheel scrolls to the others."""

    fitting = 8
    """Number of tiles that should fit."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        # A scroll bar would take the room of a thumbnail.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)  # the background of the view shows
        self._fitted = 0
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the thumbnails to the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = (self.viewport().width() - _SPARE) // self.fitting - _BETWEEN
        side = (room + _BESIDE) // self.per_tile - _BESIDE
        self.set_side(min(SIDE, max(_LEAST_SIDE, side)))
        # A strip that became lower beside a scroll bar would let the bar go, grow, and so on without end.
        lost = self._fitted - self.width()
        if 0 < lost <= self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent):
            return
        self._fitted = self.width()
        self.setFixedHeight(self.gridSize().height() + 2 * self.frameWidth())
