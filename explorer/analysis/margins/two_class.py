"""Two classes: where a sample of class i or j is right, at test time and under the margin in training.

The figure of the ArcFace paper (Deng et al. 2019, fig. 5), from the loss' own curves: with θ_i and θ_j the
angles of a sample to the weights of both classes, a sample of class i is right at test time where its score
of class i is the larger, and right in training where T(θ_i) is not below the logit of class j.
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

Plane = Literal["angles", "cosines", "logits"]
"""What the two axes show: θ in degrees, cos θ, or the scores that the classifier compares."""

_HALF_TURN = (0.0, np.pi)
_NEVER = -1e6
PairOfScores = Callable[[int], tuple[Score, Score]]
"""From class i (0) or j (1) to its score over the angle to its own weight, and that of the other class."""


class RivalScores(Struct, frozen=True):
    """All that the boundaries of two classes depend on; equal ones have equal boundaries.

    ``params`` are those in force, and ``final_annealing`` the λ at which annealing ends, None without
    annealing. Pairs are of class i and class j: ``gains`` the factors of their cosines in the score,
    ``offsets`` what is added to it (biases, or ½ln|Λ| of a Gaussian), ``norms`` the mean lengths of their
    features. ``norm_mean`` and ``norm_std`` are those of all features. ``by_length``: the score is the
    cosine's times ‖x‖. ``reach`` is the largest score in sight.
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
        """Whether the scores are no function of the angles alone."""
        return self.by_length or not self.kind.angles_decide

    @property
    def score(self) -> Shape:
        """The test-time score of a class over its gain, without its offset."""
        return self.geometry.score if self.geometry else plain_cosine

    def sample(self, which: int) -> Sample:
        """Return a sample of mean length of class i (0) or j (1)."""
        return Sample(self.params, self.norms[which], self.norm_mean, self.norm_std)

    @property
    def margin(self) -> MarginGeometry | None:
        """The geometry of a loss that asks for a margin now."""
        return self.geometry if self.geometry and self.geometry.has_margin(self.sample(0)) else None

    @property
    def annealed(self) -> RivalScores | None:
        """The scores once annealing has ended; None where it has, and without annealing."""
        if self.final_annealing is None or self.final_annealing == self.params[ANNEALING]:
            return None
        return replace(self, params={**self.params, ANNEALING: self.final_annealing})


class Boundaries(Struct, frozen=True, eq=False):
    """Areas of class i and of class j, in the coordinates of the plane; None where there are none to draw.

    ``final`` are those under the margin once annealing has ended. ``note`` says in a sentence what is missing
    or what the boundaries stand for; empty where nothing is.
    """

    test: tuple[Area, Area] | None
    train: tuple[Area, Area] | None
    note: str
    final: tuple[Area, Area] | None = None


def boundaries(pair: RivalScores) -> Boundaries:
    """Return the areas of two classes."""
    if pair.plane != "logits":
        reason = pair.kind.no_angle_reason(pair.offsets)
        if reason:
            return Boundaries(None, None, reason)
    elif pair.free_scores:
        return _by_score(pair)
    annealed = pair.annealed
    return Boundaries(
        test=_both(pair, _test_scores(pair)),
        train=_training_areas(pair),
        note=_note(pair),
        final=_training_areas(annealed) if annealed else None,
    )


def on_axis(pair: RivalScores, which: int) -> Callable[[Floats], Floats]:
    """Return what takes angles in radians to the axis of class i (0) or j (1)."""
    if pair.plane == "angles":
        return np.degrees
    if pair.plane == "cosines":
        return np.cos
    gain, offset = pair.gains[which], pair.offsets[which]
    return lambda theta: gain * _plain(pair, theta) + offset


def reachable_edge(apart: float, pair: RivalScores) -> Floats:
    """Return the edge (n, 2) of where a sample can be when two class weights are ``apart`` radians apart.

    |θ_i − θ_j| ≤ θ_ij ≤ min(θ_i + θ_j, 2π − θ_i − θ_j): a rectangle in the angles. In two dimensions every
    sample lies on it.
    """
    corners = np.array([[0, apart], [apart, 0], [np.pi, np.pi - apart], [np.pi - apart, np.pi], [0, apart]])
    share = np.linspace(0, 1, 61)[:, None]
    sides = [start + share * (end - start) for start, end in pairwise(corners)]
    angles = np.concatenate(sides)
    return np.stack([on_axis(pair, k)(angles[:, k]) for k in (0, 1)], axis=1)


def _by_score(pair: RivalScores) -> Boundaries:
    """Return the areas in scores that are no function of the angle alone: the larger one wins."""
    limits = (-pair.reach, pair.reach)
    test = winning_area(_same, _same, limits)
    areas = test, test.through(_swapped)
    own = pair.kind.training_scores(pair.params, pair.offsets)
    if own is not None:
        first, second = (winning_area(score, _same, limits) for score in own)
        return Boundaries(areas, (first, second.through(_swapped)), "")
    note = "The training boundary moves with the length: see it in angles."
    return Boundaries(areas, None, note if pair.margin else _note(pair))


def _training_areas(pair: RivalScores) -> tuple[Area, Area] | None:
    geometry = pair.margin
    return None if geometry is None else _both(pair, _training_scores(pair, geometry))


def _both(pair: RivalScores, scores: PairOfScores) -> tuple[Area, Area]:
    """Return the areas of both classes; the second is won along the other axis."""
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
        # Each class is decided by itself: right where its logit is above zero and that of the other below.
        return (lambda theta: np.minimum(own(theta), 0)), (lambda theta: np.maximum(other(theta), 0))

    return scores


def _plain(pair: RivalScores, theta: Floats) -> Floats:
    return pair.score(theta, pair.sample(0)).value


def _note(pair: RivalScores) -> str:
    geometry, annealed = pair.margin, pair.annealed
    if geometry is not None and geometry.note:
        return f"Training boundary: {geometry.note}."
    if geometry is not None and geometry.by_length:
        return "Training boundary: at the mean length of each class."
    if annealed is not None:
        return (
            f"Training boundary: at λ = {float(pair.params[ANNEALING]):.3g}, in force now; "
            f"dashed: at λ = {pair.final_annealing:g}, where annealing ends."
        )
    if pair.final_annealing is not None:
        return f"Training boundary: at λ = {pair.final_annealing:g}, where annealing has ended."
    if pair.kind.thresholded:
        return "Beyond the tints neither class accepts a sample."
    if geometry is None:
        return "No margin here, so the training and test boundaries coincide."
    return ""


def _same(values: Floats) -> Floats:
    return values


def _swapped(points: Floats) -> Floats:
    return points[:, ::-1]
