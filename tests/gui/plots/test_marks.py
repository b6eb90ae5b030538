from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from explorer.gui.plots.marks import keep_apart
from explorer.gui.plots.style import ink_on
from explorer.gui.theme.theme import PETROFF_10, mix


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


def luminance(rgb: tuple[int, int, int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(*rgb).getRgbF()[:3]]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_digits_on_class_colours_have_contrast():
    for rgb in PETROFF_10:
        light, dark = sorted((luminance(rgb), luminance(ink_on(rgb))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3  # WCAG 2.1, 1.4.11: graphical objects


def test_a_mix_lies_between():
    assert mix((0, 100, 200), (100, 0, 200), 0.25) == (25, 75, 200)
