"""Margin curve: what a loss makes of the angle θ_y, how hard it pulls at each, and where the data are."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.lengths import length_statistics
from explorer.analysis.frames.references import Reference
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.angular import class_cosines
from explorer.analysis.heads.classifier import reference_rows
from explorer.analysis.heads.registry import find_head
from explorer.analysis.statistics.angles import angle_histogram
from explorer.core.losses.catalog import find_loss
from explorer.core.losses.margin_geometry import other_curve, target_curve, target_slope
from explorer.core.params import Value

Curve = NDArray[np.float64]

STEPS = 720
"""A quarter of a degree from one point of a curve to the next."""
THETA = np.linspace(0.0, np.pi, STEPS + 1)
"""Angles in radians at which curves are drawn."""

_ARCS = ("arcface", "curricularface", "subcenter-arcface", "magface")
_FREE_LENGTH = ("modified-softmax", "l-softmax", "a-softmax")
_MOST_OPPONENTS = 2000
"""Images over which the mean of the other classes' logits is taken, evenly drawn from all."""
_RIGHT_ANGLE = np.array([np.pi / 2])


class Lengths(Struct, frozen=True):
    """Mean and standard deviation of ‖x‖, and whether they were ``measured`` or merely assumed."""

    mean: float = 1.0
    deviation: float = 1.0
    measured: bool = False


class AngleData(Struct, frozen=True, eq=False):
    """What a curve needs to know of a snapshot, of ``count`` images of a split.

    ``shares`` is the histogram of θ_y; ``cosines`` (n, C) those to every class and ``labels`` (n,) the own;
    ``weight_length`` is the mean length of a class weight, ``offset`` the bias of a one-against-all loss.
    """

    kind: str
    count: int
    shares: NDArray[np.float64]
    cosines: Floats
    labels: NDArray[np.intp]
    lengths: Lengths
    weight_length: float
    offset: float | None


def angle_data(snapshot: Snapshot, split: int) -> AngleData:
    """Return the angles of one split to class weights or means, features that are not finite left out."""
    probe = snapshot.probe
    reference = reference_rows(snapshot, split)
    shown = (probe.split == split) & np.isfinite(snapshot.features).all(axis=1)
    features = snapshot.features if shown.all() else snapshot.features[shown]
    labels = (probe.labels if shown.all() else probe.labels[shown]).astype(np.intp)
    cosines = _cosines(features, reference, probe.num_classes)
    own = cosines[np.arange(len(labels)), labels]
    mean, deviation = length_statistics(features)
    weight = reference.rows[np.isfinite(reference.rows).all(axis=1)]
    return AngleData(
        kind=reference.kind,
        count=len(labels),
        shares=angle_histogram(np.arccos(np.clip(own, -1, 1))),
        cosines=cosines,
        labels=labels,
        lengths=Lengths(mean, deviation, bool(len(labels))),
        weight_length=float(np.hypot.reduce(weight, axis=1).mean()) if len(weight) else 1.0,
        offset=None if snapshot.bias is None else float(snapshot.bias[0]),
    )


def assumed_lengths(name: str, params: Mapping[str, Value]) -> Lengths:
    """Return lengths to draw a curve for before there are data: for MagFace the range that it counts with."""
    if name != "magface":
        return Lengths()
    shortest, longest = float(params["l_a"]), float(params["u_a"])
    return Lengths((shortest + longest) / 2, (longest - shortest) / 2)


def curve_at(name: str, params: Mapping[str, Value], lengths: Lengths, deviations: float = 0.0) -> Curve:
    """Return T at `THETA`, for a feature longer than the mean by a number of standard deviations."""
    norm = max(0.0, lengths.mean + deviations * lengths.deviation)
    return target_curve(name, THETA, params, norm, lengths.mean, lengths.deviation)


def beyond_pi(name: str, params: Mapping[str, Value], lengths: Lengths) -> float | None:
    """Return the angle π − m in radians beyond which θ + m exceeds π, None for a loss that adds no angle."""
    if name == "combined":
        start = (math.pi - float(params["m2"])) / float(params["m1"])
    elif name in _ARCS or (name == "elasticface" and params["kind"] == "arc"):
        # T(0) = cos m says the margin, whatever it depends on.
        start = math.pi - math.acos(float(curve_at(name, params, lengths)[0]))
    else:
        return None
    return start if start < math.pi - 1e-6 else None


