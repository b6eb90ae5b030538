"""Triplet loss.

Schroff, Kalenichenko and Philbin, "FaceNet: A Unified Embedding for Face Recognition and Clustering", CVPR
2015; Hermans, Beyer and Leibe, "In Defense of the Triplet Loss for Person Re-Identification", 2017.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.angles import unit
from explorer.worker.losses.attribution import by_pair
from explorer.worker.losses.base import Terms
from explorer.worker.losses.masked import masked_mean
from explorer.worker.losses.pairs import PairLoss, distances, same_and_other, squared_distances


class Triplet(PairLoss):
    """[D_ap − D_an + m]₊ over triplets of an anchor, a positive and a negative.

    ``batch-hard``: the farthest positive and the nearest negative of each anchor (mean over anchors that have
    both). ``all``: the mean over all triplets. ``semi-hard``: the mean over triplets whose negative is
    farther than the positive, but by less than the margin, as in FaceNet: on unit features, with D² instead
    of D.
    """

    def space(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return unit features if ``normalize`` is on or mining is semi-hard, else raw features."""
        if params.get("normalize") or params.get("mining") == "semi-hard":
            return unit(embeddings)
        return super().space(embeddings)

    def terms(
        self, embeddings: Tensor, labels: Tensor, *, margin: Tensor | float, mining: Value, normalize: Value
    ) -> Terms:
        """Return the mean over the selected triplets."""
        features = self.space(embeddings, mining=mining, normalize=normalize)
        same, other = same_and_other(labels)
        if mining == "batch-hard":
            distance = by_pair(distances(features), same)
            return {N_("triplet"): _batch_hard(distance, same, other, margin)}
        if mining == "semi-hard":
            squared = by_pair(squared_distances(features), same)
            return {N_("triplet"): _semi_hard(squared, same, other, margin)}
        distance = by_pair(distances(features), same)
        return {N_("triplet"): _all(distance, same, other, margin)}


def _batch_hard(distance: Tensor, same: Tensor, other: Tensor, margin: Tensor | float) -> Tensor:
    farthest = distance.masked_fill(~same, 0.0).amax(dim=1)
    nearest = distance.masked_fill(~other, math.inf).amin(dim=1)
    return masked_mean((farthest - nearest + margin).relu(), same.any(dim=1) & other.any(dim=1))


def _all(distance: Tensor, same: Tensor, other: Tensor, margin: Tensor | float) -> Tensor:
    with torch.no_grad():
        reach = (distance + margin).masked_fill(~same, math.inf)
        near = distance.masked_fill(~other, math.inf)
        positive = _below(near, reach).masked_fill(~same, 0)
        within = same.sum(dim=1, keepdim=True) - _up_to(reach, distance)
        negative = within.masked_fill(~other, 0)
        number = (same.sum(dim=1) * other.sum(dim=1)).sum()
    return _hinges(distance, positive, negative, margin) / number.clamp(min=1)


def _semi_hard(distance: Tensor, same: Tensor, other: Tensor, margin: Tensor | float) -> Tensor:
    with torch.no_grad():
        own = distance.masked_fill(~same, math.inf)
        reach = (distance + margin).masked_fill(~same, math.inf)
        near = distance.masked_fill(~other, math.inf)
        positive = (_below(near, reach) - _up_to(near, own)).masked_fill(~same, 0)
        negative = (_below(own, distance) - _up_to(reach, distance)).masked_fill(~other, 0)
    return _hinges(distance, positive, negative, margin) / positive.sum().clamp(min=1)


def _hinges(distance: Tensor, positive: Tensor, negative: Tensor, margin: Tensor | float) -> Tensor:
    """Return Σ(D_ap − D_an + m) over active triplets, from the number of triplets of each pair.

    Active triplets are counted by sorting the distances of each anchor, in O(n² log n) time and O(n²) memory,
    instead of O(n³) for a table of all triplets. For a fixed set of active triplets the sum is linear in the
    distances, so the gradient is exact.
    """
    weights = (positive - negative).to(distance.dtype)
    # A Python number times an integer tensor would be float32, regardless of the type of the distances.
    return (weights * distance).sum() + margin * positive.sum().to(distance.dtype)


def _below(rows: Tensor, limits: Tensor) -> Tensor:
    """Return how many entries of each row of ``rows`` are less than each of ``limits`` (n, n)."""
    return torch.searchsorted(rows.sort(dim=1).values, limits)


def _up_to(rows: Tensor, limits: Tensor) -> Tensor:
    """Return how many entries of each row of ``rows`` are at most each of ``limits`` (n, n)."""
    return torch.searchsorted(rows.sort(dim=1).values, limits, right=True)
