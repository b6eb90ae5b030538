"""Regions: decision regions and margin bands of a snapshot in the plane, for every kind of head."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import row_labels
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import class_reference, measures_unit_features
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.plane.bands import margin_bands
from explorer.analysis.plane.geometry import Floats, Rectangle, Region, linear_cells, nearest_mean_cells
from explorer.analysis.plane.length_bands import length_bands
from explorer.analysis.plane.quadratic_cells import QuadraticPlane
from explorer.analysis.plane.wedges import (
    Wedge,
    accepted_wedges,
    angular_wedges,
    direction_wedges,
    wedge_regions,
)


class Division(Struct, frozen=True, eq=False):
    """The plane in view.

    ``regions``, which fill it, are where a class is the answer at test time or none is; within them,
    ``bands`` are where a sample is right at test time but not yet in training.
    """

    regions: list[Region]
    bands: list[Region]


def division(snapshot: Snapshot, view: Rectangle, pixel: float, *, bands: bool = True) -> Division:
    """Return the regions and bands of a snapshot of features in the plane.

    Parameters
    ----------
    snapshot : Snapshot
        With features (n, 2).
    view : Rectangle
        What is visible.
    pixel : float
        Side of a pixel in the units of the view. Straight borders are exact; those that are curves are
        polylines right to a part of a pixel.
    bands : bool
        Whether the bands are wanted; none are returned otherwise.
    """
    centers, log_variance = snapshot.centers, snapshot.log_variance
    if snapshot.config.loss.spec.head == "gaussian" and centers is not None and log_variance is not None:
        if not (np.isfinite(centers) & np.isfinite(log_variance)).all(axis=1).any():
            return Division([], [])
        plane = QuadraticPlane(centers, log_variance, view, pixel)
        alpha = float(snapshot.config.loss.params["alpha"])
        return Division(plane.regions(), plane.bands(alpha) if bands else [])
    margin = TrainingMargin.of(snapshot) if bands else None
    wedges = decision_wedges(snapshot)
    if wedges is None:
        return Division(_cells(snapshot, view), [])
    regions = wedge_regions(wedges, view)
    if margin is None:
        return Division(regions, [])
    if margin.lengths:
        return Division(regions, length_bands(wedges, margin, view, pixel))
    return Division(regions, wedge_regions(margin_bands(wedges, margin), view, borders=False))


def decision_wedges(snapshot: Snapshot) -> list[Wedge] | None:
    """Return the directions in which each class is the answer, None where the length decides too."""
    loss, weight, bias = snapshot.config.loss, snapshot.weight, snapshot.bias
    head = loss.spec.head
    if head in ("nearest-mean", "gaussian") or weight is None:
        return _nearest_unit_mean(snapshot) if measures_unit_features(loss) else None
    if head == "linear":
        return None if bias is not None and bias.any() else direction_wedges(_lines(weight, None))
    if head == "unit-linear":
        return direction_wedges(_lines(float(loss.params["alpha"]) * weight.astype(np.float64), bias))
    wedges = angular_wedges(weight, row_labels(len(weight), snapshot.probe.num_classes).tolist())
    if head == "one-vs-all":
        threshold = 0.0 if bias is None else float(bias[0])
        widest = _accepted_angle(float(loss.params["scale"]), float(loss.params["t"]), threshold)
        return accepted_wedges(wedges, weight, widest)
    return wedges


def _cells(snapshot: Snapshot, view: Rectangle) -> list[Region]:
    weight, head = snapshot.weight, snapshot.config.loss.spec.head
    if weight is None or head in ("nearest-mean", "gaussian"):
        return nearest_mean_cells(class_reference(snapshot), view)
    return linear_cells(weight, snapshot.bias, view)


def _nearest_unit_mean(snapshot: Snapshot) -> list[Wedge]:
    """Return where a unit feature is nearest to each mean of unit features, which are shorter than one.

    The squared distance |u − μ|² is smallest where 2μ·u − |μ|² is largest.
    """
    means = class_reference(snapshot).astype(np.float64)
    return direction_wedges(_lines(2 * means, -(means**2).sum(axis=1)))


def _lines(rows: Floats, offsets: Floats | None) -> NDArray[np.float64]:
    return np.column_stack([rows, np.zeros(len(rows)) if offsets is None else offsets]).astype(np.float64)


def _accepted_angle(scale: float, t: float, offset: float) -> float:
    """Return the angle below which SphereFace2's score r·(2((cos θ + 1)/2)^t − 1) + b is above zero."""
    share = (1 - offset / scale) / 2
    if share <= 0:
        return math.inf
    return math.acos(min(1.0, 2 * share ** (1 / t) - 1)) if share < 1 else 0.0
