"""BatchState: which batch is looked at, at which beat, and which of its images is in focus."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from msgspec import Struct

from explorer.analysis.batches.moment import BatchMoment, displacement
from explorer.gui.batches.marks import BatchMarks

_LONGEST = 0.3
"""Length of the arrow of the largest force, as a share of the root mean square length of the features."""


class Beat(IntEnum):
    """What is shown of a batch; the order is that of a training step."""

    FEATURES = 1
    SCORES = 2
    LOSS = 3
    FORCE = 4
    STEP = 5


class BatchState(Struct, frozen=True, eq=False):
    """A walk through one batch.

    ``before`` is the batch before its step, None while it is on its way; ``after`` the same images after it.
    ``row`` is the image in focus.
    """

    beat: Beat = Beat.FEATURES
    before: BatchMoment | None = None
    after: BatchMoment | None = None
    row: int = 0

    def marks(self, *, normalized: bool) -> BatchMarks | None:
        """Return what to draw over the features; None before there is a batch."""
        if self.before is None:
            return None
        now = self.before if self.after is None else self.after
        features, labels = now.snapshot.features, now.snapshot.probe.labels
        start, end = features, None
        if self.after is not None:
            start, end = displacement(self.before.snapshot.features, features, normalized)
        elif self.beat is Beat.FORCE:
            forces = self.before.forces
            size = float(np.sqrt(np.mean((features.astype(np.float64) ** 2).sum(axis=1))))
            largest = float(np.linalg.norm(forces, axis=1).max(initial=0.0))
            scaled = forces * (_LONGEST * size / largest if largest else 0.0)
            start, end = displacement(features, (features + scaled).astype(np.float32), normalized)
        else:
            start, _same = displacement(features, features, normalized)
        return BatchMarks(start, labels, self.row, end)
