"""Where a margin lies between two neighbouring classes, as angles to the true class."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import weight_reference
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.median import median
from explorer.analysis.statistics.class_angles import class_angles

_STEPS = 721


def margin_span(snapshot: Snapshot) -> tuple[float, float] | None:
    """Return the angles in radians between which a feature is classified correctly, but not by the margin.

    They are angles to the true class weight, towards that of another class, which is as far away as the
    nearest other one of a typical class. None for a loss without margin or class weights.
    """
    margin, reference = TrainingMargin.of(snapshot), weight_reference(snapshot)
    if margin is None or reference is None:
        return None
    angles = class_angles(reference, snapshot.probe.num_classes)
    nearest = np.where(np.isnan(angles), np.inf, angles).min(axis=1)
    nearest = nearest[np.isfinite(nearest)]
    if not len(nearest):
        return None
    apart = median(nearest)
    theta = np.linspace(0.0, apart / 2, _STEPS)
    gain = np.full_like(theta, median(margin.gains) if len(margin.gains) else 1.0)
    other = gain * margin.geometry.rival(apart - theta, margin.sample).value + margin.offset
    lengths = np.linalg.norm(snapshot.features.astype(np.float64), axis=1)
    met = margin.slack_over(theta, gain, other, median(lengths[np.isfinite(lengths)])) >= 0
    return (float(theta[met].max()) if met.any() else 0.0), apart / 2
