"""Colours of the classes: safe to begin with, one's own where wanted, and a warning where they mislead."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from explorer.analysis.raster.colour_vision import VISIONS, distances_seen, look_alikes
from explorer.analysis.raster.oklab import linear_light, oklab
from explorer.gui.app import App
from explorer.gui.plots.style import ink_on
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.class_colors import ClassColorEditor
from explorer.gui.theme.palettes import (
    DEFAULT,
    PALETTES,
    PETROFF_10,
    ClassColors,
    colors_from_mapping,
    colors_to_mapping,
    concern,
)
from explorer.gui.theme.theme import DARK, LIGHT, THEMES

RGB = st.tuples(*[st.integers(0, 255)] * 3)


def luminance(rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(*rgb).getRgbF()[:3]]
    return sum(share * weight for share, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(first, second) -> float:
    """WCAG 2.1."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_palette_has_ten_colours_that_all_eyes_tell_apart(name, theme):
    dressed = ClassColors(name).on(theme)
    colors = dressed.classes
    assert len(colors) == len(set(colors)) == 10
    assert look_alikes(colors) == []
    assert concern(dressed, "0123456789") == ""
    for rgb in colors:
        assert contrast(rgb, theme.plot) > 1.3
        assert contrast(rgb, ink_on(rgb)) > 3  # 1.4.11: graphical objects


def hue_and_chroma(colors):
    _, a, b = oklab(linear_light(colors)).T
    return np.degrees(np.arctan2(b, a)) % 360, np.hypot(a, b)


def least_distance(colors, vision) -> float:
    apart = distances_seen(colors, vision)
    return float(apart[np.triu_indices(len(colors), 1)].min())


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_ten_hues_are_clear_and_no_eyes_see_two_of_them_closer_than_petroffs(theme):
    hues, chromas = hue_and_chroma(theme.classes)
    ordered = np.sort(hues)
    assert np.diff(ordered, append=ordered[0] + 360).min() > 20  # degrees
    assert chromas.min() > 0.075  # the least of Petroff's is 0.01: a grey
    for vision in VISIONS:
        assert least_distance(theme.classes, vision) > 1.15 * least_distance(PETROFF_10, vision)


def test_a_class_has_the_same_hue_on_both_backgrounds():
    light, dark = (hue_and_chroma(theme.classes)[0] for theme in (LIGHT, DARK))
    assert np.abs((light - dark + 180) % 360 - 180).max() < 6


@pytest.mark.parametrize(("theme", "lightness", "least"), [(LIGHT, 0.95, 2.5), (DARK, 0.3, 3.0)])
def test_points_stand_out_from_the_area_of_their_class_which_has_their_hue(theme, lightness, least):
    fields = [theme.field_color(label) for label in range(10)]
    assert min(map(contrast, theme.classes, fields)) > least
    assert oklab(linear_light(fields))[:, 0] == pytest.approx([lightness] * 10, abs=0.01)
    turned = hue_and_chroma(fields)[0] - hue_and_chroma(theme.classes)[0]
    assert np.abs((turned + 180) % 360 - 180).max() < 6  # 256 levels of a pale colour are coarse


def test_the_area_of_a_grey_class_is_grey_and_that_of_another_palette_as_light():
    grey = ClassColors().with_color(3, (90, 90, 90)).on(LIGHT)
    assert len(set(grey.field_color(3))) == 1
    for name in PALETTES:
        theme = ClassColors(name).on(DARK)
        fields = [theme.field_color(label) for label in range(10)]
        assert oklab(linear_light(fields))[:, 0] == pytest.approx([0.3] * 10, abs=0.01)


def test_the_palette_that_a_person_has_chosen_stays_though_the_default_is_another():
    assert DEFAULT != "petroff"
    assert colors_from_mapping({"palette": "petroff", "changed": {}}).on(LIGHT).classes == PETROFF_10


def test_the_default_colours_are_the_themes_own():
    assert ClassColors().on(LIGHT) is LIGHT
    assert ClassColors().on(DARK) is DARK


