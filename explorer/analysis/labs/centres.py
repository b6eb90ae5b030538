"""Class centres: what the centre loss makes of a cloud with an outlier, and how centres follow it.

Wen et al., "A Discriminative Feature Learning Approach for Deep Face Recognition", ECCV 2016.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rule = Literal["batch", "epoch"]
"""When a centre moves: after each batch by the centre rate, or after each epoch to the mean."""

WORKED = (
    ((0.5, 0.6, 0.7), (0.4, 0.5, 0.8), (0.6, 0.7, 0.6), (0.5, 0.5, 0.8)),
    ((0.8, 0.2, 0.3), (0.7, 0.3, 0.4), (0.6, 0.4, 0.5), (0.7, 0.2, 0.6)),
    ((0.1, 0.9, 0.2), (0.2, 0.8, 0.3), (0.3, 0.7, 0.4), (0.1, 0.8, 0.5)),
)
"""Four vectors of each of three classes, an example of course notes that calls them normalised."""

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def cloud(count: int, middle: tuple[float, float], radius: float) -> Floats:
    """Return points (count, 2) spread evenly over a disc: a spiral by the golden angle."""
    place = np.arange(count) + 0.5
    reach, turn = radius * np.sqrt(place / count), _GOLDEN_ANGLE * place
    return np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=1) + middle


def half_squares(points: Floats, centre: Floats) -> Floats:
    """Return ½‖x − c‖² (n,) of each row (n, d)."""
    result: Floats = 0.5 * ((points - centre) ** 2).sum(axis=1)
    return result


def shares(values: Floats) -> Floats:
    """Return each value as a fraction of their sum; zeros where the sum is zero."""
    total: float = values.sum()
    return values / (total or 1.0)


def on_unit_sphere(cosine: Floats, length: float) -> Floats:
    """Return ½‖x − c‖² = (1 + ‖c‖²)/2 − x·c for unit vectors x and a centre of a length, by their cosine."""
    return (1 + length**2) / 2 - length * cosine


def squared_product(cosine: Floats, length: float) -> Floats:
    """Return ½(x·c)², which some notes give for the same distance and which is not one."""
    return 0.5 * (length * cosine) ** 2


def centre_path(points: Floats, start: Floats, rule: Rule, rate: float, batch: int, steps: int) -> Floats:
    """Return the centre (steps + 1, d) before the first step and after each one.

    The batches take the points in turn, with a shorter batch at the end of each epoch. ``batch``:
    c ← c − α·Σ(c − x)/(1 + n) over the n points of the batch (Wen et al., eq. 4). ``epoch``: c becomes the
    mean of all points at the end of each epoch.
    """
    batches = [points[first : first + batch] for first in range(0, len(points), batch)]
    path = [np.asarray(start, dtype=np.float64)]
    for step in range(steps):
        now, part = path[-1], batches[step % len(batches)]
        if rule == "batch":
            path.append(now - rate * (now - part).sum(axis=0) / (1 + len(part)))
        else:
            last = step % len(batches) == len(batches) - 1
            path.append(points.mean(axis=0) if last else now)
    return np.stack(path)


def means(classes: Sequence[Sequence[Sequence[float]]]) -> list[list[float]]:
    """Return the mean vector of each class."""
    return [[math.fsum(column) / len(rows) for column in zip(*rows, strict=True)] for rows in classes]
