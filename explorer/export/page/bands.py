"""The margin bands of a page: those with straight edges, which need two directions each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.plane.bands import margin_bands

_NONE = np.empty((0, 3))


def straight_bands(snapshot: Snapshot) -> NDArray[np.float64] | None:
    """Return class, start and end (B, 3) in radians of each margin band of features in the plane.

    Each reaches from the origin to infinity. None where their edges bend, since the margin or the classifier
    depends on the length of the feature: then they can only be computed for a part of the plane.
    """
    head = head_of(snapshot)
    wedges = head.wedges()
    if wedges is None:
        scores = head.kind.training_scores(snapshot.config.loss.params, (0.0, 0.0))
        return _NONE if scores is None else None
    margin = TrainingMargin.of(snapshot)
    if margin is None:
        return _NONE
    if margin.lengths:
        return None
    found = margin_bands(wedges, margin)
    return np.array([(band.label, band.start, band.end) for band in found]).reshape(-1, 3)
