"""A pair of colours that many cannot tell apart must be found, and one that all can must not."""

import numpy as np
import pytest

from explorer.analysis.raster.colour_vision import NEAREST, VISIONS, distances, distances_seen, look_alikes


def test_black_and_white_are_one_apart_and_a_colour_is_like_itself():
    apart = distances([(0, 0, 0), (255, 255, 255), (200, 30, 90)])
    assert apart[0, 1] == pytest.approx(1, abs=1e-4)
    assert np.diagonal(apart) == pytest.approx(0)
    np.testing.assert_allclose(apart, apart.T)


def test_red_and_green_of_one_lightness_look_alike_though_they_differ_for_usual_eyes():
    assert look_alikes([(200, 60, 50), (0, 0, 255), (100, 130, 40)]) == [(0, 2)]


def test_greys_keep_their_distance_for_all_eyes():
    # Oklab's lightness of a grey is the cube root of its linear light.
    linear = ((np.array([64, 160]) / 255 + 0.055) / 1.055) ** 2.4
    assert distances([(64, 64, 64), (160, 160, 160)])[0, 1] == pytest.approx(
        float(np.diff(np.cbrt(linear))[0]), rel=1e-3
    )


def test_few_colours_have_no_pairs():
    assert look_alikes([]) == []
    assert look_alikes([(1, 2, 3)]) == []
    assert look_alikes([(1, 2, 3), (1, 2, 3)]) == [(0, 1)]
    assert 0 < NEAREST < 0.1


def test_blue_and_green_look_alike_without_blue_cones_alone():
    blue, green = (0, 110, 120), (0, 116, 90)
    seen = {vision: distances_seen([blue, green], vision)[0, 1] for vision in VISIONS}
    assert min(seen, key=lambda vision: seen[vision]) == "tritanopia"
    assert seen["tritanopia"] < NEAREST < seen["normal"]
