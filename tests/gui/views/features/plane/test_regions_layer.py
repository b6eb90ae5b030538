"""What is painted beneath the points must be what the classifier answers there, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.plane.test_bands_of_losses import MARGINS, right_in_training, trained
from analysis.plane.test_regions import answer_of, random_arrays
from analysis.snapshots import make_snapshot
from gui.views.features.test_view import point_pixel, rgb, show
from gui.views.packed_pixels import picture, pixels
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.heads.classifier import scores
from explorer.analysis.plane.geometry import UNDECIDED
from explorer.gui.theme.theme import LIGHT, THEMES
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.plane.cross_fade import FADE_MS
from explorer.gui.views.features.plane.regions_layer import RegionsItem

BARE = FeatureOptions(test=False, bands=False, weights=False, centers=False, digits=False)


def look(view, snapshot, options=BARE) -> np.ndarray:
    """Return the picture of 80 by 80 units around the origin at least."""
    show(view, snapshot, options)
    view.plane.box.setRange(xRange=(-40, 40), yRange=(-40, 40), padding=0)
    return picture(view)


def seen_points(view, count: int = 600) -> np.ndarray:
    seen = view.plane.visible()
    low, high = np.array([seen.left, seen.bottom]), np.array([seen.right, seen.top])
    return low + (high - low) * np.random.default_rng(1).uniform(0.02, 0.98, (count, 2))


def inland(answer, points: np.ndarray, reach: float) -> np.ndarray:
    around = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    return np.all([answer(points + reach * np.array(shift)) == answer(points) for shift in around], axis=0)


def far_from_axes(points: np.ndarray, reach: float) -> np.ndarray:
    return (np.abs(points) > reach).all(axis=1)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("loss", ["softmax", "cosface", "l2-softmax", "l-gm", "contrastive", "supcon"])
def test_every_pixel_has_the_colour_of_the_class_that_is_the_answer_there(view, loss, theme):
    view.set_theme(theme)
    snapshot = make_snapshot(loss=loss, train=200, **random_arrays(loss, seed=4))
    image = look(view, snapshot)
    answer, points = answer_of(snapshot), seen_points(view)
    seen = view.plane.visible()
    reach = 3 * (seen.right - seen.left) / view.plane.box.width()
    clear = inland(answer, points, reach) & far_from_axes(points, reach)
    assert clear.mean() > 0.5
    for point, label in zip(points[clear].tolist(), answer(points[clear]).tolist(), strict=True):
        column, row = point_pixel(view, *point)
        assert image[row, column] == rgb(theme.field_color(label))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_where_the_answer_is_none_there_is_grey_hatching_and_a_word_for_it(view, theme):
    view.set_theme(theme)
    arrays = random_arrays("sphereface2", seed=4)
    snapshot = make_snapshot(loss="sphereface2", **{**arrays, "bias": np.full(10, -8.5, np.float32)})
    image = look(view, snapshot)
    answer, points = answer_of(snapshot), seen_points(view)
    labels = answer(points)
    seen = view.plane.visible()
    reach = 6 * (seen.right - seen.left) / view.plane.box.width()
    open_ones = points[inland(answer, points, reach) & far_from_axes(points, reach) & (labels == UNDECIDED)]
    assert len(open_ones) > 50
    hatched = 0
    for point in open_ones.tolist():
        column, row = point_pixel(view, *point)
        around = image[row - 3 : row + 4, column - 3 : column + 4]
        channels = np.stack([around >> 16, (around >> 8) & 255, around & 255])
        assert (channels.max(axis=0) - channels.min(axis=0)).max() < 25  # no class' hue
        hatched += len(np.unique(around)) > 1
    assert hatched > 0.9 * len(open_ones)
    assert key_pixels(view, image)


def test_a_loss_that_always_answers_needs_no_word_for_none(view):
    image = look(view, make_snapshot(loss="cosface"))
    assert not key_pixels(view, image)


def banded(settings):
    """Return what tells whether a right answer is wrong to the loss as it trains."""
    loss, live, snapshot = settings

    def answer(points: np.ndarray) -> np.ndarray:
        return ~right_in_training(loss, live, points, scores(snapshot, points).argmax(axis=1))

    return answer


def key_pixels(view, image: np.ndarray) -> bool:
    """Whether text is written in the lower left corner of the plane."""
    seen = view.plane.visible()
    column, row = point_pixel(view, seen.left, seen.bottom)
    corner = image[row - 30 : row - 2, column + 2 : column + 100]
    return bool((corner == rgb(LIGHT.plot)).any() or (corner == rgb(THEMES["dark"].plot)).any())


@pytest.mark.parametrize("loss", ["arcface", "magface", "l-gm"])
def test_hatching_changes_the_picture_where_the_margin_is_not_met_and_nowhere_else(view, loss):
    settings = trained(loss, MARGINS[loss], seed=2)
    snapshot = settings[2]
    plain = look(view, snapshot)
    hatched = look(view, snapshot, replace(BARE, bands=True))
    answer, points = banded(settings), seen_points(view)
    seen = view.plane.visible()
    reach = 3 * (seen.right - seen.left) / view.plane.box.width()
    clear = inland(answer, points, reach) & far_from_axes(points, reach)
    column, row = np.array([point_pixel(view, *point) for point in points.tolist()]).T
    changed = plain[row, column] != hatched[row, column]
    assert 0.1 < changed[clear].mean() < 0.9
    np.testing.assert_array_equal(changed[clear], answer(points[clear]))


def test_a_class_that_has_more_than_half_the_plane_has_no_border_within(view):
    weight = np.array([[1, 0.3], [1, -0.3], [0.2, 1]], dtype=np.float32)
    snapshot = make_snapshot(loss="normface", classes=3, weight=weight)
    image = look(view, snapshot)
    answer, points = answer_of(snapshot), seen_points(view, 2000)
    seen = view.plane.visible()
    reach = 3 * (seen.right - seen.left) / view.plane.box.width()
    clear = inland(answer, points, reach) & far_from_axes(points, reach)
    for label in range(3):
        column, row = np.array(
            [point_pixel(view, *p) for p in points[clear & (answer(points) == label)].tolist()]
        ).T
        assert len(np.unique(image[row, column])) == 1


def fading(view):
    (item,) = [item for item in view.plane.scene().items() if isinstance(item, RegionsItem)]
    return item


@pytest.mark.parametrize("smooth", [True, False])
def test_the_regions_of_another_loss_replace_those_before_gradually_where_motion_is_smooth(view, smooth):
    first = make_snapshot(loss="softmax", **random_arrays("softmax", seed=4))
    second = make_snapshot(loss="cosface", probe=first.probe, **random_arrays("cosface", seed=9))
    before, after = look(view, first), look(view, second)
    look(view, first)
    view.set_smooth(smooth)
    item = fading(view)
    view.set_snapshot(second, History())
    item.background.finish()
    assert item.fade.active == smooth
    if smooth:
        item.fade.pause()
        for step in range(1, 4):  # their pictures leave alone the one that fades
            view.set_snapshot(replace(second, step=second.step + step), History())
            item.background.finish()
        for share in (0.0, 0.5, 0.9):
            item.fade.setCurrentTime(round(share * FADE_MS))
            wanted = (1 - share) * middle_of(view, before) + share * middle_of(view, after)
            shown = middle_of(view, packed(view.grab()))
            assert np.abs(shown - wanted).max() <= 3
        item.fade.drop()
    np.testing.assert_array_equal(middle_of(view, picture(view)), middle_of(view, after))


def packed(pixmap) -> np.ndarray:
    red, green, blue = np.moveaxis(pixels(pixmap.toImage()).astype(np.uint32), 2, 0)
    return red << 16 | green << 8 | blue


def middle_of(view, image) -> np.ndarray:
    """Return the colours (3, h, w) of a picture around the origin, without captions and axes."""
    (right, bottom), (left, top) = point_pixel(view, 30, -30), point_pixel(view, -30, 30)
    return np.stack([image[top:bottom, left:right] >> shift & 255 for shift in (16, 8, 0)]).astype(float)
