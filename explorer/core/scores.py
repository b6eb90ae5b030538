"""Scores: what a loss' classifier gives each class at test time, computed from a snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.core.curves import other_curve
from explorer.core.snapshot import TEST, Floats, Snapshot
from explorer.core.statistics import reference_rows, row_labels, unit

Scores = NDArray[np.float32]


def class_scores(snapshot: Snapshot, features: Floats, split: int = TEST) -> Scores:
    """Return the scores (n, C) of ``features`` (n, d), of which the largest decides.

    As `Head` says: w·x + b; α·w·unit(x) + b; cos θ to the nearest weight of a class, times the scale or, for
    class weights of unit length alone, times ‖x‖; r·g(cos θ) + b; −d − ½ln|Λ|; or −‖x − μ‖² to the class
    means of ``split``. −inf for a class that has no mean.
    """
    loss, weight = snapshot.config.loss, snapshot.weight
    head, bias = loss.spec.head, 0.0 if snapshot.bias is None else snapshot.bias
    if head == "gaussian" and snapshot.centers is not None and snapshot.log_variance is not None:
        inverse = np.exp(-snapshot.log_variance)
        halves = _squared(features, snapshot.centers, inverse) / 2
        likelihoods: Scores = -halves - snapshot.log_variance.sum(axis=1) / 2
        return likelihoods
    if weight is None or head in ("nearest-mean", "gaussian"):
        means = reference_rows(snapshot, split).rows
        distances = _squared(features, means, np.ones_like(means))
        return -np.where(np.isfinite(distances), distances, np.float32(np.inf))
    if head == "linear":
        linear: Scores = features @ weight.T + bias
        return linear
    if head == "unit-linear":
        scaled: Scores = float(loss.params["alpha"]) * (unit(features) @ weight.T) + bias
        return scaled
    cosines = class_cosines(features, weight, snapshot.probe.num_classes)
    if head == "one-vs-all":
        # The logit of another class carries the margin, which the test leaves out.
        raised = other_curve(loss.name, np.arccos(np.clip(cosines, -1, 1)), loss.params)
        return (angle_scale(snapshot) * (raised - float(loss.params["margin"])) + bias).astype(np.float32)
    if loss.name == "li-arcface":
        cosines = other_curve(loss.name, np.arccos(np.clip(cosines, -1, 1)), loss.params).astype(np.float32)
    if scales_with_length(snapshot):
        lengths = np.sqrt(np.einsum("nd,nd->n", features, features))
        by_length: Scores = cosines * lengths[:, None]
        return by_length
    scaled_cosines: Scores = cosines * np.float32(angle_scale(snapshot))
    return scaled_cosines


def class_cosines(features: Floats, weight: Floats, num_classes: int) -> Scores:
    """Return cos θ (n, C) between ``features`` (n, d) and the nearest of each class' rows of ``weight``."""
    cosines: Scores = unit(features) @ unit(weight).T
    if len(weight) == num_classes:
        return cosines
    starts = np.flatnonzero(np.diff(row_labels(len(weight), num_classes), prepend=-1))
    nearest: Scores = np.maximum.reduceat(cosines, starts, axis=1)
    return nearest


def angle_scale(snapshot: Snapshot) -> float:
    """Return the factor s of the cosines in a loss that fixes it, 1 in one that does not."""
    return float(snapshot.config.loss.params.get("scale", 1.0))


def scales_with_length(snapshot: Snapshot) -> bool:
    """Return whether the logits of an angular loss are ‖x‖·cos θ, class weights alone being normalised."""
    return snapshot.config.loss.name in ("modified-softmax", "a-softmax")


def _squared(features: Floats, centers: Floats, factors: Floats) -> Scores:
    """Return Σ_k f_jk (x_k − c_jk)² (n, C), one coordinate at a time."""
    total = np.zeros((len(features), len(centers)), dtype=np.float32)
    for column, center, factor in zip(features.T, centers.T, factors.T, strict=True):
        total += factor * (column[:, None] - center) ** 2
    return total
