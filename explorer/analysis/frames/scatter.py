"""Scatter: distances of features to their class mean, and between class means."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Labels, ProbeSet
from explorer.analysis.products import product
from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.core.protocol.messages import TEST

_Doubles = NDArray[np.float64]


class Scatter(Struct, frozen=True):
    """Spread within and between classes; NaN where there are too few features or classes.

    With n features x of class means m_y, and m the mean of all of them (Fukunaga 1990, ch. 10):

    - ``within``: root mean square distance of a feature to its class mean, √(Σ‖x − m_y‖² / n) = √(tr S_W);
    - ``between``: root mean square distance of its class mean to m, √(Σ‖m_y − m‖² / n) = √(tr S_B);
    - ``ratio``: tr S_W / tr S_B;
    - ``closest``: smallest distance between two class means;
    - ``own_angle``: mean angle in degrees between a feature and its class mean, seen from the origin;
    - ``closest_angle``: smallest angle in degrees between two class means.
    """

    within: float = math.nan
    between: float = math.nan
    ratio: float = math.nan
    closest: float = math.nan
    own_angle: float = math.nan
    closest_angle: float = math.nan


def probe_scatter(features: Floats, probe: ProbeSet) -> Scatter:
    """Return the scatter of the test images among ``features`` (n, d), of all where there is none.

    Without classes left out of training: so it can be compared with a run that has no others.
    """
    tested = (probe.split == TEST) & probe.judged
    if not tested.any():
        tested = probe.judged
    if not tested.all():
        return scatter(features[tested], probe.labels[tested], probe.num_classes)
    return scatter(features, probe.labels, probe.num_classes)


def scatter(features: Floats, labels: Labels, num_classes: int) -> Scatter:
    """Return the scatter of ``features`` (n, d) with ``labels`` (n,); all NaN where one is not finite."""
    if not len(features) or not np.isfinite(features).all():
        return Scatter()
    columns = features.T.astype(np.float64)  # a coordinate at a time is several times as fast as a row
    own = labels.astype(np.intp)
    counts = np.bincount(own, minlength=num_classes)
    sums = np.stack([np.bincount(own, column, minlength=num_classes) for column in columns])
    means = np.zeros(sums.shape)
    np.divide(sums, counts, out=means, where=counts > 0)
    within, products = 0.0, np.zeros(len(own))
    for column, mean in zip(columns, means, strict=True):
        of_own = mean.take(own)
        products += column * of_own
        of_own -= column
        within += float(of_own @ of_own) / len(own)
    lengths = _lengths(columns) * _lengths(means).take(own)
    present = counts > 0
    offset = means[:, present] - columns.mean(axis=1, keepdims=True)
    between = float((offset**2).sum(axis=0) @ counts[present]) / len(own)
    several = int(present.sum()) > 1
    closest, closest_angle = _closest(means[:, present]) if several else (math.nan, math.nan)
    return Scatter(
        within=math.sqrt(within),
        between=math.sqrt(between) if several else math.nan,
        ratio=within / between if several and between > 0 else math.nan,
        closest=closest,
        own_angle=float(_angles(products, lengths).mean()),
        closest_angle=closest_angle,
    )


def _closest(means: _Doubles) -> tuple[float, float]:
    """Return the smallest distance and the smallest angle in degrees between two of ``means`` (d, K)."""
    first, second = np.triu_indices(means.shape[1], 1)
    if len(means) > FEW_DIMENSIONS:
        return _closest_of_many(means, first, second)
    distance = math.sqrt(float(((means[:, first] - means[:, second]) ** 2).sum(axis=0).min()))
    lengths = _lengths(means)
    products = (means[:, first] * means[:, second]).sum(axis=0)
    return distance, float(_angles(products, lengths[first] * lengths[second]).min())


def _closest_of_many(
    means: _Doubles, first: NDArray[np.intp], second: NDArray[np.intp]
) -> tuple[float, float]:
    """Return as `_closest` from products: for each pair, all coordinates would be gigabytes."""
    offsets, lengths = means - means.mean(axis=1, keepdims=True), _lengths(means)
    squares = np.einsum("dk,dk->k", offsets, offsets)
    gaps = squares[first] + squares[second] - 2 * product(offsets.T, offsets)[first, second]
    products = product(means.T, means)[first, second]
    angles = _angles(products, lengths[first] * lengths[second])
    return math.sqrt(max(0.0, float(gaps.min()))), float(angles.min())


def _lengths(columns: _Doubles) -> _Doubles:
    """Return the lengths (n,) of vectors (d, n)."""
    lengths: _Doubles = np.sqrt(np.einsum("dn,dn->n", columns, columns))
    return lengths


def _angles(products: _Doubles, lengths: _Doubles) -> _Doubles:
    """Return angles in degrees, given scalar products and products of lengths; a right one for length 0."""
    cosines = np.zeros_like(products)
    np.divide(products, lengths, out=cosines, where=lengths > 0)
    np.clip(cosines, -1.0, 1.0, out=cosines)
    angles: _Doubles = np.degrees(np.arccos(cosines, out=cosines), out=cosines)
    return angles
