"""Oklab against the values of its author, and tints that keep the hue of a colour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.raster.oklab import linear_light, oklab, tint

RGB = st.tuples(*[st.integers(0, 255)] * 3)


def test_colours_have_the_published_places():
    # Ottosson 2020, bottosson.github.io/posts/oklab, from CIE XYZ by the matrix of sRGB (IEC 61966-2-1).
    xyz_to_linear = np.array(
        [
            [3.2404542, -1.5371385, -0.4985314],
            [-0.9692660, 1.8760108, 0.0415560],
            [0.0556434, -0.2040259, 1.0572252],
        ]
    )
    published = {
        (0.950, 1.000, 1.089): (1.000, 0.000, 0.000),
        (1.000, 0.000, 0.000): (0.450, 1.236, -0.019),
        (0.000, 1.000, 0.000): (0.922, -0.671, 0.263),
        (0.000, 0.000, 1.000): (0.153, -1.415, -0.449),
    }
    for xyz, place in published.items():
        assert oklab(xyz_to_linear @ xyz) == pytest.approx(place, abs=2e-3)


def test_linear_light_is_that_of_srgb():
    assert linear_light([0, 10, 128, 255]) == pytest.approx([0, 0.003035, 0.215861, 1], abs=1e-6)


@given(RGB, st.floats(0.2, 0.98), st.floats(0, 0.3))
def test_a_tint_has_the_lightness_asked_for_and_never_more_chroma(rgb, lightness, chroma):
    found = oklab(linear_light(tint(rgb, lightness, chroma)))
    assert found[0] == pytest.approx(lightness, abs=0.015)
    own = oklab(linear_light(rgb))
    assert np.hypot(*found[1:]) <= min(chroma, np.hypot(*own[1:])) + 0.02


def test_black_white_and_grey_have_grey_tints():
    for rgb in ((0, 0, 0), (255, 255, 255), (90, 90, 90)):
        assert len(set(tint(rgb, 0.6, 0.1))) == 1
