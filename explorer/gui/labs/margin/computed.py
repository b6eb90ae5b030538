"""Computed: what a loss with a margin makes of all angles, kept while the sample moves."""

from __future__ import annotations

from functools import cached_property, lru_cache

from explorer.analysis.labs.margins import Floats, Side, circle_sides, curve_of, sample_of, scores_of
from explorer.analysis.margins.pull import pull
from explorer.analysis.margins.target_curve import THETA, TargetCurve
from explorer.analysis.margins.two_class import Boundaries, RivalScores, boundaries
from explorer.core.params import Value
from explorer.core.settings.config import LossConfig

_MOST = 64
"""Losses that are kept: many more than have a curve, so that a margin that moves evicts none of those."""


class Computed:
    """What depends on a loss and the number of classes only; each part is computed when first asked for.

    Parameters
    ----------
    curve : TargetCurve
        The curve of the loss.
    """

    def __init__(self, curve: TargetCurve) -> None:
        self.curve = curve
        self._sides: tuple[float, list[tuple[Side, float, float]]] | None = None

    @cached_property
    def target(self) -> Floats:
        """T(θ) at `THETA`."""
        return self.curve.geometry.target(THETA, sample_of(self.curve)).value

    @cached_property
    def pulls(self) -> Floats | None:
        """|∂L/∂θ| at `THETA`, with the other classes at 90°; None where it depends on what is not known."""
        return pull(self.curve, None)

    @cached_property
    def scores(self) -> RivalScores:
        """What the boundaries of two classes depend on."""
        return scores_of(self.curve)

    @cached_property
    def boundaries(self) -> Boundaries:
        """The areas of two classes; their note is in the language that was in force."""
        return boundaries(self.scores)

    def sides(self, apart: float) -> list[tuple[Side, float, float]]:
        """Return the arcs of the circle for class weights ``apart`` radians apart, as `circle_sides` does."""
        if self._sides is None or self._sides[0] != apart:
            self._sides = apart, circle_sides(self.curve, apart)
        return self._sides[1]


def computed(loss: LossConfig, num_classes: int) -> Computed:
    """Return what is computed of a loss; the same object for equal parameters."""
    return _computed(loss.name, tuple(sorted(loss.params.items())), num_classes)


@lru_cache(_MOST)
def _computed(name: str, params: tuple[tuple[str, Value], ...], num_classes: int) -> Computed:
    return Computed(curve_of(LossConfig(name, dict(params)), num_classes))
