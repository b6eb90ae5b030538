"""NearestMean: predicts the class of the nearest mean; for losses on pairs, without class weights."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from explorer.analysis.frames.given import given_of
from explorer.analysis.frames.references import class_means, unit
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.angular import unit_directions
from explorer.analysis.heads.head import Head, Scores
from explorer.analysis.heads.linear import score_lines
from explorer.analysis.heads.score_form import ScoreForm, score_form
from explorer.analysis.heads.squares import weighted_squares
from explorer.analysis.plane.geometry import Division, Rectangle, nearest_mean_cells
from explorer.analysis.plane.wedges import Wedge, direction_wedges
from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.config import LossConfig
from explorer.core.texts import N_, _


class NearestMean(Head, frozen=True, eq=False, dict=True):
    """Scores are −‖x − μ‖², where μ are the class means of the training images in the probe, as in training.

    The class of such an image is the one that it is trained with, which may be a wrong one.
    ``on_unit``: features are scaled to unit length first, also those of which the means are taken.
    """

    name: ClassVar[str] = "nearest-mean"
    rule: ClassVar[str] = N_("the nearest class mean")

    snapshot: Snapshot
    on_unit: bool

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Return the classifier of any frame."""
        return cls(snapshot, measures_unit_features(snapshot.config.loss))

    @cached_property
    def means(self) -> Floats:
        """The class means (C, d), NaN for an absent class; of test images if the probe has no others."""
        probe, seen = self.snapshot.probe, self.snapshot.features
        if self.on_unit:
            seen = unit(seen)
        rows = probe.split == TRAIN
        rows = (rows if rows.any() else ~rows) & np.isfinite(seen).all(axis=1)
        return class_means(seen[rows], given_of(self.snapshot)[rows], probe.num_classes)

    def scores(self, points: Floats) -> Scores:
        """Return −‖x − μ‖² (n, C), −∞ for a class without a mean."""
        features = unit_directions(points) if self.on_unit else points
        ones = np.ones(self.means.shape)
        result = -weighted_squares(features, self.means, ones)
        result[:, np.isnan(self.means).any(axis=1)] = -np.inf
        return result

    @property
    def ignores_length(self) -> bool:
        """Whether features are scaled to unit length first."""
        return self.on_unit

    @property
    def compares_angles(self) -> bool:
        """Whether features are scaled to unit length first."""
        return self.on_unit

    def form(self) -> ScoreForm | None:
        """Return 2μ·x − ‖μ‖², which is −‖x − μ‖² but for a term that all classes share."""
        means = self.means.astype(np.float64)
        return score_form(np.arange(len(means)), 2 * means, -(means**2).sum(axis=1), on_unit=self.on_unit)

    def wedges(self) -> list[Wedge] | None:
        """Return the directions in which a unit feature u is nearest to each mean of unit features.

        |u − μ|² is smallest where 2μ·u − |μ|² is largest. None if features are not scaled to unit length.
        """
        means = self.means.astype(np.float64)
        return direction_wedges(score_lines(2 * means, -(means**2).sum(axis=1))) if self.on_unit else None

    def cells(self, view: Rectangle, pixel: float, *, bands: bool) -> Division:
        """Return the Voronoi cells of the means."""
        return Division(nearest_mean_cells(self.means, view), [])

    @classmethod
    def no_angle_reason(cls, offsets: tuple[float, float]) -> str:
        """Return why angles do not decide."""
        return _(
            "Distances to class means decide, not angles. Switch the axes to Scores to see the boundary."
        )

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return why there is no angle θ."""
        return _(
            "{title} compares images with each other. It has no class weights, so there is no margin curve."
        ).format(title=title)


def measures_unit_features(loss: LossConfig) -> bool:
    """Return whether a loss on pairs measures between features scaled to unit length."""
    return loss.spec.unit_features(loss.params)
