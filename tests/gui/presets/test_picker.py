"""The list of presets shows what each sets, finds by words, and begins a run."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from gui.views.drawn import pixels
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import list_presets
from explorer.gui.presets.picker import PresetPicker
from explorer.gui.presets.picture import settings_picture
from explorer.gui.theme.theme import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SIZE = QSize(400, 200)


def picture(changes, theme=LIGHT):
    image = settings_picture(RunConfig().replace(changes), theme, SIZE)
    return pixels(image).astype(int)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("margin", [0.0, 0.3, 0.5])
@pytest.mark.usefixtures("qapp")
def test_wedges_are_as_wide_as_the_margin_leaves_them(theme, margin):
    """Of two weights Δ apart, ArcFace keeps its margin up to (Δ − m) / 2 from each."""
    drawn = picture({"loss.name": "arcface", "loss.margin": margin, "data.subset": 8}, theme)[:, :200]
    full = sum((drawn == theme.class_color(label)).all(axis=2) for label in range(8))
    apart = 2 * math.pi / 8
    disc = math.pi * (100 - 4) ** 2
    assert full.sum() / disc == pytest.approx((apart - margin) / apart, abs=0.05)


@pytest.mark.usefixtures("qapp")
def test_only_classes_that_are_trained_on_are_drawn_in_space_too():
    drawn = picture({"network.dim": 3, "data.left_out": "5-9"})[:, :200]
    seen = {label for label in range(10) if (drawn == LIGHT.class_color(label)).all(axis=2).any()}
    assert seen
    assert seen <= set(range(5))


@pytest.mark.usefixtures("qapp")
def test_the_curve_is_that_of_the_loss_where_it_has_one():
    def accents(changes):
        return np.argwhere((np.abs(picture(changes)[:, 200:] - LIGHT.accent).sum(axis=2)) < 60)

    assert len(accents({"loss.name": "triplet"})) == 0
    plain, late = (accents({"loss.name": "cosface", "loss.margin": margin}) for margin in (0.0, 0.4))
    assert len(plain) > 150
    top = late[late[:, 1] < 10][:, 0].mean()  # T(0) = 1 − m, on an axis from −1 − m to 1
    assert top == pytest.approx(4 + 192 * 0.4 / 2.4, abs=4)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["l-softmax", "a-softmax"])
def test_presets_that_differ_in_a_multiplicative_margin_look_different(name):
    """At the first step annealing leaves next to nothing of the margin."""

    def curve(margin):
        return picture({"loss.name": name, "loss.margin": margin, "loss.annealing": 0.0})[:, 200:]

    pictures = [curve(margin) for margin in (1, 2, 3, 4)]
    for first, second in combinations(pictures, 2):
        assert (first != second).any(axis=2).sum() > 150


@pytest.fixture
def picker(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    result = PresetPicker(list_presets(), LIGHT, lambda preset: f"Time of {preset.name}.", window)
    result.show()
    yield result
    window.close()


def test_a_preset_is_found_and_begun(picker, qtbot):
    picker.search.setText("wen centre 0.1")
    assert picker.current.name == "wen-2016-center-lambda-0-1"
    assert picker.time.text() == "Time of wen-2016-center-lambda-0-1."
    picker.set_theme(DARK)
    with qtbot.waitSignal(picker.presetRequested) as asked:
        qtbot.mouseClick(picker.begin, Qt.MouseButton.LeftButton)
    assert asked.args[0].name == "wen-2016-center-lambda-0-1"
    assert not picker.isVisible()


def test_where_nothing_is_found_nothing_can_be_begun(picker):
    picker.search.setText("no such preset")
    assert picker.current is None
    assert not picker.begin.isEnabled()
    picker.search.clear()
    assert picker.begin.isEnabled()
