"""Gallery: a grid of thumbnails, each with a caption."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListView

from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.raster.splatter import EMPTY
from explorer.core.data.datasets import Bytes
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed, selection_mode
from explorer.gui.plots.hover_card import enlarged
from explorer.gui.plots.selection_gesture import mode_of
from explorer.gui.plots.style import color
from explorer.gui.session.images import as_image
from explorer.gui.theme.theme import Theme

SIDE = 56
Index = QModelIndex | QPersistentModelIndex


class Tile(Struct, frozen=True):
    """An image: its ``row`` in the snapshot, caption, tooltip, and whether it is misclassified."""

    row: int
    caption: str
    help: str
    wrong: bool


class TileModel(QAbstractListModel):
    """The list model of the tiles; a thumbnail is made when it is first painted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.ratio = 1.0
        self.side = SIDE
        self.tiles: list[Tile] = []
        self._pixels: Bytes | None = None
        self._pixmaps: dict[int, QPixmap] = {}

    def show_tiles(self, tiles: list[Tile], pixels: Bytes | None, theme: Theme) -> None:
        """Show tiles; ``pixels`` (n, height, width) are by row of the snapshot, None until they are read."""
        self.theme = theme
        if pixels is not self._pixels:
            self._pixels, self._pixmaps = pixels, {}
        if len(tiles) != len(self.tiles):
            self.beginResetModel()
            self.tiles = tiles
            self.endResetModel()
        elif tiles:
            self.tiles = tiles
            self.dataChanged.emit(self.index(0), self.index(len(tiles) - 1))
        kept = {tile.row for tile in tiles}
        self._pixmaps = {row: pixmap for row, pixmap in self._pixmaps.items() if row in kept}

    def set_side(self, side: int) -> None:
        """Set the width and height of the thumbnails in pixels."""
        if side != self.side:
            self.side, self._pixmaps = side, {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """Return the number of tiles."""
        return 0 if parent.isValid() else len(self.tiles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the thumbnail, caption or tooltip of a tile, or the text colour of a misclassified one."""
        tile = self.tiles[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tile.caption
            case Qt.ItemDataRole.DecorationRole:
                return self._pixmap(tile.row)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return tile.help
            case Qt.ItemDataRole.ForegroundRole if tile.wrong:
                return color(self.theme.error)
            case _:
                return None

    def _pixmap(self, row: int) -> QPixmap:
        """Return a thumbnail, or a blank one of the same size until the pixels are read."""
        if row not in self._pixmaps:
            if self._pixels is None:
                patch = QPixmap(self.side, self.side)
                patch.fill(color(self.theme.line))
                return patch
            image = as_image(self._pixels[row])
            self._pixmaps[row] = enlarged(image, self.side, self.ratio)
        return self._pixmaps[row]


class Gallery(QListView):
    """A grid of thumbnails with as many columns as fit.

    Signals
    -------
    imageRequested(int, str)
        Row of the snapshot and `SelectionMode`, after a click on a tile or Enter on the current one.
    hoverRequested(int)
        Row of the snapshot under the pointer, -1 for none.
    """

    imageRequested = Signal(int, str)
    hoverRequested = Signal(int)
    caption_room = "0 → 0"
    """The widest caption, which a thumbnail leaves room for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tiles = TileModel(theme)
        self.setModel(self.tiles)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
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

    def set_side(self, side: int) -> None:
        """Set the width and height of the thumbnails in pixels."""
        metrics = QFontMetrics(self.font())
        width = max(side + 10, metrics.horizontalAdvance(self.caption_room) + 12)
        self.setIconSize(QSize(side, side))
        self.setGridSize(QSize(width, side + metrics.height() + 12))
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
        self.hoverRequested.emit(self.tiles.tiles[index.row()].row)

    def _on_viewport_entered(self) -> None:
        self.hoverRequested.emit(EMPTY)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index, mode_of(QGuiApplication.keyboardModifiers()))

    def _choose(self, index: QModelIndex, mode: SelectionMode) -> None:
        self.imageRequested.emit(self.tiles.tiles[index.row()].row, mode)
