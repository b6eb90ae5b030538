from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPicture

from explorer.core.class_sets import MOST_CLASSES
from explorer.gui.plots.marks import cached
from explorer.gui.plots.marks.cached import NewMarks, Tag, draw_centres, draw_tags
from explorer.gui.plots.marks.placing import keep_apart
from explorer.gui.plots.style import ink_on
from explorer.gui.theme.palettes import PETROFF_10
from explorer.gui.theme.theme import LIGHT, mix


def distances(places: np.ndarray) -> np.ndarray:
    gaps = np.linalg.norm(places[:, None] - places, axis=-1)
    return gaps[np.triu_indices(len(places), 1)]


def test_labels_with_room_stay_where_they_are():
    places = np.array([[0, 0], [30, 0], [0, 30]], dtype=float)
    np.testing.assert_array_equal(keep_apart(places, 20), places)
    assert keep_apart(np.zeros((0, 2)), 20).shape == (0, 2)
    assert keep_apart(np.ones((1, 2)), 20).tolist() == [[1, 1]]


def test_two_labels_on_one_spot_can_both_be_read():
    assert distances(keep_apart(np.zeros((2, 2)), 20)).min() > 15


def test_ten_labels_on_one_spot_spread_but_not_far():
    placed = keep_apart(np.zeros((10, 2)), 20)
    assert distances(placed).min() > 8
    assert np.linalg.norm(placed, axis=1).max() <= 34.01


def test_labels_keep_clear_of_those_that_do_not_move():
    """The name of a cluster lay on that of its class weight, with which it often coincides."""
    fixed = np.array([[0, 0], [100, 0]], dtype=float)
    placed = keep_apart(np.array([[1, 0], [60, 0], [95, 5]], dtype=float), 20, fixed)
    assert np.linalg.norm(placed[:, None] - fixed, axis=-1).min() > 15
    assert placed[1].tolist() == [60, 0]


def luminance(rgb: tuple[int, int, int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(*rgb).getRgbF()[:3]]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_digits_on_class_colours_have_contrast():
    for rgb in PETROFF_10:
        light, dark = sorted((luminance(rgb), luminance(ink_on(rgb))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3  # WCAG 2.1, 1.4.11: graphical objects


def test_a_mix_lies_between():
    assert mix((0, 100, 200), (100, 0, 200), 0.25) == (25, 75, 200)


def pushed_apart(homes: np.ndarray, distance: float) -> np.ndarray:
    """`keep_apart` pair by pair."""
    places = homes.copy()
    for _ in range(12):
        if distances(places).min() >= 0.95 * distance:
            break
        moves = np.zeros_like(places)
        for i in range(len(places)):
            for j in range(len(places)):
                gap = places[i] - places[j]
                length = np.hypot(*gap)
                if i != j and length < distance:
                    way = (
                        gap / length
                        if length > 1e-3
                        else np.array([np.cos(2.399963 * i), np.sin(2.399963 * i)])
                    )
                    moves[i] += (distance - length) / 2 * way
        away = places + moves - homes
        far = np.maximum(np.hypot(*away.T), 1e-9)[:, None]
        places = homes + away * np.minimum(1, 1.7 * distance / far)
    return places


def test_many_labels_are_pushed_by_all_that_touch_them():
    homes = np.random.default_rng(0).normal(400, 40, (40, 2))
    homes[3] = homes[4]
    np.testing.assert_allclose(keep_apart(homes, 20), pushed_apart(homes, 20), atol=1e-6)


def pixels_of(draw, device: QImage | QPicture) -> np.ndarray:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return np.array(device.constBits()) if isinstance(device, QImage) else np.zeros(0)


@pytest.mark.usefixtures("qapp")
def test_a_centre_that_is_copied_looks_like_one_that_is_painted():
    """What all classes have in common is painted once; a picture for a file is painted in full."""
    places = np.array([[20.25, 20.5], [60.0, 20.75], [20.5, 60.0], [60.75, 60.25]])

    def draw(painter):
        draw_centres(painter, places, PETROFF_10[:4], LIGHT)

    blank = QImage(80, 80, QImage.Format.Format_RGB32)
    blank.fill(QColor(180, 200, 220))
    picture = QPicture()
    pixels_of(draw, picture)
    copied = pixels_of(draw, blank.copy()).astype(int)
    painted = pixels_of(lambda painter: painter.drawPicture(0, 0, picture), blank.copy())
    assert (copied != pixels_of(lambda _: None, blank.copy())).any()
    np.testing.assert_allclose(copied, painted, atol=3)


@pytest.mark.parametrize("held", [4, 2000])
def test_marks_that_no_turn_has_time_for_come_in_the_end(held, monkeypatch, qapp):
    """Also where fewer are held than are drawn: the plot would be painted again for ever."""
    assert qapp is not None
    clock = iter(range(10**6))
    monkeypatch.setattr(cached.time, "thread_time", lambda: next(clock))
    monkeypatch.setattr(cached, "tag_image", lru_cache(held)(cached.tag_image.__wrapped__))
    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    painter, new, turns = QPainter(image), NewMarks(4.0), []
    tags = [Tag(QPointF(50, 50), str(number), (0, 0, 0), (0, 0, 0)) for number in range(20)]
    while not turns or (not new.complete and len(turns) < 30):
        before = cached.tag_image.cache_info().misses
        new.begin()
        draw_tags(painter, tags, new)
        turns.append(cached.tag_image.cache_info().misses - before)
    painter.end()
    assert new.complete
    assert 1 <= turns[0] < 10, "it comes in pieces"


def test_one_plot_of_the_most_classes_there_are_has_all_its_marks_at_hand():
    assert cached.tag_image.cache_info().maxsize >= 2 * MOST_CLASSES
