"""Boundaries between two classes i and j, at test time and under the margin in training.

As in the figure of the ArcFace paper (Deng et al. 2019, fig. 5), from the curves of the loss: with θ_i and
θ_j the angles of a sample to the weights of both classes, a sample of class i is classified correctly at test
time where its score of class i is larger, and meets the margin in training where T(θ_i) is not below the
logit of class j.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.heads.head import Head
from explorer.analysis.heads.registry import find_head
from explorer.analysis.margins.winning_area import Area, Floats, Score, winning_area
from explorer.core.losses.margin_geometry import MarginGeometry, Sample, Shape, plain_cosine
from explorer.core.params import Value
from explorer.core.protocol.messages import ANNEALING
from explorer.core.texts import _

Plane = Literal["angles", "cosines", "logits"]
"""What the two axes show: θ in degrees, cos θ, or the scores that the classifier compares."""

_HALF_TURN = (0.0, np.pi)
_NEVER = -1e6
PairOfScores = Callable[[int], tuple[Score, Score]]
"""From class i (0) or j (1) to its score over the angle to its own weight, and that of the other class."""


class RivalScores(Struct, frozen=True):
    """All that the boundaries of two classes depend on; equal values have equal boundaries.

    ``params`` are the current parameters, and ``final_annealing`` is the λ at which annealing ends, None
    without annealing. Pairs are of class i and class j: ``gains`` are the factors of their cosines in the
    score, ``offsets`` are added to it (biases, or ½ln|Λ| of a Gaussian), ``norms`` are the mean lengths of
    their features. ``norm_mean`` and ``norm_std`` are those of all features. ``by_length`` tells whether the
    score is multiplied by ‖x‖. ``reach`` is the largest score shown.
    """

    head: str
    geometry: MarginGeometry | None
    params: Mapping[str, Value]
    plane: Plane
    final_annealing: float | None = None
    gains: tuple[float, float] = (1.0, 1.0)
    offsets: tuple[float, float] = (0.0, 0.0)
    norms: tuple[float, float] = (1.0, 1.0)
    norm_mean: float = 1.0
    norm_std: float = 1.0
    by_length: bool = False
    reach: float = 1.0

    @property
    def kind(self) -> type[Head]:
        """The kind of classifier."""
        return find_head(self.head)

    @property
    def free_scores(self) -> bool:
        """Whether the scores depend on more than the angles."""
        return self.by_length or not self.kind.angles_decide

    @property
    def score(self) -> Shape:
        """The test-time score of a class divided by its gain, without its offset."""
        return self.geometry.score if self.geometry else plain_cosine

    def sample(self, which: int) -> Sample:
        """Return a sample of mean length of class i (0) or j (1)."""
        return Sample(self.params, self.norms[which], self.norm_mean, self.norm_std)

    @property
    def margin(self) -> MarginGeometry | None:
        """The geometry of a loss that has a margin with the current parameters, else None."""
        return self.geometry if self.geometry and self.geometry.has_margin(self.sample(0)) else None

    @property
    def annealed(self) -> RivalScores | None:
        """The scores after annealing; None where it has ended, and for a loss without annealing."""
        if self.final_annealing is None or self.final_annealing == self.params[ANNEALING]:
            return None
        return replace(self, params={**self.params, ANNEALING: self.final_annealing})


class Boundaries(Struct, frozen=True, eq=False):
    """Areas of class i and of class j, in the coordinates of the plane; None where there are none to draw.

    ``final`` are the training areas after annealing. ``note`` says in the language in force what is missing,
    or for what the boundaries hold; it may be empty.
    """

    test: tuple[Area, Area] | None
    train: tuple[Area, Area] | None
    note: str
    final: tuple[Area, Area] | None = None


def boundaries(pair: RivalScores) -> Boundaries:
    """Return the areas of two classes."""
    reason = _no_plane_reason(pair)
    if reason:
        return Boundaries(None, None, reason)
    if pair.plane == "logits" and pair.free_scores:
        return _by_score(pair)
    annealed = pair.annealed
    return Boundaries(
        test=_both(pair, _test_scores(pair)),
        train=_training_areas(pair),
        note=_note(pair),
        final=_training_areas(annealed) if annealed else None,
    )


def note_of(pair: RivalScores) -> str:
    """Return the note of the areas that depend on the angles alone, in the language in force."""
    return _no_plane_reason(pair) or _note(pair)


def on_axis(pair: RivalScores, which: int) -> Callable[[Floats], Floats]:
    """Return the function from angles in radians to the coordinate on the axis of class i (0) or j (1)."""
    if pair.plane == "angles":
        return np.degrees
    if pair.plane == "cosines":
        return np.cos
    gain, offset = pair.gains[which], pair.offsets[which]
    return lambda theta: gain * _plain(pair, theta) + offset


def reachable_edge(apart: float, pair: RivalScores) -> Floats:
    """Return the outline (n, 2) of the reachable area when two class weights are ``apart`` radians apart.

    |θ_i − θ_j| ≤ θ_ij ≤ min(θ_i + θ_j, 2π − θ_i − θ_j): a rectangle in the angles. In two dimensions every
    sample lies on it.
    """
    corners = np.array([[0, apart], [apart, 0], [np.pi, np.pi - apart], [np.pi - apart, np.pi], [0, apart]])
    fraction = np.linspace(0, 1, 61)[:, None]
    sides = [start + fraction * (end - start) for start, end in pairwise(corners)]
    angles = np.concatenate(sides)
    return np.stack([on_axis(pair, k)(angles[:, k]) for k in (0, 1)], axis=1)


def _by_score(pair: RivalScores) -> Boundaries:
    """Return the areas in scores that do not depend on the angles alone: the larger score wins."""
    limits = (-pair.reach, pair.reach)
    test = winning_area(_same, _same, limits)
    areas = test, test.through(_swapped)
    own = pair.kind.training_scores(pair.params, pair.offsets)
    if own is not None:
        first, second = (winning_area(score, _same, limits) for score in own)
        return Boundaries(areas, (first, second.through(_swapped)), "")
    note = _("The training boundary depends on feature length. Switch the axes to Angles to see it.")
    return Boundaries(areas, None, note if pair.margin else _note(pair))


def _training_areas(pair: RivalScores) -> tuple[Area, Area] | None:
    geometry = pair.margin
    return None if geometry is None else _both(pair, _training_scores(pair, geometry))


def _both(pair: RivalScores, scores: PairOfScores) -> tuple[Area, Area]:
    """Return the areas of both classes; for the second one the axes are swapped."""
    first = winning_area(*scores(0), _HALF_TURN)
    alike = len(set(pair.gains)) == len(set(pair.offsets)) == len(set(pair.norms)) == 1
    second = first if alike else winning_area(*scores(1), _HALF_TURN)
    one, two = on_axis(pair, 0), on_axis(pair, 1)
    return (
        first.through(lambda points: np.stack([one(points[:, 0]), two(points[:, 1])], axis=1)),
        second.through(lambda points: np.stack([one(points[:, 1]), two(points[:, 0])], axis=1)),
    )


def _test_scores(pair: RivalScores) -> PairOfScores:
    def score(k: int) -> Score:
        return lambda theta: pair.gains[k] * _plain(pair, theta) + pair.offsets[k]

    def scores(which: int) -> tuple[Score, Score]:
        own, other = score(which), score(1 - which)
        if not pair.kind.thresholded:
            return own, other

        def accepted(theta: Floats) -> Floats:
            value = own(theta)
            return np.where(value >= 0, value, _NEVER - theta)

        return accepted, other

    return scores


def _training_scores(pair: RivalScores, geometry: MarginGeometry) -> PairOfScores:
    gain, offset = pair.gains, pair.offsets

    def scores(which: int) -> tuple[Score, Score]:
        def own(theta: Floats) -> Floats:
            return gain[which] * geometry.target(theta, pair.sample(which)).value + offset[which]

        def other(theta: Floats) -> Floats:
            rival = geometry.rival(theta, pair.sample(which)).value
            return gain[1 - which] * rival + offset[1 - which]

        if not geometry.binary:
            return own, other
        # Each class has a binary classifier: correct is a logit of class i above zero and of j below.
        return (lambda theta: np.minimum(own(theta), 0)), (lambda theta: np.maximum(other(theta), 0))

    return scores


def _plain(pair: RivalScores, theta: Floats) -> Floats:
    return pair.score(theta, pair.sample(0)).value


def _no_plane_reason(pair: RivalScores) -> str:
    return "" if pair.plane == "logits" else pair.kind.no_angle_reason(pair.offsets)


def _note(pair: RivalScores) -> str:
    geometry, annealed = pair.margin, pair.annealed
    if geometry is not None and geometry.note:
        return _("Training boundary: {note}.").format(note=_(geometry.note))
    if geometry is not None and geometry.by_length:
        return _("Training boundary at the mean feature length of each class.")
    if annealed is not None:
        return _(
            "Training boundary at the current λ = {now:.3g}; dashed: at λ = {final:g}, where annealing ends."
        ).format(now=float(pair.params[ANNEALING]), final=pair.final_annealing)
    if pair.final_annealing is not None:
        pattern = _("Training boundary at λ = {final:g}, where annealing has ended.")
        return pattern.format(final=pair.final_annealing)
    if pair.kind.thresholded:
        return _("Outside the tinted areas neither class accepts a sample.")
    if geometry is None:
        return _("No margin here, so the training and test boundaries coincide.")
    return ""


def _same(values: Floats) -> Floats:
    return values


def _swapped(points: Floats) -> Floats:
    return points[:, ::-1]
