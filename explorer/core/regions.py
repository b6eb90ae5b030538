"""Decision regions and margin bands of a snapshot in the plane."""

from __future__ import annotations

from explorer.core.curves import other_curve, target_curve
from explorer.core.geometry import (
    Rectangle,
    Region,
    angular_wedges,
    linear_cells,
    nearest_mean_cells,
    wedge_polygons,
)
from explorer.core.margin_bands import margin_bands
from explorer.core.snapshot import Floats, Snapshot
from explorer.core.statistics import row_labels

MARGIN_LOSSES = frozenset(
    {
        "cosface",
        "arcface",
        "combined",
        "li-arcface",
        "sphereface-r",
        "curricularface",
        "subcenter-arcface",
    }
)
"""Losses whose margin depends on the angles alone, so that it has edges in the plane of features."""


def decision_regions(snapshot: Snapshot, means: Floats, view: Rectangle) -> list[Region]:
    """Return where in ``view`` each class is the answer at test time.

    ``means`` (C, 2) decide for a loss without class weights. Empty where the boundaries are not lines.
    """
    if snapshot.log_variance is not None:
        return []
    head, weight = snapshot.config.loss.spec.head, snapshot.weight
    if head == "nearest-mean" or weight is None:
        return nearest_mean_cells(means, view)
    if head == "linear":
        return linear_cells(weight, snapshot.bias, view)
    labels = row_labels(len(weight), snapshot.probe.num_classes).tolist()
    return wedge_polygons(angular_wedges(weight, labels), view)


def margin_regions(snapshot: Snapshot, view: Rectangle) -> list[Region]:
    """Return where in ``view`` a sample is right at test time but not yet under the margin of its loss."""
    loss, weight = snapshot.config.loss, snapshot.weight
    if loss.name not in MARGIN_LOSSES or weight is None:
        return []
    labels = row_labels(len(weight), snapshot.probe.num_classes).tolist()
    bands = margin_bands(
        weight,
        lambda theta: target_curve(loss.name, theta, loss.params),
        labels,
        lambda theta: other_curve(loss.name, theta, loss.params),
    )
    return wedge_polygons(bands, view)
