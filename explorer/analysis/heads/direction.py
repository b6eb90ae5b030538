"""Whether a classifier, and the margin of its loss, depend on the direction of a feature alone."""

from __future__ import annotations

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.core.settings.config import LossConfig


def decides_by_direction(snapshot: Snapshot) -> bool:
    """Return whether x and x/‖x‖ get the same class at test time, so that regions hold for both."""
    return head_of(snapshot).ignores_length


def margin_by_direction(loss: LossConfig) -> bool:
    """Return whether the margin of a loss is the same at every length of the feature."""
    geometry = loss.spec.geometry
    return geometry is None or not geometry.by_length
