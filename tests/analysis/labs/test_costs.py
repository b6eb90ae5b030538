"""Memory by counting floats, and what is read from measurements."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.analysis.labs.costs import growth, memory, nearest


@pytest.mark.parametrize(("classes", "dim", "batch"), [(10, 2, 256), (10_000, 64, 128), (1_000_000, 512, 64)])
def test_memory_is_that_of_the_arrays(classes, dim, batch):
    found = memory(classes, dim, batch)
    one_row = np.zeros((1, dim), np.float32).nbytes
    assert found.weights == found.centres == found.gradient == classes * one_row
    assert found.logits == np.zeros((1, batch), np.float32).nbytes * classes


def test_the_nearest_measurement_is_that_of_the_smallest_ratio():
    points = [(10, 1.0), (1_000, 2.0), (100_000, 3.0)]
    assert nearest(points, 90) == (10, 1.0)
    assert nearest(points, 110) == (1_000, 2.0)
    assert nearest(points, 10**7) == (100_000, 3.0)
    assert nearest([], 10) is None


def test_growth_is_that_of_ten_times_the_classes():
    assert growth([(10, 1.0), (100, 2.0), (1_000, 14.0)]) == pytest.approx(7.0)
    assert growth([(100, 2.0), (10_000, 32.0)]) == pytest.approx(4.0)
    assert math.isnan(growth([(10, 1.0)]))
