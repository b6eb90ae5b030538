"""Decision regions and margin bands of a snapshot in the plane."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from explorer.core.geometry import (
    Rectangle,
    Region,
    angular_wedges,
    linear_cells,
    nearest_mean_cells,
    wedge_polygons,
)
from explorer.core.margin_bands import Transform, angular_margin, cosine_margin, margin_bands
from explorer.core.params import Value
from explorer.core.snapshot import Floats, Snapshot
from explorer.core.statistics import row_labels

MARGINS: Mapping[str, Callable[[Mapping[str, Value]], Transform]] = MappingProxyType(
    {
        "cosface": lambda params: cosine_margin(float(params["margin"])),
        "arcface": lambda params: angular_margin(float(params["margin"])),
    }
)
"""For losses whose bands can be drawn: T(θ) from the values of the loss' parameters."""


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
    if loss.name not in MARGINS or weight is None:
        return []
    labels = row_labels(len(weight), snapshot.probe.num_classes).tolist()
    return wedge_polygons(margin_bands(weight, MARGINS[loss.name](loss.params), labels), view)
