"""The comparison of pictures fails for what a person would miss, and for nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from gui.views.drawn import FIRST_PAGES, FONT, VIEWS, drawn, dressed
from gui.views.recorded import recorded
from gui.views.resemblance import blur, difference
from msgspec.structs import replace
from PySide6.QtGui import QFontDatabase

from explorer.analysis.frames.history import History
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.features.content import FeatureOptions

OTHER_FONT = "DejaVu Serif"
WHOLE = {}
"""Pictures of runs as views open, by run and theme."""


@pytest.fixture(params=THEMES)
def picture(request, qtbot):
    """Return what draws the features of a run in a theme."""

    def draw(run, **changes):
        """Return a picture of a run; the one without changes is drawn once and shared by all tests."""
        if not changes:
            known = WHOLE.get((run, request.param))
            if known is None:
                known = WHOLE[run, request.param] = anew(run)
            return known
        return anew(run, **changes)

    def anew(run, *, theme=THEMES[request.param], snapshot=None, **options):
        recording, history = recorded(run)
        with dressed(theme):
            return drawn(
                "features",
                theme,
                snapshot or recording,
                history,
                qtbot,
                lambda view, _: view.set_options(FeatureOptions(**options)),
            )

    draw.theme, draw.anew = THEMES[request.param], anew
    return draw


def without(snapshot, classes):
    """Return a frame in which classes have no points."""
    gone = np.isin(snapshot.probe.labels, classes)
    return replace(snapshot, features=np.where(gone[:, None], np.float32(np.nan), snapshot.features))


def test_the_same_drawing_twice_is_the_same(picture):
    assert difference(picture("arcface"), picture.anew("arcface")).worst == 0


@pytest.mark.parametrize("run", ["softmax", "centre", "arcface", "triplet"])
def test_missing_regions_are_a_difference(picture, run):
    assert not difference(picture(run), picture(run, regions=False)).negligible


def test_missing_margin_bands_are_a_difference(picture):
    assert not difference(picture("arcface"), picture("arcface", bands=False)).negligible


@pytest.mark.parametrize("run", ["softmax", "centre", "arcface", "arcface-3d"])
def test_missing_class_weights_are_a_difference(picture, run):
    whole = picture(run)
    assert not difference(whole, picture(run, weights=False)).negligible
    assert not difference(whole, picture(run, snapshot=replace(recorded(run)[0], weight=None))).negligible


@pytest.mark.parametrize("run", ["centre", "l-gm"])
def test_missing_centres_are_a_difference(picture, run):
    assert not difference(picture(run), picture(run, centers=False)).negligible


@pytest.mark.parametrize("run", ["softmax", "arcface", "arcface-3d", "triplet"])
def test_missing_digits_are_a_difference(picture, run):
    assert not difference(picture(run), picture(run, digits=False)).negligible


@pytest.mark.parametrize("run", ["softmax", "arcface", "arcface-3d", "triplet"])
def test_missing_points_are_a_difference(picture, run):
    """Points of one class, while all else stands where it stood."""
    plain = {"digits": False, "weights": False, "regions": False}
    snapshot = recorded(run)[0]
    one_less = picture(run, snapshot=without(snapshot, [3]), **plain)
    assert not difference(picture(run, **plain), one_less).negligible


@pytest.mark.parametrize("run", ["softmax", "centre", "arcface", "arcface-3d", "triplet", "l-gm"])
def test_another_colour_of_a_class_is_a_difference(picture, run):
    first, second, *others = picture.theme.classes
    swapped = replace(picture.theme, classes=(second, first, *others))
    other = replace(picture.theme, classes=(first, (60, 160, 60), *others))
    whole = picture(run)
    assert not difference(whole, picture(run, theme=swapped)).negligible
    assert not difference(whole, picture(run, theme=other)).negligible


def test_a_shifted_plot_is_a_difference_and_a_pixel_is_none(picture):
    whole = picture("softmax")
    assert not difference(whole, np.roll(whole, 10, axis=1)).negligible
    assert not difference(whole, np.roll(whole, 10, axis=0)).negligible
    for axis in (0, 1):
        assert difference(whole, np.roll(whole, 1, axis)).negligible


def test_features_that_lie_elsewhere_are_a_difference(picture):
    snapshot = recorded("softmax")[0]
    turn = np.deg2rad(10)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]], np.float32)
    turned = replace(snapshot, features=snapshot.features @ rotation.T)
    assert not difference(picture("softmax"), picture("softmax", snapshot=turned)).negligible


@pytest.mark.parametrize("view", VIEWS)
def test_the_wrong_theme_is_a_difference(view, qtbot):
    pictures = []
    for theme in (LIGHT, DARK):
        with dressed(LIGHT):
            pictures.append(drawn(view, theme, *recorded("arcface"), qtbot))
    assert not difference(*pictures).negligible


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_view_is_a_difference(view, qtbot):
    with dressed(LIGHT):
        whole, empty = (
            drawn(view, LIGHT, *shown, qtbot, FIRST_PAGES[view][1])
            for shown in (recorded("arcface"), (None, History()))
        )
    assert not difference(whole, empty).negligible


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "angles"])
def test_another_font_is_no_difference(view, qtbot):
    """Of the angles the notes above the plot, set in lines, decide how much room is left to it."""
    if not {FONT, OTHER_FONT} <= set(QFontDatabase.families()):
        pytest.skip(f"{FONT} and {OTHER_FONT} are not both installed")
    pictures = []
    for family in (FONT, OTHER_FONT):
        with dressed(LIGHT, family):
            pictures.append(drawn(view, LIGHT, *recorded("arcface"), qtbot, FIRST_PAGES[view][1]))
    assert not np.array_equal(*pictures)
    assert difference(*pictures).negligible


def test_a_blur_is_the_mean_around_each_pixel():
    rng = np.random.default_rng(0)
    values = rng.random((9, 12, 3)).astype(np.float32)
    expected = np.mean([values[3 + down, 5 + across] for down in (-1, 0, 1) for across in (-1, 0, 1)], axis=0)
    assert blur(values, 3)[3, 5] == pytest.approx(expected, abs=1e-6)


def test_pictures_of_other_sizes_cannot_be_compared():
    with pytest.raises(ValueError, match="pixels"):
        difference(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 6, 3), np.uint8))
