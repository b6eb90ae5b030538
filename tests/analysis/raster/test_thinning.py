"""No spike of a long curve is lost by thinning."""

import numpy as np
import pytest

from explorer.analysis.raster.thinning import extremes, part_starts


@pytest.mark.parametrize(("count", "parts"), [(0, 5), (1, 5), (5, 5), (7, 3), (1000, 37), (3, 1)])
def test_parts_are_of_nearly_equal_size_and_hold_every_sample(count, parts):
    starts = part_starts(count, parts)
    assert len(starts) == min(count, parts)
    sizes = np.diff([*starts, count])
    assert sizes.sum() == count
    assert not count or (starts[0] == 0 and sizes.min() >= 1 and sizes.max() - sizes.min() <= 1)


def test_the_extremes_of_each_part_are_kept_and_gaps_only_where_all_is_missing():
    values = np.array([3.0, np.nan, 1.0, np.nan, np.nan, 7.0, 5.0, 9.0])
    low, high = extremes(values, np.array([0, 3, 5]))
    np.testing.assert_array_equal(low, [1, np.nan, 5])
    np.testing.assert_array_equal(high, [3, np.nan, 9])
