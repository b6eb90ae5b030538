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

from explorer.analysis.margins.contest import Area, Floats, Score, winning_area
from explorer.core.losses.margin_geometry import CURVES, depends_on_length, other_curve, target_curve
from explorer.core.params import Value

Plane = Literal["angles", "cosines", "logits"]
"""What the two axes show: θ in degrees, cos θ, or the scores that the classifier compares."""

_HALF_TURN = (0.0, np.pi)
_NEVER = -1e6
_PLAIN = ("modified-softmax", "normface", "adacos")


class Contenders(Struct, frozen=True):
    """All that two classes' boundaries depend on; equal ones have equal boundaries.

    Pairs are of class i and class j: ``gains`` the factors of their cosines in the score, ``offsets`` what is
    added to it (biases, or ½ln|Λ| of a Gaussian), ``norms`` the mean lengths of their features. ``norm_mean``
    and ``norm_std`` are those of all features. ``by_length``: the score is the cosine's times ‖x‖. ``reach``
    is the largest score in sight.
    """

    name: str
    head: str
    params: Mapping[str, Value]
    plane: Plane
    gains: tuple[float, float] = (1.0, 1.0)
    offsets: tuple[float, float] = (0.0, 0.0)
    norms: tuple[float, float] = (1.0, 1.0)
    norm_mean: float = 1.0
    norm_std: float = 1.0
    by_length: bool = False
    reach: float = 1.0


class Boundaries(Struct, frozen=True, eq=False):
    """Areas of class i and of class j, in the coordinates of the plane; None where there are none to draw.

    ``note`` says in a sentence what is missing or what the boundaries stand for; empty where nothing is.
    """

    test: tuple[Area, Area] | None
    train: tuple[Area, Area] | None
    note: str


def boundaries(pair: Contenders) -> Boundaries:
    """Return the areas of two classes."""
    curved = pair.name in CURVES
    margin = curved and pair.name not in _PLAIN
    if pair.plane != "logits":
        reason = _not_by_angle(pair)
        if reason:
            return Boundaries(None, None, reason)
    elif pair.head in ("gaussian", "nearest-mean") or pair.by_length:
        return _by_score(pair, margin)
    test = _both(pair, _test_scores)
    train = _both(pair, _training_scores) if margin else None
    return Boundaries(test, train, _note(pair, margin))


def on_axis(pair: Contenders, which: int) -> Callable[[Floats], Floats]:
    """Return what takes angles in radians to the axis of class i (0) or j (1)."""
    if pair.plane == "angles":
        return np.degrees
    if pair.plane == "cosines":
        return np.cos
    gain, offset = pair.gains[which], pair.offsets[which]
    return lambda theta: gain * _plain(pair, theta) + offset


def reachable_edge(apart: float, pair: Contenders) -> Floats:
    """Return the edge (n, 2) of where a sample can be when two class weights are ``apart`` radians apart.

    |θ_i − θ_j| ≤ θ_ij ≤ min(θ_i + θ_j, 2π − θ_i − θ_j): a rectangle in the angles. In two dimensions every
    sample lies on it.
    """
    corners = np.array([[0, apart], [apart, 0], [np.pi, np.pi - apart], [np.pi - apart, np.pi], [0, apart]])
    share = np.linspace(0, 1, 61)[:, None]
    sides = [start + share * (end - start) for start, end in pairwise(corners)]
    angles = np.concatenate(sides)
    return np.stack([on_axis(pair, k)(angles[:, k]) for k in (0, 1)], axis=1)


def _not_by_angle(pair: Contenders) -> str:
    if pair.head == "nearest-mean":
        return "Distances to class means decide, not angles: see the boundary in scores."
    if pair.head == "gaussian":
        return "Distances to centres decide, not angles: see the boundary in scores."
    if pair.head == "linear" and pair.offsets[0] != pair.offsets[1]:
        return "The biases differ, so the length decides too: see the boundary in scores."
    return ""


