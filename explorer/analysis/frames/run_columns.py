"""What a frame adds to the history of its run."""

from __future__ import annotations

import numpy as np
from msgspec.structs import asdict

from explorer.analysis.frames.history import History
from explorer.analysis.frames.scatter import probe_scatter
from explorer.analysis.frames.setting_changes import Mark, changes_between
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.core.protocol.messages import FIRST_STEPS

EPOCH = "epoch"
LOSS, TERM = "loss", "loss."
"""The total loss, and the prefix of the names of its terms."""
TEST_ACCURACY, TRAIN_ACCURACY, RATE = "test_accuracy", "train_accuracy", "rate"
MARGIN_ACCURACY = "margin_accuracy"
"""Of training images, with the margin at the true class; only of a loss that has one."""
WITHIN, BETWEEN, CLOSEST = "scatter.within", "scatter.between", "scatter.closest"
RATIO, OWN_ANGLE, CLOSEST_ANGLE = "scatter.ratio", "scatter.own_angle", "scatter.closest_angle"


def keep_frame(history: History, before: Snapshot | None, snapshot: Snapshot, config_step: int) -> None:
    """Add a frame to the history of its run: columns, events, and a mark where settings have changed.

    Parameters
    ----------
    history : History
        Receives the frame's scalars, its epoch, its `Scatter`, and the events found in it.
    before : Snapshot or None
        The previous frame of the same run.
    snapshot : Snapshot
        The frame to add.
    config_step : int
        Step at which the configuration of the frame took effect.
    """
    if before is not None and before.config != snapshot.config:
        _mark(history, before, snapshot, config_step)
    scattered = asdict(probe_scatter(snapshot.features, snapshot.probe))
    columns = {f"scatter.{name}": value for name, value in scattered.items()}
    history.append(snapshot.step, snapshot.elapsed, {**snapshot.scalars, EPOCH: snapshot.epoch, **columns})
    history.first_losses |= single_losses(snapshot.step, snapshot.first_losses)
    history.events.take(snapshot, config_step)


def single_losses(step: int, first_losses: Floats | None) -> dict[int, float]:
    """Return the ``first_losses`` (k,) of the frame of a step by their steps."""
    if first_losses is None:
        return {}
    end = min(step, FIRST_STEPS) + 1
    return dict(zip(range(end - len(first_losses), end), first_losses.tolist(), strict=True))


def _mark(history: History, before: Snapshot, snapshot: Snapshot, config_step: int) -> None:
    """Mark the step at which the settings changed, which lies between the two frames or at one of them."""
    steps = before.step, snapshot.step
    elapsed, epoch = (
        float(np.interp(config_step, steps, values))
        for values in ((before.elapsed, snapshot.elapsed), (before.epoch, snapshot.epoch))
    )
    step = float(np.clip(config_step, *steps))
    changes = changes_between(before.config, snapshot.config)
    history.marks.add(Mark(step=step, elapsed=elapsed, epoch=epoch, until=elapsed, changes=changes))
