"""Products of large matrices in parts that are small enough for one thread."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Real = TypeVar("Real", bound=np.floating[Any])

BLOCK = 1 << 18
"""Multiplications in a product for which OpenBLAS uses one thread.

More threads wait for each other, and take turns with those that train: on two busy cores, the product of
10,000 points in 128 dimensions with two axes takes 150 ms as a whole, and a fifth of a millisecond in parts.
"""


_LEAST_ROWS = 16
"""Rows of a part, if there are as many: with fewer it takes several times as long as all at once."""


def product(points: NDArray[Real], columns: NDArray[Real]) -> NDArray[Real]:
    """Return the product (n, k) of ``points`` (n, d) and ``columns`` (d, k), computed on one thread.

    Parts have all columns where these leave enough rows, else some of them.
    """
    count, dim = points.shape
    rows = max(BLOCK // max(1, columns.size), min(count, _LEAST_ROWS))
    across = max(1, min(columns.shape[1], BLOCK // max(1, rows * dim)))
    result = np.empty((count, columns.shape[1]), points.dtype)
    for left in range(0, columns.shape[1], across):
        some = slice(left, left + across)
        for top in range(0, count, rows):
            np.matmul(points[top : top + rows], columns[:, some], out=result[top : top + rows, some])
    return result