def _by_score(pair: Contenders, margin: bool) -> Boundaries:
    """Return the areas in scores that are no function of the angle alone: the larger one wins."""
    limits = (-pair.reach, pair.reach)
    test = winning_area(_same, _same, limits)
    areas = test, test.through(_swapped)
    if pair.head == "gaussian":
        own = [_gaussian_own(float(pair.params["alpha"]), offset) for offset in pair.offsets]
        first, second = (winning_area(score, _same, limits) for score in own)
        return Boundaries(areas, (first, second.through(_swapped)), "")
    note = "The training boundary moves with the length: see it in angles."
    return Boundaries(areas, None, note if margin else _note(pair, margin))


def _gaussian_own(alpha: float, half_log_volume: float) -> Score:
    """Return the own logit −(1 + α)d − ½ln|Λ| as a function of the score z = −d − ½ln|Λ|."""
    return lambda z: (1 + alpha) * (z + half_log_volume) - half_log_volume


def _both(pair: Contenders, scores: Callable[[Contenders, int], tuple[Score, Score]]) -> tuple[Area, Area]:
    """Return the areas of both classes; the second is won along the other axis."""
    first = winning_area(*scores(pair, 0), _HALF_TURN)
    alike = len(set(pair.gains)) == len(set(pair.offsets)) == len(set(pair.norms)) == 1
    second = first if alike else winning_area(*scores(pair, 1), _HALF_TURN)
    one, two = on_axis(pair, 0), on_axis(pair, 1)
    return (
        first.through(lambda points: np.stack([one(points[:, 0]), two(points[:, 1])], axis=1)),
        second.through(lambda points: np.stack([one(points[:, 1]), two(points[:, 0])], axis=1)),
    )


def _test_scores(pair: Contenders, which: int) -> tuple[Score, Score]:
    def score(k: int) -> Score:
        return lambda theta: pair.gains[k] * _plain(pair, theta) + pair.offsets[k]

    own, other = score(which), score(1 - which)
    if pair.head != "one-vs-all":
        return own, other

    def accepted(theta: Floats) -> Floats:
        value = own(theta)
        return np.where(value >= 0, value, _NEVER - theta)

    return accepted, other


def _training_scores(pair: Contenders, which: int) -> tuple[Score, Score]:
    lengths = pair.norms[which], pair.norm_mean, pair.norm_std
    gain, offset = pair.gains, pair.offsets

    def own(theta: Floats) -> Floats:
        return gain[which] * target_curve(pair.name, theta, pair.params, *lengths) + offset[which]

    def other(theta: Floats) -> Floats:
        return gain[1 - which] * other_curve(pair.name, theta, pair.params) + offset[1 - which]

    if pair.head != "one-vs-all":
        return own, other
    # Each class is asked by itself: right where the own logit is above zero and the other below.
    return (lambda theta: np.minimum(own(theta), 0)), (lambda theta: np.maximum(other(theta), 0))


def _plain(pair: Contenders, theta: Floats) -> Floats:
    """Return the score of a class at test time over its gain, without its offset."""
    if pair.head == "one-vs-all":
        return other_curve(pair.name, theta, pair.params) - float(pair.params["margin"])
    if pair.name == "li-arcface":
        return other_curve(pair.name, theta, pair.params)
    return np.cos(theta)


def _note(pair: Contenders, margin: bool) -> str:
    if pair.name == "curricularface":
        return "Training boundary: before a class is raised as hard."
    if pair.name == "elasticface":
        return "Training boundary: at the mean margin."
    if depends_on_length(pair.name):
        return "Training boundary: at the mean length of each class."
    if "annealing" in pair.params:
        return f"Training boundary: at λ = {pair.params['annealing']:g}, where annealing ends."
    if pair.head == "one-vs-all":
        return "Beyond the tints neither class accepts a sample."
    if not margin:
        return "No margin between two classes: training and test agree."
    return ""


def _same(values: Floats) -> Floats:
    return values


def _swapped(points: Floats) -> Floats:
    return points[:, ::-1]
