"""TrainingMargin: by how much a sample meets or misses the margin that its loss trains with.

A sample is correct at test time if the classifier predicts its class; it is correct in training if the logits
that the loss compares in training, margin included, do. Works in any number of dimensions.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.in_force import sample_in_force
from explorer.analysis.frames.references import row_labels, unit
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.plane.geometry import Floats
from explorer.core.losses.margin_geometry import MarginGeometry, Sample

Numbers = NDArray[np.float64]
Labels = NDArray[np.intp]


class TrainingScores(Struct, frozen=True, eq=False):
    """What decides whether samples are correct in training, before their length is applied.

    ``theta`` (…) is the angle in radians to the nearest row of the true class, ``gain`` (…) the factor of
    T(θ) in its logit, ``others`` (…, K) the logits of the rows of other classes, −inf for the true class.
    """

    theta: Numbers
    gain: Numbers
    others: Numbers


class TrainingMargin(Struct, frozen=True, eq=False):
    """The logits of a loss in training, from its geometry.

    Parameters
    ----------
    geometry : MarginGeometry
        The curves of the loss.
    sample : Sample
        Its current parameters, and the feature lengths that it follows.
    rows : (K, d)
        Class weights at unit length, or zero.
    labels, gains : (K,)
        The class of each, and the factor of its logit: its length in L-Softmax, r in SphereFace2.
    offset : float
        b of SphereFace2, added to every logit.
    """

    geometry: MarginGeometry
    sample: Sample
    rows: Numbers
    labels: Labels
    gains: Numbers
    offset: float = 0.0

    @classmethod
    def of(cls, snapshot: Snapshot) -> TrainingMargin | None:
        """Return the margin in force, None for a loss without any.

        None too for losses on pairs: contrastive and triplet loss constrain distances between images, so no
        point of the plane is by itself inside or outside their margin; and for Proxy-Anchor, whose margin
        applies to each cosine: at most −δ to every other class, which more than three classes in the plane
        can never meet.
        """
        loss, weight = snapshot.config.loss, head_of(snapshot).rows
        geometry = loss.spec.geometry
        if weight is None or geometry is None:
            return None
        sample = sample_in_force(snapshot)
        if not geometry.has_margin(sample):
            return None
        gains, offset = np.ones(len(weight)), 0.0
        if loss.spec.scale.weight_length:
            gains = np.linalg.norm(weight.astype(np.float64), axis=1)
        if geometry.binary:  # compared with zero, so that the scale meets the offset; otherwise it cancels
            gains = gains * loss.spec.scale.factor(loss.params, len(snapshot.probe.trained))
            offset = snapshot.common_bias or 0.0
        present = np.isfinite(weight).all(axis=1)
        return cls(
            geometry=geometry,
            sample=sample,
            rows=unit(weight[present]).astype(np.float64),
            labels=row_labels(len(weight), snapshot.probe.num_classes)[present],
            gains=gains[present],
            offset=offset,
        )

    @property
    def lengths(self) -> tuple[float, ...]:
        """The feature lengths between which the margin changes; empty where it does not depend on length."""
        return self.geometry.lengths(self.sample) if self.geometry.lengths else ()

    def scores(self, directions: Floats, labels: Labels) -> TrainingScores:
        """Return the scores of samples of classes ``labels`` (…) in unit ``directions`` (…, d)."""
        # A row for each class weight: reductions over long rows are several times as fast as over short ones.
        flat, classes = directions.reshape(-1, directions.shape[-1]), labels.reshape(-1)
        cosines = np.clip(self.rows @ flat.T, -1, 1)
        mine = self.labels[:, None] == classes
        own = np.where(mine, cosines, -1.0)
        theta = np.arccos(own.max(axis=0))
        if (self.gains == self.gains[0]).all():
            gain = np.full(len(classes), self.gains[0])
        else:
            gain = self.gains[own.argmax(axis=0)]
        values = cosines
        if not self.geometry.cosine_rivals:
            values = self.geometry.rival(np.arccos(cosines), self.sample).value
        others = self.gains[:, None] * values + self.offset
        np.copyto(others, -np.inf, where=mine)
        shape = labels.shape
        return TrainingScores(
            theta.reshape(shape), gain.reshape(shape), others.T.reshape(*shape, len(self.rows))
        )

    def slack(self, scores: TrainingScores, norm: Numbers | float = 1.0) -> Numbers:
        """Return by how much samples of length ``norm`` meet the margin; negative where they miss it."""
        return self.slack_over(scores.theta, scores.gain, scores.others.max(axis=-1), norm)

    def slack_over(self, theta: Numbers, gain: Numbers, other: Numbers, norm: Numbers | float) -> Numbers:
        """Return the `slack`, given the largest logit of another class; arrays are broadcast."""
        own = gain * self._target(theta, norm) + self.offset
        return self.geometry.slack(own, other)

    def _target(self, theta: Numbers, norm: Numbers | float) -> Numbers:
        return self.geometry.target(theta, replace(self.sample, norm=norm)).value
