"""Head: what every kind of classifier can be asked, so that no caller tells one kind from another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.margins.winning_area import Score
from explorer.analysis.plane.geometry import Division, Rectangle
from explorer.analysis.plane.score_cells import score_cells
from explorer.analysis.plane.wedges import Wedge
from explorer.core.params import Value
from explorer.core.texts import _

Scores = NDArray[np.float64]


class PairTerms(Struct, frozen=True):
    """How the scores of two classes follow from angles: gain · f(θ) + offset, f being cos θ in most losses.

    Where ``by_length`` the first term is also multiplied by the length of the feature.
    """

    gains: tuple[float, float] = (1.0, 1.0)
    offsets: tuple[float, float] = (0.0, 0.0)
    by_length: bool = False


class Head(Struct, frozen=True, eq=False):
    """One kind of classifier, with the arrays of one frame that it needs.

    A subclass is one kind. It must define `of` and `scores`; all else has a default that holds for any
    scores, and is overridden where a kind knows better or faster. Losses choose a kind by `LossSpec.head`.

    Class attributes
    ----------------
    name : str
        What `LossSpec.head` calls it.
    angles_decide : bool
        Whether the score of a class is a function of the angle to its weight, apart from a factor ‖x‖ and
        an offset.
    weight_lengths_count : bool
        Whether the lengths of class weights play a part in the scores, beside their directions.
    thresholded : bool
        Whether each class is decided by itself: where no score is above zero, the answer is none.
    """

    name: ClassVar[str]
    angles_decide: ClassVar[bool] = False
    weight_lengths_count: ClassVar[bool] = True
    thresholded: ClassVar[bool] = False

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return the classifier of a frame, None where the frame does not carry what it needs."""
        raise NotImplementedError

    def scores(self, points: Floats) -> Scores:
        """Return the test-time scores (n, C) of features (n, d); the largest decides.

        −∞ for a class that can never be the answer, NaN for features that are not finite.
        """
        raise NotImplementedError

    def logits(self, points: Floats) -> Scores:
        """Return what a softmax over the classes compares (n, C): the scores in the scale of the loss."""
        return self.scores(points)

    @property
    def rows(self) -> Floats | None:
        """The class weights (K, d) that features are compared with, those of a class together.

        None where features are compared with class means.
        """
        return None

    @property
    def ignores_length(self) -> bool:
        """Whether x and x/‖x‖ always get the same class, so that regions hold for both."""
        return False

    @property
    def compares_angles(self) -> bool:
        """Whether angles between features say how alike they are to the classifier, rather than distances."""
        return False

    def wedges(self) -> list[Wedge] | None:
        """Return the directions in the plane in which each class is the answer.

        None where the length of a feature decides too: then `cells` gives the regions.
        """
        return None

    def cells(self, view: Rectangle, pixel: float, *, bands: bool) -> Division:
        """Return the regions of a view of the plane, and the margin bands where they are wanted.

        ``pixel`` is the side of a pixel in the units of the view. Unless overridden, regions are found by
        looking at the scores along lines; what is narrower than some pixels may be missed.
        """
        return Division(score_cells(self.scores, view, pixel, thresholded=self.thresholded), [])

    def training_slack(
        self,
        points: Floats,
        scores: Scores,
        classes: NDArray[np.intp],
        answers: NDArray[np.intp],
    ) -> Scores | None:
        """Return by how much each feature is right in training if its class is the answer.

        For a margin that belongs to the classifier itself; None for a kind without one, whose margins are
        those of the loss' own curve T(θ).

        Parameters
        ----------
        points : (n, d)
        scores : (K, n)
            Their scores, class by class, of those classes that can be the answer.
        classes : (K,)
            Which classes these are.
        answers : (n,)
            The place in ``classes`` of the one with the largest score.
        """
        return None

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return what the scores of two classes are made of."""
        return PairTerms()

    @classmethod
    def training_scores(
        cls, params: Mapping[str, Value], offsets: tuple[float, float]
    ) -> tuple[Score, Score] | None:
        """Return for each of two classes what its score becomes in training where it is the true class.

        Functions of its test-time score, for a margin that belongs to the classifier itself; None for a kind
        without one. ``offsets`` are those of `pair_terms`.
        """
        return None

    @classmethod
    def no_angle_reason(cls, offsets: tuple[float, float]) -> str:
        """Return in a sentence why angles do not decide between two classes with these ``offsets``.

        Empty where they do.
        """
        if cls.angles_decide:
            return ""
        return _("The scores do not depend on angles alone. Switch the axes to Scores to see the boundary.")

    @classmethod
    def no_curve_reason(cls, title: str) -> str:
        """Return in a sentence or two why the loss ``title`` has no curve over θ."""
        return _("The logits of {title} depend on more than the angle, so there is no margin curve.").format(
            title=title
        )
