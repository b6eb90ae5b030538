"""Softmax and its cross-entropy loss, for a few classes in the plane, in float64."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.labs.distances import Vector, unit
from explorer.analysis.plane.wedges import Wedge, direction_wedges

Floats = NDArray[np.float64]


def probabilities(logits: Sequence[float]) -> list[float]:
    """Return exp(zⱼ)/Σₖ exp(zₖ); the largest logit is subtracted first, so that none overflows."""
    top = max(logits)
    parts = [math.exp(logit - top) for logit in logits]
    total = math.fsum(parts)
    return [part / total for part in parts]


def cross_entropy(logits: Sequence[float], label: int) -> float:
    """Return −ln p of a class in nats, as ln Σₖ exp(zₖ − z_label): exact also where p is almost 1.

    The term of the class itself is 1, and log1p keeps the digits of the others beside it.
    """
    others = [logit - logits[label] for k, logit in enumerate(logits) if k != label]
    top = max(0.0, *others)
    if top == 0.0:
        return math.log1p(math.fsum(map(math.exp, others)))
    return top + math.log(math.fsum(math.exp(gap - top) for gap in (0.0, *others)))


def linear_logits(weights: Sequence[Vector], feature: Vector, scale: float = 1.0) -> list[float]:
    """Return s·w_j·f for each class weight."""
    return [scale * math.fsum(a * b for a, b in zip(weight, feature, strict=True)) for weight in weights]


def losses_by_factor(logits: Sequence[float], label: int, factors: Floats) -> Floats:
    """Return the cross-entropy (n,) of the logits times each factor, such as a length of the feature."""
    scaled = ([factor * logit for logit in logits] for factor in factors.tolist())
    return np.array([cross_entropy(row, label) for row in scaled])


def lowest_loss(weights: Sequence[Vector], label: int, scale: float) -> float:
    """Return the cross-entropy at θ = 0 of a unit feature and class weights of unit length."""
    rows = [unit(weight) for weight in weights]
    return cross_entropy(linear_logits(rows, rows[label], scale), label)


def regions(weights: Sequence[Vector]) -> list[Wedge]:
    """Return the directions in which each class has the largest w_j·f, which hold at every length of f."""
    return direction_wedges(np.array([(*weight, 0.0) for weight in weights], dtype=np.float64))
