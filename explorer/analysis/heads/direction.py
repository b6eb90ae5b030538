"""What of a classifier and its margin depends on the direction of a feature alone, whatever its length."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import measures_unit_features
from explorer.core.losses.margin_geometry import depends_on_length
from explorer.core.settings.config import LossConfig


def decides_by_direction(snapshot: Snapshot) -> bool:
    """Return whether x and unit(x) get the same class at test time, so that regions hold for both.

    True of heads on angles, of linear scores without biases, and of nearest means where the loss measures
    between unit features; false where a bias, a raw distance or a variance meets the length.
    """
    head = snapshot.config.loss.spec.head
    if snapshot.log_variance is not None or head == "gaussian":
        return False
    if head == "nearest-mean" or snapshot.weight is None:
        return measures_unit_features(snapshot.config.loss)
    return head != "linear" or snapshot.bias is None or not np.any(snapshot.bias)


def margin_by_direction(loss: LossConfig) -> bool:
    """Return whether the margin of a loss is the same at every length of the feature."""
    return not depends_on_length(loss.name)
