"""Whether a classifier, and the margin of its loss, depend only on the direction of a feature."""

from __future__ import annotations

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.core.settings.config import LossConfig


def decides_by_direction(snapshot: Snapshot) -> bool:
    """Return whether x and x/‖x‖ have the same prediction, so that regions are valid for both."""
    return head_of(snapshot).ignores_length


def margin_by_direction(loss: LossConfig) -> bool:
    """Return whether the margin of a loss is the same at every length of the feature."""
    geometry = loss.spec.geometry
    return geometry is None or not geometry.by_length
