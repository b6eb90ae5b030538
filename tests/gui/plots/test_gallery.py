"""Tiles of several images: one thumbnail, one selection."""

from __future__ import annotations

import numpy as np
import pytest
from gui.views.drawn import pixels
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyle

from explorer.gui.plots.gallery import GalleryStrip, Tile
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.theme.theme import LIGHT

IMAGES = np.stack([np.full((8, 8), value, np.uint8) for value in (0, 90, 180, 255)])


class Pairs(GalleryStrip):
    per_tile = 2
    fitting = 3


@pytest.fixture
def strip(qtbot):
    result = Pairs(LIGHT)
    qtbot.addWidget(result)
    result.resize(360, 100)
    result.show()
    result.show_tiles([Tile((1, 3), "1 · 3", "both", False), Tile((2, 0), "", "", True)], IMAGES, LIGHT)
    return result


def test_the_images_of_a_tile_are_side_by_side_on_dark_grey(strip):
    thumbnail = strip.tiles.index(0).data(Qt.ItemDataRole.DecorationRole)
    assert thumbnail.size() == strip.iconSize()
    shown = pixels(thumbnail.toImage())[:, :, 0]
    side = strip.tiles.side
    middle = side // 2
    assert shown[middle, middle] == pytest.approx(46 + 90 * (255 - 46) / 255, abs=1)
    assert shown[middle, -middle] == 255
    black = pixels(strip.tiles.index(1).data(Qt.ItemDataRole.DecorationRole).toImage())
    assert black[middle, -middle].tolist() == [46, 49, 55]


def test_the_corner_of_an_image_has_the_colour_of_its_true_class_in_every_palette(strip):
    strip.show_tiles([Tile((0, 2), "", "", False, (4, 7))], IMAGES, LIGHT)
    other = ClassColors("tol").on(LIGHT)
    for theme in (LIGHT, other):
        strip.show_tiles(strip.tiles.tiles, IMAGES, theme)
        shown = pixels(strip.tiles.index(0).data(Qt.ItemDataRole.DecorationRole).toImage())
        side = strip.tiles.side
        assert tuple(shown[3, 3].tolist()) == theme.class_color(4)
        assert tuple(shown[3, -side + 3].tolist()) == theme.class_color(7)


def test_a_click_or_a_key_asks_for_all_images_of_a_tile(strip, qtbot):
    asked = []
    strip.imagesRequested.connect(lambda rows, mode: asked.append((rows, mode)))
    place = strip.visualRect(strip.tiles.index(1)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    qtbot.keyClick(strip, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert asked == [((2, 0), "replace"), ((1, 3), "add")]


def test_as_many_tiles_fit_as_should(strip):
    for width in (300, 500):
        strip.resize(width, 100)
        right = [strip.visualRect(strip.tiles.index(k)).right() for k in (0, 1)]
        assert right[1] + (right[1] - right[0]) <= width


def test_tiles_are_laid_out_anew_only_where_their_size_changes(strip, monkeypatch):
    asked = []
    monkeypatch.setattr(strip, "setGridSize", asked.append)
    strip.show_tiles(strip.tiles.tiles, None, LIGHT)
    assert asked == []
    strip.set_side(strip.tiles.side - 8)
    assert len(asked) == 1


def test_what_is_highlighted_is_the_selection_wherever_its_tile_goes(strip):
    def highlighted():
        return [strip.tiles.tiles[i.row()].rows for i in strip.selectionModel().selectedIndexes()]

    strip.show_chosen(np.array([False, True, False, True]))
    assert highlighted() == [(1, 3)]
    tiles = strip.tiles.tiles
    strip.show_tiles(tiles[::-1], None, LIGHT)
    assert highlighted() == [(1, 3)]
    strip.show_tiles([*tiles, Tile((0, 3), "", "", False)], None, LIGHT)
    assert highlighted() == [(1, 3)]
    strip.show_chosen(np.array([False, True, False, False]))
    assert highlighted() == []


def test_the_widest_line_has_room_and_not_that_of_the_longest_caption(strip):
    strip.make_room(["i → i\n", "WWWWWWW", "1\niiiii, iiii"])
    strip.set_side(30)
    assert strip.caption_room == "WWWWWWW\niiiii, iiii"
    assert strip.gridSize().width() > strip.fontMetrics().horizontalAdvance("WWWWWWW")


def test_a_strip_beside_a_scroll_bar_is_as_high_as_without_it(strip):
    """Else it would need no bar once it has one: the layout around it would not end."""
    bar = strip.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    heights = []
    for width in (400, 400 - bar, 400, 300):
        strip.resize(width, strip.height())
        heights.append(strip.height())
    assert heights[0] == heights[1] == heights[2] > heights[3]
