"""Gaussian: the largest likelihood of normal distributions with diagonal covariances; L-GM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.head import Head, PairTerms, Scores
from explorer.analysis.heads.score_form import ScoreForm, score_form
from explorer.analysis.heads.squares import weighted_squares
from explorer.analysis.margins.winning_area import Score
from explorer.analysis.plane.geometry import Division, Rectangle
from explorer.analysis.plane.quadratic_cells import QuadraticPlane
from explorer.core.params import Value
from explorer.core.texts import N_, _


class Gaussian(Head, frozen=True, eq=False):
    """Scores are −d − ½ln|Λ| with d = ½(x − μ)ᵀΛ⁻¹(x − μ) (Wan et al. 2018, eq. 5 and 7).

    With ``centers`` μ (C, d) and ``log_variance`` ln diag Λ (C, d). In training, the distance d of the true
    class is multiplied by 1 + α (eq. 14), where α is the parameter ``alpha`` of a loss with this head.
    """

    name: ClassVar[str] = "gaussian"
    rule: ClassVar[str] = N_("the largest likelihood")

    centers: Floats
    log_variance: Floats
    alpha: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame that carries centres and variances."""
        if snapshot.centers is None or snapshot.log_variance is None:
            return None
        alpha = float(snapshot.config.loss.params.get("alpha", 0.0))
        return cls(snapshot.centers, snapshot.log_variance, alpha)

    def scores(self, points: Floats) -> Scores:
        """Return the log-likelihood of each class (n, C), without its constant."""
        log_variance = self.log_variance.astype(np.float64)
        precision, log_volume = np.exp(-log_variance), log_variance.sum(axis=1)
        result: Scores = (weighted_squares(points, self.centers, precision) + log_volume) / -2
        return result

    def form(self) -> ScoreForm | None:
        """Return −½(x − μ)ᵀΛ⁻¹(x − μ) − ½ln|Λ|."""
        centers, log_variance = self.centers.astype(np.float64), self.log_variance.astype(np.float64)
        precision = np.exp(-log_variance)
        offsets = (precision * centers**2 + log_variance).sum(axis=1) / -2
        return score_form(np.arange(len(centers)), precision * centers, offsets, precision / -2)

    def cells(self, view: Rectangle, pixel: float, *, bands: bool) -> Division:
        """Return regions with conic borders, and the bands in which the likeliest class loses in training."""
        if not (np.isfinite(self.centers) & np.isfinite(self.log_variance)).all(axis=1).any():
            return Division([], [])
        plane = QuadraticPlane(self.centers, self.log_variance, view, pixel)
        return Division(plane.regions(), plane.bands(self.alpha) if bands else [])

    def training_slack(
        self, points: Floats, scores: Scores, classes: NDArray[np.intp], answers: NDArray[np.intp]
    ) -> Scores:
        """Return by how much the likeliest class wins when its distance is multiplied by 1 + α (n,)."""
        own = classes[answers]
        spread = np.exp(-self.log_variance[own].astype(np.float64))
        squares = ((points - self.centers[own]) ** 2 * spread).sum(axis=1)  # twice the distance d
        rivals, each = scores.copy(), np.arange(len(answers))
        rivals[answers, each] = -np.inf
        slack: Scores = scores[answers, each] - self.alpha / 2 * squares - rivals.max(axis=0)
        return slack

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return ½ln|Λ| of the two classes as offsets."""
        halves = self.log_variance[[*pair]].astype(np.float64).sum(axis=1) / 2
        return PairTerms(offsets=(float(halves[0]), float(halves[1])))

    @classmethod
    def training_scores(
        cls, params: Mapping[str, Value], offsets: tuple[float, float]
    ) -> tuple[Score, Score]:
        """Return −(1 + α)d − ½ln|Λ| as a function of the score z = −d − ½ln|Λ|, for each class."""
        alpha = float(params.get("alpha", 0.0))

        def stretched(half_log_volume: float) -> Score:
            return lambda z: (1 + alpha) * (z + half_log_volume) - half_log_volume

        return stretched(offsets[0]), stretched(offsets[1])

    @classmethod
    def no_angle_reason(cls, offsets: tuple[float, float]) -> str:
        """Return why angles do not decide."""
        return _("Distances to centres decide, not angles. Switch the axes to Scores to see the boundary.")

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return why there is no angle θ."""
        return _(
            "{title} measures distances to class centres, not angles, so there is no margin curve."
        ).format(title=title)
