"""Linear: predicts the class of the largest w·x + b."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.head import Head, PairTerms, Part, Scores
from explorer.analysis.heads.score_form import ScoreForm, score_form
from explorer.analysis.plane.geometry import Division, Rectangle, linear_cells
from explorer.analysis.plane.wedges import Wedge, direction_wedges
from explorer.analysis.products import product
from explorer.core.texts import N_, _


class Linear(Head, frozen=True, eq=False):
    """Scores are w·x + b, with ``weight`` (C, d) and ``bias`` (C,), None in a loss without biases."""

    name: ClassVar[str] = "linear"
    angles_decide: ClassVar[bool] = True
    rule: ClassVar[str] = N_("the largest w·x + b")

    weight: Floats
    bias: Floats | None

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame that carries class weights."""
        return None if snapshot.weight is None else cls(snapshot.weight, snapshot.bias)

    def scores(self, points: Floats) -> Scores:
        """Return w·x + b (n, C)."""
        result: Scores = product(points.astype(np.float64), self.weight.astype(np.float64).T)
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
        """Whether there are no biases, or all are zero."""
        return self.bias is None or not self.bias.any()

    def form(self) -> ScoreForm | None:
        """Return w·x + b."""
        return score_form(np.arange(len(self.weight)), self.weight, self.bias)

    def wedges(self) -> list[Wedge] | None:
        """Return the directions in which w·x is largest, None if any bias is not zero."""
        return direction_wedges(score_lines(self.weight)) if self.ignores_length else None

    def cells(self, view: Rectangle, pixel: float, *, bands: bool) -> Division:
        """Return the convex polygons in which each class has the largest score."""
        return Division(linear_cells(self.weight, self.bias, view), [])

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return the lengths of the two class weights as gains, and the biases."""
        return linear_pair(self.weight, self.bias, pair, by_length=True)

    @classmethod
    def no_angle_reason(cls, offsets: tuple[float, float]) -> str:
        """Return why angles do not decide where the biases of two classes differ."""
        if offsets[0] != offsets[1]:
            return _(
                "The class biases differ, so feature length matters too. Switch the axes to Scores to see "
                "the boundary."
            )
        return ""

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return why the logits are not a function of θ."""
        return _(
            "The logits of {title} depend on feature length and bias, so there is no margin curve."
        ).format(title=title)


def linear_pair(
    weight: Floats, bias: Floats | None, pair: tuple[int, int], *, by_length: bool, factor: float = 1.0
) -> PairTerms:
    """Return the `PairTerms` of ``factor``·w·x + b."""
    lengths = factor * np.hypot.reduce(weight[[*pair]].astype(np.float64), axis=1)
    offsets = (0.0, 0.0) if bias is None else (float(bias[pair[0]]), float(bias[pair[1]]))
    return PairTerms((float(lengths[0]), float(lengths[1])), offsets, by_length)


def score_lines(
    rows: NDArray[np.floating], offsets: NDArray[np.floating] | None = None
) -> NDArray[np.float64]:
    """Return the coefficients (K, 3) of a·x₁ + b·x₂ + c: ``rows`` (K, 2), then ``offsets`` (K,) or zero."""
    return np.column_stack([rows, np.zeros(len(rows)) if offsets is None else offsets]).astype(np.float64)
