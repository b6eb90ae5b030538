"""OneVsAll: a binary classifier per class, by the angle to its weight."""

from __future__ import annotations

import math
from typing import ClassVar, Self

import numpy as np

from explorer.analysis.frames.in_force import scale_in_force
from explorer.analysis.frames.references import row_labels
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.angular import class_cosines, unit_directions
from explorer.analysis.heads.head import Head, PairTerms, Scores
from explorer.analysis.heads.score_form import ScoreForm, score_form
from explorer.analysis.margins.falling_root import falling_root
from explorer.analysis.plane.wedges import Wedge, accepted_wedges, angular_wedges
from explorer.core.losses.margin_geometry import Sample
from explorer.core.settings.config import LossConfig
from explorer.core.texts import N_


class OneVsAll(Head, frozen=True, eq=False):
    """Scores are r·g(θ) + b with the score curve g and the scale r of the loss, and b (C,) the same for all.

    The largest score decides if it is above zero; otherwise no class is predicted. A loss without a
    `MarginGeometry` has g(θ) = cos θ.
    """

    name: ClassVar[str] = "one-vs-all"
    angles_decide: ClassVar[bool] = True
    weight_lengths_count: ClassVar[bool] = False
    thresholded: ClassVar[bool] = True
    rule: ClassVar[str] = N_("the largest binary score")

    weight: Floats
    bias: Scores
    num_classes: int
    loss: LossConfig
    scale: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame that carries class weights; without biases they are zero."""
        if snapshot.weight is None:
            return None
        loss, classes = snapshot.config.loss, snapshot.probe.num_classes
        bias = np.zeros(classes) if snapshot.bias is None else snapshot.bias.astype(np.float64)
        return cls(snapshot.weight, bias, classes, loss, scale_in_force(loss, snapshot, classes))

    def scores(self, points: Floats) -> Scores:
        """Return r·g(θ) + b (n, C)."""
        result = class_cosines(points, self.weight, self.num_classes)
        geometry = self.loss.spec.geometry
        if geometry is not None:
            result = geometry.cosine_scores(result, Sample(self.loss.params))
        result *= self.scale
        result += self.bias
        return result

    @property
    def rows(self) -> Floats:
        """The class weights (K, d)."""
        return self.weight

    @property
    def ignores_length(self) -> bool:
        """True: the scores do not depend on the length of a feature."""
        return True

    @property
    def compares_angles(self) -> bool:
        """True: the scores compare angles."""
        return True

    def form(self) -> ScoreForm | None:
        """Return cos θ − cos θ₀, where the score of a class is above zero at angles below θ₀."""
        angle = self._accepted_angle()
        threshold = math.cos(angle) if math.isfinite(angle) else -2.0  # below every cosine
        labels = row_labels(len(self.weight), self.num_classes)
        offsets = np.full(len(labels), -threshold)
        return score_form(labels, unit_directions(self.weight), offsets, on_unit=True, thresholded=True)

    def wedges(self) -> list[Wedge]:
        """Return the directions in which each class is predicted, and those of no class."""
        labels = row_labels(len(self.weight), self.num_classes).tolist()
        return accepted_wedges(angular_wedges(self.weight, labels), self.weight, self._accepted_angle())

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return r as the gain of both classes, and their biases."""
        return PairTerms((self.scale, self.scale), (float(self.bias[pair[0]]), float(self.bias[pair[1]])))

    def _accepted_angle(self) -> float:
        """Return the angle in radians to a class weight below which the score of the class is above zero."""
        least = -float(self.bias[0]) / self.scale
        highest, lowest = self._score(0.0), self._score(math.pi)
        if least < lowest:
            return math.inf
        if least >= highest:
            return 0.0
        return falling_root(lambda theta: self._score(theta) - least, 0.0, math.pi)

    def _score(self, theta: float) -> float:
        """Return g(θ) for an angle in radians."""
        geometry = self.loss.spec.geometry
        if geometry is None:
            return math.cos(theta)
        return float(geometry.score(np.array([theta]), Sample(self.loss.params)).value[0])
