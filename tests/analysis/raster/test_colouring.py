from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.raster.colouring import (
    COLOR_MODES,
    LEVELS,
    SCALES,
    Palette,
    coloring_of,
    faded,
    packed,
    scale_table,
)
from explorer.analysis.statistics.samples import facts_of

LIGHT = Palette((255, 255, 255), ((10, 20, 30), (200, 100, 0)), ((1, 2, 3), (4, 5, 6)))
DARK = replace(LIGHT, background=(20, 22, 26))


def lightness(colors):
    """L* of CIELAB, by its definition."""
    channels = np.stack([(colors >> shift) & 0xFF for shift in (16, 8, 0)], axis=-1) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)


def test_by_class_and_by_split_each_image_has_the_colour_of_its_own():
    snapshot = make_snapshot(count=4, train=2, classes=2)
    by_class = coloring_of(snapshot, "class", LIGHT).colors
    assert by_class[:4].tolist() == [0xFF0A141E, 0xFFC86400] * 2
    assert (lightness(by_class[4:]) > lightness(by_class[:2])).all()
    assert coloring_of(snapshot, "split", LIGHT).colors.tolist() == [0xFF010203] * 4 + [0xFF040506] * 2


@pytest.mark.parametrize("mode", SCALES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_scale_changes_evenly_in_lightness_and_ends_far_from_the_background(mode, palette):
    scale = SCALES[mode]
    values = lightness(scale_table(palette, scale)[:LEVELS])
    steps = np.diff(values)
    assert (np.sign(steps[np.abs(steps) > 0.6]) == np.sign(values[-1] - values[0])).all()
    assert abs(values[-1] - values[0]) > 55
    ground = lightness(packed([palette.background]))[0]
    end = values[-1] if scale.large else values[0]
    assert abs(end - ground) > 65
    assert np.abs(values - ground).min() > 10


def test_larger_losses_have_darker_colours_on_white():
    snapshot = make_snapshot(count=300)
    loss = facts_of(snapshot).loss
    order = np.argsort(np.clip(loss, 0.001, 10))
    found = lightness(coloring_of(snapshot, "loss", LIGHT).colors)[order]
    assert (np.diff(found) < 1.0).all()
    assert found[0] - found[-1] > 30


def test_positions_follow_the_scale_and_stop_at_its_ends():
    angles = np.array([0, math.pi / 8, math.pi / 2, math.nan])
    assert SCALES["angle"].position(angles) == pytest.approx([0, 0.5, 1, math.nan], nan_ok=True)
    losses = np.array([0, 0.001, 0.1, 10, 1e9])
    assert SCALES["loss"].position(losses) == pytest.approx([0, 0, 0.5, 1, 1])
    for scale in SCALES.values():
        assert len(scale.ticks) == len(scale.texts)


def test_a_colour_by_length_tells_long_features_from_short_ones_of_the_same_direction():
    snapshot = make_snapshot(count=5)
    lengths = [0.1, 1.5, 5.0, 40.0, 1000.0]
    features = np.outer(lengths, [0.6, -0.8]).astype(np.float32)
    coloring = coloring_of(replace(snapshot, features=features), "length", LIGHT)
    assert (np.diff(lightness(coloring.colors)) < 0).all()
    of_five = math.log(5) / math.log(50)
    assert coloring.level.tolist()[::2] == [0, int(of_five * 127), 127]


def test_a_length_too_large_for_single_precision_is_no_fault():
    snapshot = make_snapshot(count=20)
    features = np.full_like(snapshot.features, 3e38)
    assert coloring_of(replace(snapshot, features=features), "length", LIGHT).level.tolist() == [127] * 20


@pytest.mark.parametrize("mode", COLOR_MODES)
def test_what_is_not_a_number_has_a_colour_too(mode):
    snapshot = make_snapshot(count=20)
    features = snapshot.features.copy()
    features[3] = np.inf
    colors = coloring_of(replace(snapshot, features=features), mode, LIGHT).colors
    assert colors.shape == (20,)
    assert (colors >> 24 == 0xFF).all()
    if mode in SCALES:
        assert colors[3] == 0xFF808080


def test_fading_goes_all_the_way_to_the_background():
    table = packed([(0, 100, 200), (255, 255, 255)])
    assert faded(table, (10, 20, 30), 0).tolist() == table.tolist()
    assert faded(table, (10, 20, 30), 1).tolist() == [0xFF0A141E] * 2
    assert faded(table, (10, 20, 30), 0.5)[0] == 0xFF053C73
