"""Angular: predicts the class of the largest cosine; with several weights per class, the nearest counts."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.in_force import scale_in_force
from explorer.analysis.frames.references import row_labels, unit
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.head import Head, PairTerms, Scores
from explorer.analysis.heads.score_form import ScoreForm, score_form
from explorer.analysis.plane.wedges import Wedge, angular_wedges
from explorer.analysis.products import product
from explorer.core.losses.margin_geometry import Sample
from explorer.core.settings.config import LossConfig
from explorer.core.texts import N_, _

Vectors = NDArray[np.floating]


class Angular(Head, frozen=True, eq=False):
    """Scores are cos θ to the nearest of each class' rows of ``weight`` (K, d)."""

    name: ClassVar[str] = "angular"
    angles_decide: ClassVar[bool] = True
    weight_lengths_count: ClassVar[bool] = False
    rule: ClassVar[str] = N_("the largest cosine")

    weight: Floats
    num_classes: int
    loss: LossConfig
    scale: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame that carries class weights."""
        if snapshot.weight is None:
            return None
        loss, classes = snapshot.config.loss, snapshot.probe.num_classes
        return cls(snapshot.weight, classes, loss, scale_in_force(loss, snapshot, classes))

    def scores(self, points: Floats) -> Scores:
        """Return cos θ (n, C)."""
        return class_cosines(points, self.weight, self.num_classes)

    def logits(self, points: Floats) -> Scores:
        """Return the scores g(θ) of the geometry of the loss, multiplied by its current scale (n, C).

        If the length of the feature is a factor of the logits, they are multiplied by it, too.
        """
        values, geometry = self.scores(points), self.loss.spec.geometry
        if geometry is not None:
            values = geometry.cosine_scores(values, Sample(self.loss.params))
        values = values * self.scale
        if self.loss.spec.scale.feature_length:
            lengths: Scores = np.linalg.norm(points.astype(np.float64), axis=1)
            values = values * lengths[:, None]
        return values

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
        """Return w·x/‖w‖‖x‖, a row for each class weight."""
        labels = row_labels(len(self.weight), self.num_classes)
        return score_form(labels, unit_directions(self.weight), on_unit=True)

    def wedges(self) -> list[Wedge]:
        """Return the directions in which each class has the largest cosine."""
        return angular_wedges(self.weight, row_labels(len(self.weight), self.num_classes).tolist())

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return the scale of the loss as the gain of both classes."""
        return PairTerms((self.scale, self.scale), by_length=self.loss.spec.scale.feature_length)

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return why the logits are not a function of θ."""
        return _(
            "{title} weights each sample by the other samples of its batch, so there is no margin curve."
        ).format(title=title)


def class_cosines(features: Vectors, weight: Vectors, num_classes: int) -> Scores:
    """Return cos θ (n, C) between ``features`` (n, d) and the nearest of each class' rows of ``weight``."""
    cosines: Scores = product(unit_directions(features), unit_directions(weight).T)
    if len(weight) == num_classes:
        return cosines
    nearest: Scores = cosines.reshape(len(features), num_classes, len(weight) // num_classes).max(axis=2)
    return nearest


def unit_directions(features: Vectors) -> Scores:
    """Return ``features`` (n, d) at unit length, rounded as the float32 of the trainer; zero stays zero."""
    return unit(features.astype(np.float32, copy=False)).astype(np.float64)
