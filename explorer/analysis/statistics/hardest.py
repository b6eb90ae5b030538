"""Which images a gallery shows: those that are selected, or those that stand out the most."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.samples import facts_of

Measure = Literal["loss", "angle", "distance"]


def measured(snapshot: Snapshot, measure: Measure) -> NDArray[np.floating]:
    """Return by how much (n,) each image stands out: its loss, θ_y in radians, or distance to its centre."""
    facts = facts_of(snapshot)
    numbers: dict[Measure, NDArray[np.floating]] = {
        "loss": facts.loss,
        "angle": facts.own_angle,
        "distance": facts.distance,
    }
    return numbers[measure]


def hardest(snapshot: Snapshot, measure: Measure, split: int, left_out: frozenset[int], most: int) -> Rows:
    """Return at most so many rows of a split, the largest ``measure`` first.

    Without the classes ``left_out``, and without images whose measure is not finite.
    """
    probe, values = snapshot.probe, measured(snapshot, measure)
    shown = (probe.split == split) & np.isfinite(values) & ~np.isin(probe.labels, list(left_out))
    rows = np.flatnonzero(shown)
    found: Rows = rows[np.argsort(-values[rows], kind="stable")[:most]]
    return found
