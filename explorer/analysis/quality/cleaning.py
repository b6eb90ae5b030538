"""Wrong labels found by angle: images that are nearer to another class than to that of their label."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.classifier import reference_rows
from explorer.analysis.quality.stress import Stress
from explorer.analysis.statistics.angles import neighbours
from explorer.core.protocol.messages import TRAIN


class Cleaning(Struct, frozen=True, eq=False):
    """The training images in ``rows`` (m,) of a snapshot, and the angles by which a wrong label is found.

    ``own`` (m,) is the angle in radians to the weight of the given label, ``other`` (m,) that to the nearest
    weight of another class; ``wrong`` (m,) tells whether the given label is wrong. A label is found where
    ``other`` is smaller.
    """

    rows: Rows
    own: Floats
    other: Floats
    wrong: NDArray[np.bool_]

    @property
    def found_share(self) -> float:
        """Fraction of the wrong labels that are found; NaN without any."""
        return self._share(self.wrong)

    @property
    def false_share(self) -> float:
        """Fraction of the correct labels that would be taken for wrong; NaN without any."""
        return self._share(~self.wrong)

    def part(self, chosen: NDArray[np.bool_]) -> Cleaning:
        """Return the same of some of the images alone; ``chosen`` (m,) masks them."""
        return Cleaning(self.rows[chosen], self.own[chosen], self.other[chosen], self.wrong[chosen])

    def _share(self, among: NDArray[np.bool_]) -> float:
        count = int(np.count_nonzero(among))
        return int(np.count_nonzero(among & (self.other < self.own))) / count if count else math.nan


@np.errstate(invalid="ignore")
def cleaning_of(snapshot: Snapshot, stress: Stress) -> Cleaning:
    """Return the angles of the training images of classes trained on.

    They are to the class weights, or to the class means of the training images for a loss that has none; the
    nearest of several weights of a class counts.
    """
    probe = snapshot.probe
    finite = np.isfinite(snapshot.features).all(axis=1)
    rows = np.flatnonzero((probe.split == TRAIN) & probe.judged & finite)
    found = neighbours(snapshot.features[rows], stress.given[rows], reference_rows(snapshot, TRAIN))
    known = np.isfinite(found.own) & np.isfinite(found.other)
    return Cleaning(rows[known], found.own[known], found.other[known], stress.wrong[rows][known])
