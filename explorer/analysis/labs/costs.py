"""What a loss costs by number of classes: memory by counting, time from measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

FLOAT_BYTES = 4
"""Weights, centres and logits are float32."""
MEGABYTE = 1e6

Points = Sequence[tuple[int, float]]
"""Numbers of classes and what was measured for them, in ascending order."""


class Memory(Struct, frozen=True):
    """Bytes of the parts whose size follows the number of classes.

    Parameters
    ----------
    weights, centres : int
        The classifier's weights and the class centres: C·d floats each.
    gradient : int
        The gradient of the weights; centres have none, since they follow the features.
    logits : int
        The logits of a batch: B·C floats.
    """

    weights: int
    centres: int
    gradient: int
    logits: int


def memory(classes: int, dim: int, batch: int) -> Memory:
    """Return the memory of C classes in d dimensions, for a batch of B samples."""
    weights = classes * dim * FLOAT_BYTES
    return Memory(weights, weights, weights, batch * classes * FLOAT_BYTES)


def nearest(points: Points, classes: int) -> tuple[int, float] | None:
    """Return the measurement whose number of classes is nearest by ratio, None where there is none."""
    return min(points, key=lambda point: abs(math.log(point[0] / classes)), default=None)


def growth(points: Points) -> float:
    """Return by how much the last measurement grew for ten times the classes; NaN for fewer than two."""
    if len(points) < 2:
        return math.nan
    (first, low), (last, high) = points[-2:]
    return float((high / low) ** (1 / math.log10(last / first)))
