"""A product in parts is the product, and no part of it is so small that calls take most of the time."""

import numpy as np
import pytest

from explorer.analysis.products import BLOCK, product

SHAPES = [(0, 3, 4), (5, 0, 4), (7, 3, 0), (1, 700, 500), (50, 512, 1000), (3000, 128, 10), (40, 20_000, 3)]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("count", "dim", "across"), SHAPES)
def test_it_is_the_product_in_few_parts_for_one_thread(count, dim, across, turned, monkeypatch):
    rng, parts = np.random.default_rng(0), []
    points = rng.normal(size=(count, dim)).astype(np.float32)
    columns = rng.normal(size=(across, dim)).T if turned else rng.normal(size=(dim, across))
    columns = columns.astype(np.float32)
    expected = points.astype(np.float64) @ columns
    matmul = np.matmul

    def noted(first, second, out):
        parts.append(first.shape[0] * second.size)
        return matmul(first, second, out=out)

    monkeypatch.setattr(np, "matmul", noted)
    found = product(points, columns)
    assert found.dtype == np.float32
    assert found == pytest.approx(expected, abs=1e-5 * max(1, dim))
    assert max(parts, default=0) <= max(BLOCK, 16 * dim)
    assert len(parts) <= 1 + 3 * count * dim * across / BLOCK
