"""UnitLinear: predicts the class of the largest α·w·x/‖x‖ + b; L2-constrained softmax."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from msgspec.structs import replace

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.angular import unit_directions
from explorer.analysis.heads.head import Head, PairTerms, Part, Scores
from explorer.analysis.heads.linear import Linear, linear_pair, score_lines
from explorer.analysis.heads.score_form import ScoreForm, score_form
from explorer.analysis.plane.wedges import Wedge, direction_wedges
from explorer.analysis.products import product
from explorer.core.texts import N_


class UnitLinear(Head, frozen=True, eq=False):
    """Scores are α·w·x/‖x‖ + b (Ranjan et al. 2017), with ``weight`` (C, d) and ``bias`` (C,) or None.

    A loss with this head has α as its parameter ``alpha``.
    """

    name: ClassVar[str] = "unit-linear"
    angles_decide: ClassVar[bool] = True
    rule: ClassVar[str] = N_("the largest α·w·x/‖x‖ + b")

    weight: Floats
    bias: Floats | None
    alpha: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame that carries class weights."""
        if snapshot.weight is None:
            return None
        return cls(snapshot.weight, snapshot.bias, float(snapshot.config.loss.params.get("alpha", 1.0)))

    def scores(self, points: Floats) -> Scores:
        """Return α·w·x/‖x‖ + b (n, C)."""
        result: Scores = product(unit_directions(points), self.weight.astype(np.float64).T)
        result *= self.alpha
        if self.bias is not None:
            result += self.bias
        return result

    def without(self, part: Part) -> Self | None:
        """Return the classifier without biases, or with class weights of unit length."""
        if part == "lengths":
            return replace(self, weight=unit(self.weight))
        return replace(self, bias=None) if self.bias is not None and self.bias.any() else None

    @property
    def rows(self) -> Floats:
        """The class weights (C, d)."""
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
        """Return α·w·x/‖x‖ + b."""
        return score_form(np.arange(len(self.weight)), self.alpha * self.weight, self.bias, on_unit=True)

    def wedges(self) -> list[Wedge]:
        """Return the directions in which each class has the largest score."""
        return direction_wedges(score_lines(self.alpha * self.weight.astype(np.float64), self.bias))

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return α times the lengths of the two class weights as gains, and the biases."""
        return linear_pair(self.weight, self.bias, pair, by_length=False, factor=self.alpha)

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return why the logits are not a function of θ."""
        return Linear.no_curve_reason(title)