def test_a_changed_colour_is_that_of_its_class_alone_whatever_the_palette():
    colors = ClassColors().with_color(3, (1, 2, 3)).with_color(27, (9, 9, 9))
    for name in PALETTES:
        theme = replace(colors, palette=name).on(LIGHT)
        own = ClassColors(name).on(LIGHT)
        for label in range(60):
            wanted = {3: (1, 2, 3), 27: (9, 9, 9)}.get(label, own.class_color(label))
            assert theme.class_color(label) == wanted
    assert colors.with_color(3, None).with_color(27, None) == ClassColors()


@given(st.sampled_from(list(PALETTES)), st.dictionaries(st.integers(0, 255), RGB))
def test_colours_come_back_from_a_file(name, changed):
    colors = ClassColors(name, tuple(sorted(changed.items())))
    assert colors_from_mapping(colors_to_mapping(colors)) == colors


def test_what_a_file_lacks_or_names_unknown_is_the_default_and_what_is_no_colour_is_refused():
    assert colors_from_mapping({}) == ClassColors()
    assert colors_from_mapping({"palette": "of tomorrow"}).palette == DEFAULT
    for changed in ({"3": "red"}, {"x": "#000000"}, {"300": "#000000"}, {"3": "#00000g"}, 7, {"3": 5}):
        with pytest.raises(ValueError, match=r"."):
            colors_from_mapping({"changed": changed})


def test_the_warning_names_classes_that_look_alike_or_cannot_be_seen():
    alike = ClassColors().with_color(2, (200, 60, 50)).with_color(6, (100, 130, 40)).on(LIGHT)
    names = ("cat", "dog", "ape", "owl", "bat", "eel", "fox", "hen", "rat", "yak")
    assert "ape and fox" in concern(alike, names)
    assert concern(alike, names[:3]) == ""
    assert "Class bat" in concern(ClassColors().with_color(4, (254, 255, 255)).on(LIGHT), names)
    same = ClassColors()
    for label in range(5):
        same = same.with_color(label, (0, 0, 200))
    assert "0 and 1, 0 and 2, 0 and 3 and 7 more pairs" in concern(same.on(LIGHT), "01234")


def test_the_commands_tick_the_palette_and_keep_changed_colours_until_they_are_restored(qtbot, tmp_path):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    qtbot.addWidget(app.window)
    action = app.actions.action
    assert action(f"palette.{DEFAULT}").isChecked()
    assert not action("palette.restore").isEnabled()
    app.colors.choose(ClassColors().with_color(1, (5, 5, 5)))
    action("palette.tol").trigger()
    assert app.appearance.colors == ClassColors("tol", ((1, (5, 5, 5)),))
    assert [name for name in PALETTES if action(f"palette.{name}").isChecked()] == ["tol"]
    action("palette.restore").trigger()
    assert app.appearance.colors == ClassColors("tol")
    assert not action("palette.restore").isEnabled()
    app.window.close()


def test_a_class_gets_the_colour_of_the_palette_again(qtbot, themed):
    window = QWidget()
    qtbot.addWidget(window)
    colors = ClassColors().with_color(1, (5, 5, 5))
    appearance = Appearance(themed, "light", window, colors)
    editor = ClassColorEditor(appearance, window)
    with qtbot.waitSignal(editor.colorsChanged):
        editor.restore(1)
    assert appearance.colors == ClassColors()


def test_a_colour_is_asked_for_without_waiting(qtbot, themed):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    appearance = Appearance(themed, "light", window)
    editor = ClassColorEditor(appearance, window)
    editor.edit(6)
    (dialog,) = window.findChildren(QColorDialog)
    assert dialog.isVisible()
    assert dialog.currentColor().getRgb()[:3] == LIGHT.class_color(6)
    dialog.setCurrentColor(QColor(10, 20, 30))
    with qtbot.waitSignal(editor.colorsChanged):
        dialog.accept()
    assert appearance.colors == ClassColors().with_color(6, (10, 20, 30))
    qtbot.waitUntil(lambda: not window.findChildren(QColorDialog))
