"""TrainingMargin: how far a sample is from being right under the margin that its loss trains with.

Right at test time is what the classifier answers; right in training is what it would answer if it compared
the logits that the loss compares in training, margin included. In any number of dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.lengths import followed_lengths
from explorer.analysis.frames.references import row_labels, unit
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.plane.geometry import Floats
from explorer.core.losses.annealing import annealing
from explorer.core.losses.margin_geometry import CURVES, NARROWEST, Sample, other_curve
from explorer.core.params import Value
from explorer.core.protocol.messages import ANNEALING

Numbers = NDArray[np.float64]
Labels = NDArray[np.intp]

_PROBED = np.linspace(0.0, np.pi, 19)


class Contest(Struct, frozen=True, eq=False):
    """What directions of samples come to, whatever their length: arrays of one shape.

    ``theta`` is the angle in radians to the nearest row of the own class, ``gain`` the factor of T(θ) in its
    logit, ``others`` (…, K) the logits of the rows of other classes, −inf for those of the own.
    """

    theta: Numbers
    gain: Numbers
    others: Numbers


class TrainingMargin(Struct, frozen=True, eq=False):
    """The logits of a loss in training, from its curves.

    Parameters
    ----------
    name, params
        The loss, with what is in force of its parameters. ElasticFace has its mean margin, CurricularFace its
        logits before hard classes are raised.
    rows : (K, d)
        Class weights at unit length, or zero.
    labels, gains : (K,)
        The class of each, and the factor of its logit: its length in L-Softmax, r in SphereFace2.
    offset : float
        b of SphereFace2, added to every logit.
    by_question : bool
        Whether each class is asked by itself: right is an own logit above zero, and all others below.
    norm_mean, norm_std : float
        Of the lengths that AdaFace follows.
    """

    name: str
    params: Mapping[str, Value]
    rows: Numbers
    labels: Labels
    gains: Numbers
    offset: float = 0.0
    by_question: bool = False
    norm_mean: float = 1.0
    norm_std: float = 1.0

    @classmethod
    def of(cls, snapshot: Snapshot) -> TrainingMargin | None:
        """Return the margin in force, None for a loss without any.

        None too for losses on pairs: contrastive and triplet loss ask for distances between images, so no
        place in the plane is by itself inside or outside their margin; and for Proxy-Anchor, whose margin is
        asked of each cosine, that to every other class being −δ at most, which more than three classes in
        the plane can never meet.
        """
        loss, weight = snapshot.config.loss, snapshot.weight
        if weight is None or loss.name not in CURVES:
            return None
        params = dict(loss.params)
        if ANNEALING in params:
            floor = float(params[ANNEALING])
            params[ANNEALING] = snapshot.scalars.get(ANNEALING, annealing(snapshot.step, floor))
        gains, offset = np.ones(len(weight)), 0.0
        if loss.spec.head == "linear":
            gains = np.linalg.norm(weight.astype(np.float64), axis=1)
        elif loss.spec.head == "one-vs-all":
            gains = gains * float(params["scale"])
            offset = 0.0 if snapshot.bias is None else float(snapshot.bias[0])
        mean, deviation = followed_lengths(snapshot) if loss.name == "adaface" else (1.0, 1.0)
        present = np.isfinite(weight).all(axis=1)
        margin = cls(
            name=loss.name,
            params=params,
            rows=unit(weight[present]).astype(np.float64),
            labels=row_labels(len(weight), snapshot.probe.num_classes)[present],
            gains=gains[present],
            offset=offset,
            by_question=loss.spec.head == "one-vs-all",
            norm_mean=mean,
            norm_std=deviation,
        )
        plain = not margin.lengths and np.allclose(
            margin._target(_PROBED, 1.0), other_curve(loss.name, _PROBED, params), rtol=0, atol=1e-12
        )
        return None if plain else margin

    @property
    def lengths(self) -> tuple[float, ...]:
        """The lengths of features between which the margin changes with it; none where it never does."""
        if self.name == "magface":
            shortest = float(self.params["l_a"])
            return shortest, max(float(self.params["u_a"]), shortest + NARROWEST)
        if self.name == "adaface":
            reach = self.norm_std / max(float(self.params["h"]), 1e-9)
            return self.norm_mean - reach, self.norm_mean + reach
        return ()

    def contest(self, directions: Floats, labels: Labels) -> Contest:
        """Return what unit ``directions`` (…, d) of samples of classes ``labels`` (…) come to."""
        mine = labels[..., None] == self.labels
        cosines = np.clip(directions @ self.rows.T, -1, 1)
        nearest = np.where(mine, cosines, -np.inf).argmax(axis=-1)
        own = np.take_along_axis(cosines, nearest[..., None], axis=-1)[..., 0]
        plain = CURVES[self.name].plain_others
        values = cosines if plain else other_curve(self.name, np.arccos(cosines), self.params)
        others = self.gains * values + self.offset
        others[mine] = -np.inf
        return Contest(np.arccos(own), self.gains[nearest], others)

    def slack(self, contest: Contest, norm: Numbers | float = 1.0) -> Numbers:
        """Return by how much samples of length ``norm`` are right in training, below zero where they fail."""
        return self.slack_over(contest.theta, contest.gain, contest.others.max(axis=-1), norm)

    def slack_over(self, theta: Numbers, gain: Numbers, other: Numbers, norm: Numbers | float) -> Numbers:
        """Return the `slack` from the greatest logit of another class; arrays are broadcast."""
        own = gain * self._target(theta, norm) + self.offset
        slack: Numbers = np.minimum(own, -other) if self.by_question else own - other
        return slack

    def _target(self, theta: Numbers, norm: Numbers | float) -> Numbers:
        sample = Sample(self.params, norm, self.norm_mean, self.norm_std)
        return CURVES[self.name].target(theta, sample).value
