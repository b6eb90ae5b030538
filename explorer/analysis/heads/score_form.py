"""ScoreForm: the scores of a classifier as polynomials, for programs that cannot run this one."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import unit

Doubles = NDArray[np.float64]
NOBODY = -1
"""The class of a point where no class is predicted."""


class ScoreForm(Struct, frozen=True, eq=False):
    """Scores s_k(x) = Σᵢ (aₖᵢ uᵢ² + bₖᵢ uᵢ) + cₖ for K rows; the class of the row with the largest decides.

    Parameters
    ----------
    labels : (K,)
        Class of each row; a class may have several.
    slopes : (K, d)
        b.
    offsets : (K,)
        c.
    squares : (K, d), optional
        a; None where all are zero.
    on_unit : bool
        Whether u is x/‖x‖, where zero stays zero, instead of x.
    thresholded : bool
        Whether no class is predicted where no score is above zero.
    """

    labels: NDArray[np.intp]
    slopes: Doubles
    offsets: Doubles
    squares: Doubles | None = None
    on_unit: bool = False
    thresholded: bool = False

    def predictions(self, points: NDArray[np.floating]) -> NDArray[np.intp]:
        """Return the predicted class (n,) of features (n, d), `NOBODY` where there is none."""
        features = points.astype(np.float64)
        if self.on_unit:
            features = unit(features)
        scores = features @ self.slopes.T + self.offsets
        if self.squares is not None:
            scores += features**2 @ self.squares.T
        answers = self.labels[scores.argmax(axis=1)]
        return np.where(scores.max(axis=1) > 0, answers, NOBODY) if self.thresholded else answers


def score_form(
    labels: NDArray[np.intp],
    slopes: NDArray[np.floating],
    offsets: NDArray[np.floating] | None = None,
    squares: NDArray[np.floating] | None = None,
    *,
    on_unit: bool = False,
    thresholded: bool = False,
) -> ScoreForm | None:
    """Return a form of the finite rows, None where there is none; offsets and squares of None are zero."""
    linear = slopes.astype(np.float64)
    constant = np.zeros(len(linear)) if offsets is None else offsets.astype(np.float64)
    square = None if squares is None else squares.astype(np.float64)
    known = np.isfinite(linear).all(axis=1) & np.isfinite(constant)
    if square is not None:
        known &= np.isfinite(square).all(axis=1)
        square = square[known]
    if not known.any():
        return None
    return ScoreForm(labels[known], linear[known], constant[known], square, on_unit, thresholded)
