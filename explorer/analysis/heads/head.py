"""Head: the interface of all kinds of classifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.score_form import ScoreForm
from explorer.analysis.margins.winning_area import Score
from explorer.analysis.plane.geometry import Division, Rectangle
from explorer.analysis.plane.score_cells import score_cells
from explorer.analysis.plane.wedges import Wedge
from explorer.core.params import Value
from explorer.core.texts import N_, _

Scores = NDArray[np.float64]
Part = Literal["biases", "lengths"]
PARTS: tuple[Part, ...] = ("biases", "lengths")
"""What can count in scores besides the angle: biases of classes, and lengths of class weights."""


class PairTerms(Struct, frozen=True):
    """The scores of two classes by angle: gain · f(θ) + offset, where f is cos θ in most losses.

    If ``by_length``, the first term is also multiplied by the length of the feature.
    """

    gains: tuple[float, float] = (1.0, 1.0)
    offsets: tuple[float, float] = (0.0, 0.0)
    by_length: bool = False


class Head(Struct, frozen=True, eq=False):
    """One kind of classifier, with the arrays of one frame that it needs.

    A subclass is one kind. It must define `of` and `scores`; all else has a default that is valid for any
    scores, and is overridden by exact or faster methods. Losses choose a kind by `LossSpec.head`.

    Class attributes
    ----------------
    name : str
        Its name in `LossSpec.head`.
    angles_decide : bool
        Whether the score of a class is a function of the angle to its weight, apart from a factor ‖x‖ and
        an offset.
    weight_lengths_count : bool
        Whether the scores depend on the lengths of class weights, besides their directions.
    thresholded : bool
        Whether each class has a binary classifier: where no score is above zero, no class is predicted.
    rule : str
        By what a class is predicted, as a message id that completes "predicted by".
    """

    name: ClassVar[str]
    angles_decide: ClassVar[bool] = False
    weight_lengths_count: ClassVar[bool] = True
    thresholded: ClassVar[bool] = False
    rule: ClassVar[str] = N_("the largest score")

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame, None if the frame lacks an array that it needs."""
        raise NotImplementedError

    @property
    def kind(self) -> type[Head]:
        """The kind of classifier, which has the class attributes."""
        return type(self)

    def scores(self, points: Floats) -> Scores:
        """Return the test-time scores (n, C) of features (n, d); the largest decides.

        −∞ for a class that cannot be predicted, NaN for features that are not finite.
        """
        raise NotImplementedError

    def logits(self, points: Floats) -> Scores:
        """Return the logits of a softmax (n, C): the scores multiplied by the scale of the loss."""
        return self.scores(points)

    def without(self, part: Part) -> Head | None:
        """Return the classifier in which one of `PARTS` does not count; None where it never does."""
        return None

    @property
    def rows(self) -> Floats | None:
        """The class weights (K, d), those of a class adjacent.

        None for a classifier that compares features with class means.
        """
        return None

    @property
    def ignores_length(self) -> bool:
        """Whether x and x/‖x‖ always have the same prediction, so that regions are valid for both."""
        return False

    @property
    def compares_angles(self) -> bool:
        """Whether similarity of features is measured by angles rather than distances."""
        return False

    def form(self) -> ScoreForm | None:
        """Return polynomials of the same decisions as `scores`; None if there are none, or no finite row."""
        return None

    def wedges(self) -> list[Wedge] | None:
        """Return the directions in the plane in which each class is predicted.

        None if the length of a feature matters, too: then `cells` gives the regions.
        """
        return None

    def cells(self, view: Rectangle, pixel: float, *, bands: bool) -> Division:
        """Return the regions of a part of the plane, and the margin bands if requested.

        ``pixel`` is the side of a pixel in the units of the view. The default finds regions by computing
        scores along lines; parts narrower than a few pixels may be missed.
        """
        return Division(score_cells(self.scores, view, pixel, thresholded=self.thresholded), [])

    def training_slack(
        self,
        points: Floats,
        scores: Scores,
        classes: NDArray[np.intp],
        answers: NDArray[np.intp],
    ) -> Scores | None:
        """Return by how much each feature meets the margin if its class is the predicted one.

        For a margin that belongs to the classifier itself; None for a kind without one, whose margins are
        those of the curve T(θ) of the loss.

        Parameters
        ----------
        points : (n, d)
        scores : (K, n)
            Their scores of the classes that can be predicted.
        classes : (K,)
            These classes.
        answers : (n,)
            The index in ``classes`` of the largest score.
        """
        return None

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return the `PairTerms` of two classes."""
        return PairTerms()

    @classmethod
    def training_scores(
        cls, params: Mapping[str, Value], offsets: tuple[float, float]
    ) -> tuple[Score, Score] | None:
        """Return for each of two classes its score in training as the true class, by its test-time score.

        For a margin that belongs to the classifier itself; None for a kind without one. ``offsets`` are those
        of `pair_terms`.
        """
        return None

    @classmethod
    def no_angle_reason(cls, offsets: tuple[float, float]) -> str:
        """Return in a sentence why angles do not decide between two classes with these ``offsets``.

        Empty if they do.
        """
        if cls.angles_decide:
            return ""
        return _("The scores do not depend on angles alone. Switch the axes to Scores to see the boundary.")

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return in a sentence or two why the loss ``title`` has no margin curve."""
        return _("The logits of {title} depend on more than the angle, so there is no margin curve.").format(
            title=title
        )
