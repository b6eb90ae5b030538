"""OneVsAll: each class is accepted or not by itself, by the angle to its weight; SphereFace2."""

from __future__ import annotations

import math
from typing import ClassVar, Self

import numpy as np

from explorer.analysis.frames.references import row_labels
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.angular import class_cosines
from explorer.analysis.heads.head import Head, PairTerms, Scores
from explorer.analysis.plane.wedges import Wedge, accepted_wedges, angular_wedges


class OneVsAll(Head, frozen=True, eq=False):
    """Scores are r·(2((cos θ + 1)/2)^t − 1) + b (Wen et al. 2022, eq. 8), with b (C,) the same for all.

    The largest decides if it is above zero; else the answer is none. A loss with this head has r as its
    parameter ``scale`` and t as ``t``.
    """

    name: ClassVar[str] = "one-vs-all"
    angles_decide: ClassVar[bool] = True
    weight_lengths_count: ClassVar[bool] = False
    thresholded: ClassVar[bool] = True

    weight: Floats
    bias: Scores
    num_classes: int
    scale: float
    t: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame that carries class weights; without biases they are zero."""
        if snapshot.weight is None:
            return None
        params, classes = snapshot.config.loss.params, snapshot.probe.num_classes
        bias = np.zeros(classes) if snapshot.bias is None else snapshot.bias.astype(np.float64)
        return cls(
            snapshot.weight, bias, classes, float(params.get("scale", 1.0)), float(params.get("t", 1.0))
        )

    def scores(self, points: Floats) -> Scores:
        """Return r·(2((cos θ + 1)/2)^t − 1) + b (n, C)."""
        result = class_cosines(points, self.weight, self.num_classes)
        # In place: each new array of this size costs more than what is computed in it.
        result += 1
        result /= 2
        np.maximum(result, 0, out=result)  # a cosine may round to below −1
        result **= self.t
        result *= 2
        result -= 1
        result *= self.scale
        result += self.bias
        return result

    @property
    def rows(self) -> Floats:
        """The class weights (K, d)."""
        return self.weight

    @property
    def ignores_length(self) -> bool:
        """True: the length of a feature plays no part in its scores."""
        return True

    @property
    def compares_angles(self) -> bool:
        """True: angles decide."""
        return True

    def wedges(self) -> list[Wedge]:
        """Return the directions in which each class is accepted and the nearest, and those of none."""
        labels = row_labels(len(self.weight), self.num_classes).tolist()
        return accepted_wedges(angular_wedges(self.weight, labels), self.weight, self._accepted_angle())

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return r as the gain of both classes, and their biases."""
        return PairTerms((self.scale, self.scale), (float(self.bias[pair[0]]), float(self.bias[pair[1]])))

    def _accepted_angle(self) -> float:
        """Return the angle in radians to a class weight below which the score of the class is above zero."""
        share = (1 - float(self.bias[0]) / self.scale) / 2
        if share <= 0:
            return math.inf
        return math.acos(min(1.0, 2 * share ** (1 / self.t) - 1)) if share < 1 else 0.0
