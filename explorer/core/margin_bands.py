"""Margin bands: directions in which a sample is right at test time but not yet under its training margin.

A margin loss replaces the own class' cosine by T(θ_y), so a sample of class y is right in training where
T(θ_y) ≥ max_j cos θ_j over the other classes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.core.geometry import FULL_TURN, Floats, Wedge, angular_wedges, directions

Angles = NDArray[np.float64]
Transform = Callable[[Angles], Angles]
"""T(θ): what a loss puts in the place of the own class' cosine, for θ in radians from 0 to π."""

_FEWEST_STEPS, _MOST_STEPS = 8, 64
_STEPS_IN_ALL = 1000
_BISECTIONS = 14


def margin_bands(
    rows: Floats, target: Transform, labels: Sequence[int] | None = None, other: Transform = np.cos
) -> list[Wedge]:
    """Return the bands of every class, anticlockwise in each.

    Parameters
    ----------
    rows : (K, 2)
        Class weights; only their directions count.
    target : callable
        T(θ), falling.
    labels : sequence of int, optional
        Class of each row; its position where None.
    other : callable
        What the loss makes of the angle to a row of another class, falling.

    Returns
    -------
    list of Wedge
        Inside the wedges of `angular_wedges`; none where the loss has no margin, all of a wedge where the
        margin cannot be met. Edges are exact to a ten-thousandth of a degree; of a class' wedge a 64th is
        looked at at a time, with more than 15 classes a coarser part, and a band narrower than that may be
        missed.
    """
    wedges = angular_wedges(rows, labels)
    if len({wedge.label for wedge in wedges}) < 2:
        return []
    found = directions(rows)
    usable = ~np.isnan(found)
    names = np.arange(len(rows)) if labels is None else np.asarray(labels)
    found, names = found[usable], names[usable]
    owners = np.array([wedge.label for wedge in wedges])
    own = names[None, :] == owners[:, None]
    starts = np.array([wedge.start for wedge in wedges])
    widths = np.array([wedge.end - wedge.start for wedge in wedges])

    def short(angles: Angles, which: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return whether the margin fails at ``angles`` (n, k) in the wedges ``which`` (n,)."""
        apart = np.abs((angles[..., None] - found + math.pi) % FULL_TURN - math.pi)
        mine = own[which][:, None, :]
        nearest_own = np.where(mine, apart, math.pi).min(axis=-1)
        nearest_other = np.where(mine, math.pi, apart).min(axis=-1)
        return np.asarray(target(nearest_own) < other(nearest_other))

    everyone = np.arange(len(wedges))
    # The two edges themselves are ties at test time: just inside them the answer is the one that counts.
    steps = max(_FEWEST_STEPS, min(_MOST_STEPS, _STEPS_IN_ALL // len(wedges)))
    shares = np.linspace(0, 1, steps + 1)
    shares[[0, -1]] = 1e-9, 1 - 1e-9
    grid = starts[:, None] + widths[:, None] * shares
    failing = short(grid, everyone)
    which, step = np.nonzero(failing[:, 1:] != failing[:, :-1])
    low, high = grid[which, step], grid[which, step + 1]
    at_low = failing[which, step]
    for _ in range(_BISECTIONS if len(which) else 0):
        middle = (low + high) / 2
        same = short(middle[:, None], which)[:, 0] == at_low
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    bands = []
    for i, wedge in enumerate(wedges):
        edges = [wedge.start, *high[which == i].tolist(), wedge.end]
        first = 0 if failing[i, 0] else 1
        bands += [Wedge(wedge.label, edges[k], edges[k + 1]) for k in range(first, len(edges) - 1, 2)]
    return [band for band in bands if band.end > band.start]
