"""The classifier that a loss leaves behind, computed from a snapshot: scores, softmax and predictions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.references import class_means, unit
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.core.losses.margin_geometry import other_curve
from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.config import LossConfig

Scores = NDArray[np.float64]

_ON_UNIT_FEATURES = frozenset({"supcon", "multi-similarity"})
_TIMES_LENGTH = frozenset({"modified-softmax", "a-softmax"})
_SCALES = ("scale", "gamma", "alpha")
"""What losses on cosines call the factor before the cosine."""


@np.errstate(invalid="ignore", over="ignore")
def scores(snapshot: Snapshot, points: Floats | None = None) -> Scores:
    """Return the test-time scores (n, C) of ``points`` (n, d), or of all features; the largest decides.

    The means of a nearest-mean classifier are those of the training images in the probe, as in the trainer.
    −inf for a class without a mean, NaN for features that are not finite.
    """
    head = snapshot.config.loss.spec.head
    params = snapshot.config.loss.params
    features = (snapshot.features if points is None else points).astype(np.float64)
    if head == "gaussian" and snapshot.centers is not None and snapshot.log_variance is not None:
        return _log_likelihood(features, snapshot.centers, snapshot.log_variance)
    if head in ("nearest-mean", "gaussian") or snapshot.weight is None:
        return _nearness(snapshot, features)
    weight = snapshot.weight.astype(np.float64)
    bias = 0.0 if snapshot.bias is None else snapshot.bias.astype(np.float64)
    if head == "linear":
        return features @ weight.T + bias
    if head == "unit-linear":
        return float(params["alpha"]) * (_unit(features) @ weight.T) + bias
    cosines = class_cosines(features, weight, snapshot.probe.num_classes)
    if head == "one-vs-all":
        share = np.maximum((cosines + 1) / 2, 0)
        return float(params["scale"]) * (2 * share ** float(params["t"]) - 1) + bias
    return cosines


def logits(snapshot: Snapshot, points: Floats | None = None) -> Scores:
    """Return what a softmax over the classes compares at test time (n, C): the scores in the loss' own scale.

    Of ``points`` (n, d), or of all features.

    Cosines are multiplied by the scale of the loss, by the length of the feature where the loss does so, by 2
    for Proxy-NCA, whose squared distances are 2 − 2cos θ, and by √2·ln(C − 1) for AdaCos; Li-ArcFace compares
    (π − 2θ)/π instead. The other scores stay as they are: linear ones, logarithms of likelihoods, and minus
    squared distances to class means.
    """
    values, loss = scores(snapshot, points), snapshot.config.loss
    if loss.spec.head != "angular" or snapshot.weight is None:
        return values
    if scales_with_length(loss):
        features = snapshot.features if points is None else points
        lengths: Scores = np.linalg.norm(features.astype(np.float64), axis=1)
        return values * lengths[:, None]
    if loss.name == "li-arcface":
        values = other_curve(loss.name, np.arccos(np.clip(values, -1, 1)), loss.params)
    return values * angle_scale(loss, snapshot.probe.num_classes)


def log_softmax(values: Scores) -> Scores:
    """Return ln softmax (n, C) of logits, NaN in rows that are not numbers."""
    result: Scores = values - values.max(axis=1, keepdims=True)
    result -= np.log(np.exp(result).sum(axis=1, keepdims=True))
    return result


def scales_with_length(loss: LossConfig) -> bool:
    """Return whether the logits of an angular loss are ‖x‖·cos θ, class weights alone being normalised."""
    return loss.name in _TIMES_LENGTH


def angle_scale(loss: LossConfig, num_classes: int) -> float:
    """Return the factor of the cosines of an angular loss, 1 in one that fixes none."""
    if loss.name == "adacos":
        return math.sqrt(2) * math.log(max(2, num_classes - 1))
    if loss.name == "proxy-nca":
        return 2.0
    return next((float(loss.params[name]) for name in _SCALES if name in loss.params), 1.0)


def measures_unit_features(loss: LossConfig) -> bool:
    """Return whether a loss on pairs measures between features scaled to unit length."""
    return (
        loss.name in _ON_UNIT_FEATURES
        or loss.params.get("mining") == "semi-hard"
        or (loss.spec.head == "nearest-mean" and bool(loss.params.get("normalize")))
    )


def _unit(features: Scores) -> Scores:
    return unit(features.astype(np.float32)).astype(np.float64)


def class_cosines(features: Scores, weight: Scores, num_classes: int) -> Scores:
    """Return cos θ (n, C) between ``features`` (n, d) and the nearest of each class' rows of ``weight``."""
    cosines = _unit(features) @ _unit(weight).T
    nearest: Scores = cosines.reshape(len(features), num_classes, len(weight) // num_classes).max(axis=2)
    return nearest


def class_reference(snapshot: Snapshot) -> Floats:
    """Return the means (C, d) that a nearest-mean classifier compares with, NaN for a class without one.

    Those of the training images in the probe, of unit features where the loss measures those.
    """
    probe, seen = snapshot.probe, snapshot.features
    if measures_unit_features(snapshot.config.loss):
        seen = unit(seen)
    rows = probe.split == TRAIN
    rows = (rows if rows.any() else ~rows) & np.isfinite(seen).all(axis=1)
    return class_means(seen[rows], probe.labels[rows], probe.num_classes)


def _nearness(snapshot: Snapshot, features: Scores) -> Scores:
    if measures_unit_features(snapshot.config.loss):
        features = _unit(features)
    means = class_reference(snapshot).astype(np.float64)
    nearness = -_squared_distances(features, means)
    nearness[:, np.isnan(means).any(axis=1)] = -np.inf
    return nearness


def _log_likelihood(features: Scores, centers: Floats, log_variance: Floats) -> Scores:
    spread = log_variance.astype(np.float64)
    offsets = features[:, None] - centers
    result: Scores = -((offsets**2 * np.exp(-spread)).sum(axis=2) + spread.sum(axis=1)) / 2
    return result


def _squared_distances(features: Scores, places: Scores) -> Scores:
    result: Scores = np.stack([((features - place) ** 2).sum(axis=1) for place in places], axis=1)
    return result
