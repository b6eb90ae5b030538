"""The state of a loss in a frame besides its parameters: annealing, adapted scale, followed lengths."""

from __future__ import annotations

from explorer.analysis.frames.lengths import followed_lengths
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.losses.annealing import annealing
from explorer.core.losses.margin_geometry import Sample
from explorer.core.params import Value
from explorer.core.protocol.messages import ANNEALING, SCALE
from explorer.core.settings.config import LossConfig


def params_in_force(loss: LossConfig, snapshot: Snapshot | None) -> dict[str, Value]:
    """Return the parameters of ``loss``, with the annealing λ that a run trains with now.

    ``loss`` may be the next one in the controls. Where the run does not train with it yet, λ is the value at
    the start of annealing.
    """
    params = dict(loss.params)
    if ANNEALING in params:
        params[ANNEALING] = _annealing_in_force(loss, snapshot)
    return params


def scale_in_force(loss: LossConfig, snapshot: Snapshot | None, num_classes: int) -> float:
    """Return the factor between cosines and logits, without feature and weight lengths (see `LogitScale`).

    Where the loss adapts the scale, it is that of the frame, or the initial one without a frame.
    """
    adapted = adapted_scale(loss, snapshot)
    return loss.spec.scale.factor(loss.params, num_classes) if adapted is None else adapted


def adapted_scale(loss: LossConfig, snapshot: Snapshot | None) -> float | None:
    """Return the current scale of a loss that adapts it; None for other losses, and without a frame."""
    if loss.spec.scale.initial is None or snapshot is None or snapshot.config.loss != loss:
        return None
    return snapshot.scalars.get(SCALE)


def sample_in_force(snapshot: Snapshot) -> Sample:
    """Return the current parameters and lengths on which the margin depends, for a feature of length 1."""
    loss = snapshot.config.loss
    geometry = loss.spec.geometry
    follows = geometry is not None and geometry.follows_lengths
    mean, deviation = followed_lengths(snapshot) if follows else (1.0, 1.0)
    return Sample(params_in_force(loss, snapshot), norm_mean=mean, norm_std=deviation)


def _annealing_in_force(loss: LossConfig, snapshot: Snapshot | None) -> float:
    """Return the λ of the frame or, if the floor has been changed since, max(floor, schedule).

    While the λ of a frame is above the floor it was trained with, it is that of the schedule. At that floor,
    the schedule is below it and is computed from the step.
    """
    floor = float(loss.params[ANNEALING])
    if snapshot is None or snapshot.config.loss.name != loss.name:
        return annealing(0, floor)
    floor_then = float(snapshot.config.loss.params[ANNEALING])
    reported = snapshot.scalars.get(ANNEALING, annealing(snapshot.step, floor_then))
    if floor == floor_then:
        return reported
    return max(floor, reported if reported > floor_then else min(reported, annealing(snapshot.step, 0.0)))
