"""The pull of a loss at each angle θ_y, and why some losses have no curve."""

from __future__ import annotations

import math

import numpy as np

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.heads.registry import find_head
from explorer.analysis.margins.target_curve import THETA, AngleData, Curve, TargetCurve
from explorer.core.losses.catalog import find_loss
from explorer.core.losses.margin_geometry import MarginGeometry, Sample

_MOST_RIVALS = 2000
"""Images over which the logits of other classes are averaged, evenly spaced among all."""
_RIGHT_ANGLE = np.array([np.pi / 2])


def pull(curve: TargetCurve, data: AngleData | None) -> Curve | None:
    """Return |∂L/∂θ| at `THETA`: how strongly the loss turns a sample at that angle towards its class weight.

    For a softmax loss this is s·|T′(θ)|·(1 − p), where p is the probability of the true class against the
    others: ln Σ_{j≠y} exp(s·cos θ_j) is its mean over the data or, without data, has all θ_j at 90°. It shows
    what |T′| alone does not: with a large s, samples that are barely correct have no pull any more. Where a
    loss keeps part of T constant in training (α of Circle loss), so does this. A loss with a binary
    classifier per class pulls with λ·|T′(θ)|·σ(−(r·T(θ) + b)); None before its b is known.

    Parameters
    ----------
    curve : TargetCurve
        The target curve of the loss.
    data : AngleData, optional
        Angles and lengths of the current frame.
    """
    geometry = curve.geometry
    sample = curve.sample(curve.assumed_lengths if data is None else data.lengths)
    scale = curve.factor(data)
    logits = scale * geometry.target(THETA, sample).value
    slope = np.abs(geometry.training_slope(THETA, sample))
    if geometry.binary:
        if data is None or data.offset is None:
            return None
        weight = sample.number(geometry.true_class_weight) if geometry.true_class_weight else 1.0
        return weight * slope * _sigmoid(-(logits + data.offset))
    return scale * slope * _sigmoid(_rivals(geometry, sample, scale, data, curve.num_classes) - logits)


def no_curve_reason(name: str) -> str:
    """Return in a sentence or two why a loss has no margin curve, and which losses have one."""
    spec = find_loss(name)
    return find_head(spec.head).no_curve_reason(spec.title)


def _rivals(
    geometry: MarginGeometry, sample: Sample, scale: float, data: AngleData | None, num_classes: int
) -> float:
    """Return the mean of ln Σ_{j≠y} exp(s·rival(θ_j)), which combines all other classes into one logit."""
    count = max(1, num_classes - 1)
    if data is None or not data.count or data.cosines.shape[1] < 2:
        return math.log(count) + scale * float(geometry.rival(_RIGHT_ANGLE, sample).value[0])
    step = -(-data.count // _MOST_RIVALS)
    others: Floats = np.clip(data.cosines[::step], -1, 1)
    if not geometry.cosine_rivals:
        others = geometry.rival(np.arccos(others.astype(np.float64)), sample).value.astype(np.float32)
    exponents = np.float32(scale) * others
    top: Floats = exponents.max(axis=1, keepdims=True)
    terms: Floats = np.exp(exponents - top)
    terms[np.arange(len(terms)), data.labels[::step]] = 0
    sums = np.log(np.maximum(terms.sum(axis=1), 1e-30)) + top[:, 0]
    return float(sums.mean(dtype=np.float64))


def _sigmoid(values: Curve) -> Curve:
    result: Curve = 1 / (1 + np.exp(-np.clip(values, -700, 700)))
    return result
