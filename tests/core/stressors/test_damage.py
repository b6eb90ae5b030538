"""Damage: each kind does what its name says, as strongly as it says, to a share of the images."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from explorer.core.settings.stressors import DAMAGES, StressorConfig
from explorer.core.stressors.damage import NONE, damaged_images, fate_of, limits_of

SIDE = 28
INDEX = np.arange(4000)


@pytest.fixture(scope="module")
def images():
    """Return pictures with a bright bar and a dark one."""
    pixels = np.full((len(INDEX), SIDE, SIDE), 60, np.uint8)
    pixels[:, 8:12, 4:24] = 220
    pixels[:, 18:20, 10:] = 0
    return pixels


def fate(config, index=INDEX):
    return fate_of(np, 3, 1, index, limits_of(config))


def test_a_share_is_damaged_each_in_one_way_and_with_a_strength_of_its_own():
    config = StressorConfig(damaged=0.4, blur=0.8, contrast=0.2)
    kind, strength = fate(config)
    assert (kind != NONE).mean() == pytest.approx(0.4, abs=0.03)
    assert set(kind) == {NONE, DAMAGES.index("blur"), DAMAGES.index("contrast")}
    for number, most in ((0, 0.8), (3, 0.2)):
        some = strength[kind == number]
        assert 0.35 < len(some) / (kind != NONE).sum() < 0.65
        assert np.histogram(some, 4, (0, most))[0] / len(some) == pytest.approx(0.25, abs=0.06)
    assert (strength[kind == NONE] == 0).all()


def test_a_stronger_setting_damages_the_same_images_more():
    """So that the picture under the pointer follows the slider and does not jump."""
    weak, strong = (fate(StressorConfig(blur=blur, damaged=0.5)) for blur in (0.2, 0.6))
    assert (weak.kind == strong.kind).all()
    assert strong.strength == pytest.approx(3 * weak.strength, rel=1e-6)
    more = fate(StressorConfig(blur=0.2, damaged=0.9))
    assert ((weak.kind == NONE) | (more.kind == weak.kind)).all()


def test_images_without_damage_stay_as_they_are_and_nothing_is_done_without_strength(images):
    config = StressorConfig(damaged=0.5, noise=1.0)
    shown = damaged_images(images, 3, 1, INDEX, config)
    untouched = fate(config).kind == NONE
    assert (shown[untouched] == images[untouched]).all()
    assert (shown[~untouched] != images[~untouched]).any(axis=(1, 2)).mean() > 0.99, "few are too weak to see"
    for off in (StressorConfig(), StressorConfig(damaged=0.0, blur=1.0)):
        assert damaged_images(images, 3, 1, INDEX, off) is images


def test_blur_is_that_of_scipy(images):
    config = StressorConfig(damaged=1.0, blur=1.0)
    shown, strength = damaged_images(images, 3, 1, INDEX, config), fate(config).strength
    weak = strength < 0.15  # at the border scipy mirrors the image
    assert weak.sum() > 100
    for row in np.flatnonzero(weak)[:50]:
        expected = gaussian_filter(images[row].astype(float), strength[row] * 0.15 * SIDE, truncate=20)
        assert np.abs(shown[row] - expected)[3:-3, 3:-3].max() <= 1


def test_noise_is_normal_with_the_deviation_that_it_says(images):
    config = StressorConfig(damaged=1.0, noise=0.4)
    grey = np.full_like(images, 128)
    shown, strength = damaged_images(grey, 3, 1, INDEX, config).astype(float), fate(config).strength
    some = (strength > 0.1) & (strength < 0.3)  # so that few values are cut off at 0 and 255
    scaled = (shown[some] - 128) / (128 * strength[some])[:, None, None]
    assert scaled.mean() == pytest.approx(0, abs=0.01)
    assert scaled.std() == pytest.approx(1, abs=0.01)
    assert (np.abs(scaled) < 1).mean() == pytest.approx(0.683, abs=0.02)
    assert abs(np.corrcoef(scaled[0].ravel(), scaled[1].ravel())[0, 1]) < 0.15, "each image has its own"


def test_a_patch_hides_its_share_of_height_and_width_anywhere(images):
    config = StressorConfig(damaged=1.0, occlusion=0.9)
    white = np.full_like(images, 255)
    hidden = damaged_images(white, 3, 1, INDEX, config) == 128
    strength = fate(config).strength
    assert np.abs(np.sqrt(hidden.sum((1, 2))) - strength * SIDE).max() < 1
    small = hidden[strength < 0.3].mean(axis=0)
    assert small[2:-2, 2:-2].min() > 0
    assert small[10:18, 10:18].min() > 0.005


def test_low_contrast_keeps_the_mean_and_shrinks_the_deviation(images):
    config = StressorConfig(damaged=1.0, contrast=1.0)
    shown, strength = damaged_images(images, 3, 1, INDEX, config), fate(config).strength
    assert shown.mean((1, 2)) == pytest.approx(images.mean((1, 2)), abs=0.6)
    assert shown.std((1, 2)) == pytest.approx((1 - strength) * images.std((1, 2)), abs=0.6)


def test_colours_are_damaged_alike(images):
    coloured = np.stack([images[:200]] * 3, axis=3)
    config = StressorConfig(damaged=1.0, blur=0.5, noise=0.5, occlusion=0.5, contrast=0.5)
    grey = damaged_images(images[:200], 3, 1, INDEX[:200], config)
    assert (damaged_images(coloured, 3, 1, INDEX[:200], config) == grey[..., None]).all()
