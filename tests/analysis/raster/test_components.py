"""Components, neighbourhoods and closings are those that a search of each pixel's neighbours finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explorer.analysis.raster.components import closed, components, spread

MASKS = arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def reached(mask, start):
    """Return all pixels that can be reached from one by steps to neighbours."""
    found, left = {start}, [start]
    while left:
        row, column = left.pop()
        for other in ((row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)):
            inside = 0 <= other[0] < mask.shape[0] and 0 <= other[1] < mask.shape[1]
            if inside and mask[other] and other not in found:
                found.add(other)
                left.append(other)
    return found


@settings(max_examples=200, deadline=None)
@given(MASKS)
def test_components_are_what_can_be_reached(mask):
    labels, number = components(mask)
    assert ((labels > 0) == mask).all()
    assert set(np.unique(labels[mask])) == set(range(1, number + 1))
    for label in range(1, number + 1):
        pixels = {tuple(map(int, at)) for at in np.argwhere(labels == label)}
        assert pixels == reached(mask, min(pixels))


@settings(max_examples=50, deadline=None)
@given(MASKS, st.floats(0, 5))
def test_spread_has_all_pixels_within_the_radius(mask, radius):
    rows, columns = np.indices(mask.shape)
    near = [np.hypot(rows - row, columns - column) <= radius for row, column in np.argwhere(mask)]
    assert (spread(mask, radius) == np.any(near, axis=0) if near else ~spread(mask, radius)).all()


@pytest.mark.parametrize("side", [3, 5])
def test_closing_fills_what_is_dark_and_narrow_and_nothing_else(side):
    picture = np.full((20, 20), 9.0)
    picture[4 : 4 + side - 1, 2:18] = 1  # narrower than the square
    picture[12 : 12 + side, 2:18] = 3
    result = closed(picture, side)
    assert (result[4 : 4 + side - 1] == 9).all()
    assert (result[12 : 12 + side, 2:18] == 3).all()
    assert (result >= picture).all()
    assert (closed(result, side) == result).all()