def scale_in_force(name: str, params: Mapping[str, Value], data: AngleData | None, num_classes: int) -> float:
    """Return the factor of T(θ) in the logit.

    s or γ where the loss has one; AdaCos' starting value √2·ln(C − 1), which the run then changes; the mean
    length of features, for L-Softmax times that of class weights, where lengths are free, 1 before any are
    known.
    """
    if name == "adacos":
        return max(0.1, math.sqrt(2) * math.log(max(1, num_classes - 1)))
    if name in _FREE_LENGTH:
        if data is None:
            return 1.0
        return data.lengths.mean * (data.weight_length if name == "l-softmax" else 1.0)
    return float(params.get("scale", params.get("gamma", 1.0)))


def pull(name: str, params: Mapping[str, Value], data: AngleData | None, num_classes: int) -> Curve | None:
    """Return |∂L/∂θ| at `THETA`: how hard the loss turns a sample at that angle towards its class weight.

    For a softmax loss this is s·|T′(θ)|·(1 − p), with p the probability of the own class against the others
    as they are: ln Σ_{j≠y} exp(s·cos θ_j) at its mean over the data, or before there are any with all θ_j at
    90°. It shows what |T′| alone hides: with a large s, samples that are right by a little pull no more.
    Where a loss holds part of T constant in training (Circle loss' α), so does this. SphereFace2 asks each
    class by itself, λ·|T′(θ)|·σ(−(r·T(θ) + b)); None before its b is known.

    Parameters
    ----------
    name, params
        A loss with a curve.
    data : AngleData, optional
        What the run has come to.
    num_classes : int
        C.
    """
    lengths = assumed_lengths(name, params) if data is None else data.lengths
    scale = scale_in_force(name, params, data, num_classes)
    value = curve_at(name, params, lengths)
    if name == "circle":
        slope = (1 + float(params["margin"]) - np.cos(THETA)) * np.sin(THETA)
    else:
        slope = np.abs(target_slope(name, THETA, params, lengths.mean, lengths.mean, lengths.deviation))
    if name == "sphereface2":
        if data is None or data.offset is None:
            return None
        return float(params["weight"]) * slope * _sigmoid(-(scale * value + data.offset))
    return scale * slope * _sigmoid(_opponents(name, params, scale, data, num_classes) - scale * value)


def no_curve_reason(name: str) -> str:
    """Return in a sentence or two why a loss has no curve, and what to choose to see one."""
    spec = find_loss(name)
    return find_head(spec.head).no_curve_reason(spec.title)


def _opponents(
    name: str, params: Mapping[str, Value], scale: float, data: AngleData | None, num_classes: int
) -> float:
    """Return the mean of ln Σ_{j≠y} exp(s·other(θ_j)): all other classes as if they were one."""
    count = max(1, num_classes - 1)
    if data is None or not data.count or data.cosines.shape[1] < 2:
        return math.log(count) + scale * float(other_curve(name, _RIGHT_ANGLE, params)[0])
    step = -(-data.count // _MOST_OPPONENTS)
    others: Floats = np.clip(data.cosines[::step], -1, 1)
    if name in ("li-arcface", "circle"):
        others = other_curve(name, np.arccos(others), params).astype(np.float32)
    exponents = np.float32(scale) * others
    top: Floats = exponents.max(axis=1, keepdims=True)
    terms: Floats = np.exp(exponents - top)
    terms[np.arange(len(terms)), data.labels[::step]] = 0
    sums = np.log(np.maximum(terms.sum(axis=1), 1e-30)) + top[:, 0]
    return float(sums.mean(dtype=np.float64))


def _cosines(features: Floats, reference: Reference, num_classes: int) -> Floats:
    """Return cos θ (n, C) to the nearest row of each class, −1 for a class without any."""
    absent: NDArray[np.bool_] = np.asarray(~np.isfinite(reference.rows).all(axis=1))
    rows = np.where(absent[:, None], 0, reference.rows) if absent.any() else reference.rows
    cosines = class_cosines(features.astype(np.float64), rows.astype(np.float64), num_classes)
    if absent.any():
        cosines[:, reference.labels[absent]] = -1
    return cosines.astype(np.float32)


def _sigmoid(values: Curve) -> Curve:
    result: Curve = 1 / (1 + np.exp(-np.clip(values, -700, 700)))
    return result
