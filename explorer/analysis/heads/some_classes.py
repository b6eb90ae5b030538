"""SomeClasses: the classifier of a run that leaves classes out of training."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.head import Head, PairTerms, Scores
from explorer.analysis.heads.score_form import ScoreForm
from explorer.analysis.plane.geometry import UNDECIDED, Division, Rectangle, Region
from explorer.analysis.plane.wedges import Wedge


class SomeClasses(Head, frozen=True, eq=False):
    """A classifier of S ``classes`` (S,) out of ``num_classes``, under their numbers in the data set.

    It is that of the `trained_part` of a frame, ``inner``, so every kind of classifier can leave classes out.
    Those left out are never predicted: their score is −∞.
    """

    name: ClassVar[str] = "some-classes"

    inner: Head
    classes: NDArray[np.intp]
    num_classes: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Return None: it is made from another classifier."""
        return None

    @property
    def kind(self) -> type[Head]:
        """The kind of ``inner``."""
        return self.inner.kind

    def scores(self, points: Floats) -> Scores:
        """Return the scores (n, C), −∞ for classes left out."""
        return self._of_all(self.inner.scores(points), -np.inf)

    def logits(self, points: Floats) -> Scores:
        """Return the logits (n, C), −∞ for classes left out."""
        return self._of_all(self.inner.logits(points), -np.inf)

    @property
    def rows(self) -> Floats | None:
        """The class weights (K, d), NaN for classes left out."""
        rows = self.inner.rows
        if rows is None:
            return None
        each = rows.reshape(len(self.classes), -1, rows.shape[1])
        result = np.full((self.num_classes, *each.shape[1:]), np.nan, rows.dtype)
        result[self.classes] = each
        return result.reshape(-1, rows.shape[1])

    @property
    def ignores_length(self) -> bool:
        """Whether ``inner`` does."""
        return self.inner.ignores_length

    @property
    def compares_angles(self) -> bool:
        """Whether ``inner`` does."""
        return self.inner.compares_angles

    def form(self) -> ScoreForm | None:
        """Return the polynomials of ``inner`` under the numbers of the classes."""
        form = self.inner.form()
        return None if form is None else replace(form, labels=self.classes[form.labels])

    def wedges(self) -> list[Wedge] | None:
        """Return the directions in which each class is predicted, None where the length matters too."""
        wedges = self.inner.wedges()
        return (
            None if wedges is None else [replace(wedge, label=self._class(wedge.label)) for wedge in wedges]
        )

    def cells(self, view: Rectangle, pixel: float, *, bands: bool) -> Division:
        """Return the regions of a part of the plane, and the margin bands if requested."""
        found = self.inner.cells(view, pixel, bands=bands)
        return Division(self._renamed(found.regions), self._renamed(found.bands))

    def training_slack(
        self, points: Floats, scores: Scores, classes: NDArray[np.intp], answers: NDArray[np.intp]
    ) -> Scores | None:
        """Return by how much each feature meets the margin if its class is the predicted one."""
        return self.inner.training_slack(points, scores, np.searchsorted(self.classes, classes), answers)

    def pair_terms(self, pair: tuple[int, int]) -> PairTerms:
        """Return the `PairTerms` of two classes; raises LookupError for one that is left out."""
        first, second = (int(np.flatnonzero(self.classes == label)[0]) for label in pair)
        return self.inner.pair_terms((first, second))

    def _of_all(self, values: Scores, absent: float) -> Scores:
        result = np.full((len(values), self.num_classes), absent)
        result[:, self.classes] = values
        return result

    def _class(self, label: int) -> int:
        return label if label == UNDECIDED else int(self.classes[label])

    def _renamed(self, regions: list[Region]) -> list[Region]:
        return [replace(region, label=self._class(region.label)) for region in regions]
