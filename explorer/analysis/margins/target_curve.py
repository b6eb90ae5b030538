"""TargetCurve: the logit of a loss over the angle θ_y to the true class, and the angles of the data."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.in_force import adapted_scale, params_in_force, scale_in_force
from explorer.analysis.frames.lengths import length_statistics
from explorer.analysis.frames.references import Reference, ReferenceKind
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.frames.trained_part import trained_part
from explorer.analysis.heads.angular import class_cosines
from explorer.analysis.heads.classifier import reference_rows
from explorer.analysis.statistics.angles import angle_histogram
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.params import Value
from explorer.core.protocol.messages import ANNEALING
from explorer.core.settings.config import LossConfig

Curve = NDArray[np.float64]

STEPS = 720
"""Steps of a curve from 0° to 180°: a quarter of a degree each."""
THETA = np.linspace(0.0, np.pi, STEPS + 1)
"""Angles in radians at which curves are computed."""


class Lengths(Struct, frozen=True):
    """Mean and standard deviation of ‖x‖, and whether they were ``measured`` or assumed."""

    mean: float = 1.0
    deviation: float = 1.0
    measured: bool = False


class TargetCurve(Struct, frozen=True):
    """The curve of a loss with its current parameters.

    ``params`` are complete, with the current λ of a loss that has one; ``scale`` is the factor of T(θ) in the
    logit, without lengths; ``adapted`` tells whether it is from a frame, for a loss that adapts it.
    """

    loss: LossConfig
    geometry: MarginGeometry
    params: Mapping[str, Value]
    scale: float
    num_classes: int
    adapted: bool = False

    @classmethod
    def of(cls, loss: LossConfig, snapshot: Snapshot | None, num_classes: int) -> TargetCurve | None:
        """Return the curve of a loss at the time of ``snapshot``; None for a loss without a curve."""
        geometry = loss.spec.geometry
        if geometry is None:
            return None
        return cls(
            loss=loss,
            geometry=geometry,
            params=params_in_force(loss, snapshot),
            scale=scale_in_force(loss, snapshot, num_classes),
            num_classes=num_classes,
            adapted=adapted_scale(loss, snapshot) is not None,
        )

    @property
    def annealing(self) -> float | None:
        """The current λ, None without annealing."""
        return float(self.params[ANNEALING]) if ANNEALING in self.params else None

    @property
    def final_annealing(self) -> float | None:
        """The λ at which annealing ends, None without annealing."""
        return float(self.loss.params[ANNEALING]) if ANNEALING in self.loss.params else None

    @property
    def annealed(self) -> TargetCurve | None:
        """The curve after annealing; None if it has ended, and without annealing."""
        return None if self.annealing == self.final_annealing else replace(self, params=self.loss.params)

    @property
    def assumed_lengths(self) -> Lengths:
        """Lengths to use before there are data: the range of the loss, if it has one."""
        lengths = self.geometry.lengths
        if lengths is None or self.geometry.follows_lengths:
            return Lengths()
        shortest, longest = lengths(Sample(self.params))
        return Lengths((shortest + longest) / 2, (longest - shortest) / 2)

    def sample(self, lengths: Lengths, deviations: float = 0.0) -> Sample:
        """Return a sample whose length is the mean plus a number of standard deviations."""
        norm = max(0.0, lengths.mean + deviations * lengths.deviation)
        return Sample(self.params, norm, lengths.mean, lengths.deviation)

    def values(self, lengths: Lengths, deviations: float = 0.0) -> Curve:
        """Return T at `THETA` for such a sample."""
        return self.geometry.target(THETA, self.sample(lengths, deviations)).value

    def beyond_pi(self, lengths: Lengths) -> float | None:
        """Return the angle in radians from which θ + m in T exceeds π, None if it never does."""
        if self.geometry.beyond_pi is None:
            return None
        start = self.geometry.beyond_pi(self.sample(lengths))
        return start if start < math.pi - 1e-6 else None

    def factor(self, data: AngleData | None) -> float:
        """Return the factor of T(θ) in the logit, with the mean lengths of features and class weights.

        Lengths are factors where the loss does not normalise them; they are 1 before any are known.
        """
        factor, scale = self.scale, self.loss.spec.scale
        if data is not None and scale.feature_length:
            factor *= data.lengths.mean
        if data is not None and scale.weight_length:
            factor *= data.weight_length
        return factor


def changes_curve(loss: LossConfig, name: str) -> bool:
    """Return whether T(θ) of a loss depends on one of its parameters, for a feature of unusual length."""
    geometry, param = loss.spec.geometry, loss.spec.param(name)
    if geometry is None or param is None:
        return False
    curves = [
        geometry.target(THETA, Sample({**loss.params, name: value}, norm=2.0)).value
        for value in (loss.params[name], param.min, param.max)
        if value is not None
    ]
    return not all(np.array_equal(curves[0], curve) for curve in curves[1:])


class AngleData(Struct, frozen=True, eq=False):
    """Data of a snapshot for a curve, from ``count`` images of a split.

    ``shares`` (BINS,) is the histogram of θ_y as fractions; ``cosines`` (n, S) are those to every class
    trained on, and ``labels`` (n,) the places of the true ones among these; ``weight_length`` is the mean
    length of a class weight, ``offset`` the bias of a one-vs-all loss.
    """

    kind: ReferenceKind
    count: int
    shares: NDArray[np.float64]
    cosines: Floats
    labels: NDArray[np.intp]
    lengths: Lengths
    weight_length: float
    offset: float | None


def angle_data(snapshot: Snapshot, split: int) -> AngleData:
    """Return the data of one split, without features that are not finite, and classes left out."""
    snapshot = trained_part(snapshot)
    probe = snapshot.probe
    reference = reference_rows(snapshot, split)
    shown = (probe.split == split) & np.isfinite(snapshot.features).all(axis=1)
    features = snapshot.features if shown.all() else snapshot.features[shown]
    labels = (probe.labels if shown.all() else probe.labels[shown]).astype(np.intp)
    cosines = _cosines(features, reference, probe.num_classes)
    own = cosines[np.arange(len(labels)), labels]
    mean, deviation = length_statistics(features)
    weight = reference.rows[np.isfinite(reference.rows).all(axis=1)]
    return AngleData(
        kind=reference.kind,
        count=len(labels),
        shares=angle_histogram(np.arccos(np.clip(own, -1, 1))),
        cosines=cosines,
        labels=labels,
        lengths=Lengths(mean, deviation, bool(len(labels))),
        weight_length=float(np.hypot.reduce(weight, axis=1).mean()) if len(weight) else 1.0,
        offset=snapshot.common_bias,
    )


def _cosines(features: Floats, reference: Reference, num_classes: int) -> Floats:
    """Return cos θ (n, C) to the nearest row of each class, −1 for a class without any."""
    absent: NDArray[np.bool_] = np.asarray(~np.isfinite(reference.rows).all(axis=1))
    rows = np.where(absent[:, None], 0, reference.rows) if absent.any() else reference.rows
    cosines = class_cosines(features.astype(np.float64), rows.astype(np.float64), num_classes)
    if absent.any():
        cosines[:, reference.labels[absent]] = -1
    return cosines.astype(np.float32)
