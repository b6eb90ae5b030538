"""SampleLoss: the loss of one image of a frame, step by step, as the trainer computes it.

Logits are those of training, with the margin. The frame has features and class weights in float32; all is
computed from them in float64, so it agrees with the trainer to the precision of float32.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.frames.given import given_of
from explorer.analysis.frames.in_force import params_in_force, sample_in_force, scale_in_force
from explorer.analysis.frames.references import row_labels, unit
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.frames.trained_part import trained_part
from explorer.analysis.heads.registry import head_of
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.losses.margin_geometry import Sample
from explorer.core.losses.sample_terms import Numbers, TrainedSample
from explorer.core.texts import Text, text


class SampleLoss(Struct, frozen=True, eq=False):
    """The steps from an image to its loss.

    Attributes
    ----------
    label : int
        y, which is trained with: of a training image it may be a wrong one.
    norm : float
        ‖x‖.
    angles : (C,) or None
        The angle in radians to the nearest weight of each class; None without class weights.
    sample : Sample or None
        What T(θ) depends on; None for a loss without a curve.
    target : float or None
        T(θ_y), the logit of the true class over its factor; None for a loss without a curve.
    factor : float
        The factor of T(θ_y) in the logit.
    logits, shares : (C,) or None
        Logits in training, and their softmax; None for a loss without logits.
    terms : dict
        The terms of the loss by their names (message ids), of which the sum is the loss; empty where it
        cannot be computed.
    reason : Text or None
        Why the loss cannot be computed; None where it is.
    """

    label: int
    norm: float
    angles: Numbers | None = None
    sample: Sample | None = None
    target: float | None = None
    factor: float = 1.0
    logits: Numbers | None = None
    shares: Numbers | None = None
    terms: dict[str, float] = {}
    reason: Text | None = None

    @property
    def total(self) -> float:
        """The loss of the image."""
        return sum(self.terms.values())


def sample_loss(snapshot: Snapshot, row: int) -> SampleLoss:
    """Return the steps to the loss of the image in a row of a frame.

    An image of a class left out of training has none, and such a class no angle, no logit and no share.
    """
    probe, label = snapshot.probe, int(snapshot.probe.labels[row])
    if not probe.unseen:
        return _steps(snapshot, row)
    if label in probe.unseen:
        reason = text(
            "Class {label} is left out of training, so this image has no loss.", label=probe.name(label)
        )
        return SampleLoss(label, float(np.linalg.norm(snapshot.features[row])), reason=reason)
    found = _steps(trained_part(snapshot), int(np.count_nonzero(probe.judged[:row])))
    angles, logits, shares = (
        _of_all(values, probe, absent)
        for values, absent in ((found.angles, np.nan), (found.logits, -np.inf), (found.shares, 0.0))
    )
    return replace(found, label=int(given_of(snapshot)[row]), angles=angles, logits=logits, shares=shares)


def _of_all(values: Numbers | None, probe: ProbeSet, absent: float) -> Numbers | None:
    """Return values (C,) of all classes, from those (S,) of the classes trained on."""
    if values is None:
        return None
    result = np.full(probe.num_classes, absent)
    result[probe.trained] = values
    return result


def _steps(snapshot: Snapshot, row: int) -> SampleLoss:
    feature = snapshot.features[row].astype(np.float64)
    found = SampleLoss(int(given_of(snapshot)[row]), float(np.linalg.norm(feature)))
    spec = snapshot.config.loss.spec
    if not np.isfinite(feature).all():
        return replace(found, reason=text("The feature of this image is not a finite number."))
    found = replace(found, angles=_angles(snapshot, feature))
    if spec.geometry is not None and found.angles is not None:
        found = _with_margin(snapshot, found, found.angles)
    try:
        return _with_terms(snapshot, spec, feature, found)
    except LookupError:
        return replace(found, reason=text("This frame lacks a part of the loss that is needed here."))


def _angles(snapshot: Snapshot, feature: Numbers) -> Numbers | None:
    """Return the angle (C,) to the nearest row of class weights of each class; None without class weights."""
    rows = head_of(snapshot).rows
    if rows is None or not np.isfinite(rows).all():
        return None
    cosines = unit(rows.astype(np.float64)) @ unit(feature[None])[0]
    classes = row_labels(len(rows), snapshot.probe.num_classes)
    best = np.full(snapshot.probe.num_classes, -1.0)
    np.maximum.at(best, classes, np.clip(cosines, -1, 1))
    angles: Numbers = np.arccos(best)
    return angles


def _with_margin(snapshot: Snapshot, found: SampleLoss, angles: Numbers) -> SampleLoss:
    """Return the steps with T(θ) and the logits of training."""
    loss, classes = snapshot.config.loss, snapshot.probe.num_classes
    geometry, scale = loss.spec.geometry, loss.spec.scale
    assert geometry is not None
    sample = replace(sample_in_force(snapshot), norm=found.norm)
    factors = np.full(classes, scale_in_force(loss, snapshot, classes))
    if scale.feature_length:
        factors *= found.norm
    rows = head_of(snapshot).rows
    if scale.weight_length and rows is not None:
        factors *= np.linalg.norm(rows.astype(np.float64), axis=1)
    target = float(geometry.target(angles[[found.label]], sample).value[0])
    values = geometry.rival(angles, sample).value.astype(np.float64)
    values[found.label] = target
    offset = (snapshot.common_bias or 0.0) if geometry.binary else 0.0
    logits = factors * values + offset
    factor = float(factors[found.label])
    return replace(found, sample=sample, target=target, factor=factor, logits=logits)


def _with_terms(snapshot: Snapshot, spec: LossSpec, feature: Numbers, found: SampleLoss) -> SampleLoss:
    """Return the steps with logits, probabilities and terms, or with the reason why there are none.

    Raises
    ------
    LookupError
        If the frame lacks an array.
    """
    if spec.sample_terms is None:
        return replace(found, logits=None, reason=_no_terms_reason(spec))
    centers, log_variance = snapshot.centers, snapshot.log_variance
    trained = TrainedSample(
        params=params_in_force(snapshot.config.loss, snapshot),
        feature=feature,
        label=found.label,
        logits=np.zeros(snapshot.probe.num_classes),
        centers=None if centers is None else centers.astype(np.float64),
        log_variance=None if log_variance is None else log_variance.astype(np.float64),
        radius=snapshot.radius,
    )
    if found.logits is None:
        own = spec.sample_logits
        logits = own(trained) if own else head_of(snapshot).logits(feature[None].astype(np.float32))[0]
        found = replace(found, logits=logits)
    found = _with_shares(spec, found)
    assert found.logits is not None
    return replace(found, terms=spec.sample_terms(replace(trained, logits=found.logits)))


def _with_shares(spec: LossSpec, found: SampleLoss) -> SampleLoss:
    """Return the steps with probabilities, where the loss has a softmax over its logits."""
    if found.logits is None or (spec.geometry is not None and spec.geometry.binary):
        return found
    shares = np.exp(found.logits - found.logits.max())
    return replace(found, shares=shares / shares.sum())


def _no_terms_reason(spec: LossSpec) -> Text:
    if spec.balanced:
        return text("This loss compares the images of a batch: one image alone has no loss.")
    return text(
        "The loss of an image also depends on what a frame does not hold: its batch, or running values."
    )
