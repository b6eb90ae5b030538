"""Angular: the largest cosine to a class weight; of several weights of a class, the nearest counts."""

from __future__ import annotations

import math
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.references import row_labels, unit
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.head import Head, PairTerms, Scores
from explorer.analysis.plane.wedges import Wedge, angular_wedges
from explorer.core.losses.margin_geometry import other_curve
from explorer.core.settings.config import LossConfig

_TIMES_LENGTH = frozenset({"modified-softmax", "a-softmax"})
_SCALES = ("scale", "gamma", "alpha")
"""What losses on cosines call the factor before the cosine."""


Vectors = NDArray[np.floating]


class Angular(Head, frozen=True, eq=False):
    """Scores are cos θ to the nearest of each class' rows of ``weight`` (K, d)."""

    name: ClassVar[str] = "angular"
    angles_decide: ClassVar[bool] = True
    weight_lengths_count: ClassVar[bool] = False

    weight: Floats
    num_classes: int
    loss: LossConfig

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame that carries class weights."""
        if snapshot.weight is None:
            return None
        return cls(snapshot.weight, snapshot.probe.num_classes, snapshot.config.loss)

    def scores(self, points: Floats) -> Scores:
        """Return cos θ (n, C)."""
        return class_cosines(points, self.weight, self.num_classes)

    def logits(self, points: Floats) -> Scores:
        """Return the cosines in the scale of the loss (n, C).

        They are multiplied by the scale of the loss, by the length of the feature where the loss does so, by
        2 for Proxy-NCA, whose squared distances are 2 − 2cos θ, and by √2·ln(C − 1) for AdaCos; Li-ArcFace
        compares (π − 2θ)/π instead.
        """
        values = self.scores(points)
        if scales_with_length(self.loss):
            lengths: Scores = np.linalg.norm(points.astype(np.float64), axis=1)
            return values * lengths[:, None]
        if self.loss.name == "li-arcface":
            values = other_curve(self.loss.name, np.arccos(np.clip(values, -1, 1)), self.loss.params)
        return values * angle_scale(self.loss, self.num_classes)

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
        """Return the directions in which each class has the largest cosine."""
        return angular_wedges(self.weight, row_labels(len(self.weight), self.num_classes).tolist())

    def pair_terms(self, _pair: tuple[int, int]) -> PairTerms:
        """Return the scale of the loss as the gain of both classes."""
        scale = angle_scale(self.loss, self.num_classes)
        return PairTerms((scale, scale), by_length=scales_with_length(self.loss))

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return why θ alone is not enough."""
        return (
            f"{title} weighs each sample by the others of its batch, so no curve over its angle alone says "
            "what it does. Choose ArcFace or CosFace to see a margin."
        )


def class_cosines(features: Vectors, weight: Vectors, num_classes: int) -> Scores:
    """Return cos θ (n, C) between ``features`` (n, d) and the nearest of each class' rows of ``weight``."""
    cosines = unit_directions(features) @ unit_directions(weight).T
    nearest: Scores = cosines.reshape(len(features), num_classes, len(weight) // num_classes).max(axis=2)
    return nearest


def unit_directions(features: Vectors) -> Scores:
    """Return ``features`` (n, d) at unit length, rounded as the float32 of the trainer; zero stays zero."""
    return unit(features.astype(np.float32, copy=False)).astype(np.float64)


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
