"""How a run that has failed can go on: without what was changed last, from a step before that."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from explorer.analysis.events.blamed_change import blamed_change
from explorer.analysis.frames.history import STEP, History
from explorer.analysis.median import median
from explorer.core.params import Value
from explorer.core.protocol.messages import Notice
from explorer.core.recording.header import RunEvent
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.session.checkpoint_store import CheckpointStore
from explorer.gui.session.continuation import ContinuationError
from explorer.gui.session.frame_store import FrameStore
from explorer.gui.session.problem import Problem, WayBack

_USUAL = 2.0
"""A frame is from before a divergence if its loss is at most this many times the median of the run."""


def divergence(
    notice: Notice,
    remedy: Mapping[str, Value],
    states: CheckpointStore,
    frames: FrameStore,
    history: History,
) -> Problem:
    """Return why a run has stopped, and how it can go on.

    Parameters
    ----------
    notice : Notice
        That of the worker.
    remedy : mapping
        Its remedy, as far as it fits the settings that are wanted now. What was changed last counts more.
    states, frames, history
        Those of the run.
    """
    blamed = blamed_change(*states.settings, notice.step)
    sentence = notice.text
    if blamed is not None:
        remedy = blamed.undone
        sentence = text(
            "Training stopped at step {step:,}: the loss became NaN or infinite just after {change}.",
            step=notice.step,
            change=blamed.text,
        )
    last = notice.step - 1 if blamed is None else blamed.step
    usual = _usual_steps(history, last) if remedy else set()
    way = _way_back(usual, remedy, states, frames, undoes=blamed is not None)
    return Problem(sentence, remedy=remedy, way_back=way)


def failure(
    event: RunEvent, config: RunConfig, states: CheckpointStore, frames: FrameStore, history: History
) -> Problem:
    """Return what is wrong with a run that goes on, and how it can do so better.

    Parameters
    ----------
    event : RunEvent
        One of the `FailureEvents`.
    config : RunConfig
        The settings in force.
    states, frames, history
        Those of the run.
    """
    blamed = blamed_change(*states.settings, event.step)
    if blamed is None:
        sentence, remedy, last = event.text, _remedy(event.kind, config), event.step - 1
    else:
        sentence = text("{what} Just before: {change}.", what=event.text, change=blamed.text)
        remedy, last = blamed.undone, blamed.step
    usual = _usual_steps(history, last)
    way = _way_back(usual, remedy, states, frames, undoes=blamed is not None)
    return Problem(sentence, remedy=remedy, way_back=way)


def _remedy(kind: str, config: RunConfig) -> Mapping[str, Value]:
    """Return settings that help where nothing was changed: a smaller weight of a term, or a lower rate."""
    params = config.loss.params
    if kind == "one-point":
        weights = {param.name: params[param.name] for param in config.loss.spec.params if param.symbol == "λ"}
        smaller = {
            f"loss.{name}": float(f"{float(value) / 10:.2g}") for name, value in weights.items() if value
        }
        if smaller:
            return smaller
    if kind == "no-loss":
        usual = {
            f"loss.{param.name}": param.default
            for param in config.loss.spec.params
            if param.effect == "live" and params[param.name] != param.default
        }
        if usual:
            return usual
    return {"optimizer.rate": float(f"{config.optimizer.rate / 4:.2g}")}


def _usual_steps(history: History, last: int) -> set[int]:
    """Return the steps after the first and up to a last one at which the loss was as usual in the run."""
    losses, steps = history.column("loss"), history.column(STEP)
    known = losses[np.isfinite(losses)]
    if not len(known):
        return set()
    usual = (losses <= _USUAL * median(known)) & (steps > 0) & (steps <= last)
    return set(steps[usual].astype(int).tolist())


def _way_back(
    usual: set[int],
    changes: Mapping[str, Value],
    states: CheckpointStore,
    frames: FrameStore,
    *,
    undoes: bool,
) -> WayBack | None:
    """Return the last of the frames of these steps, if the run can be continued from it."""
    for index in reversed(range(len(frames.steps))):
        if frames.steps[index] in usual:
            try:
                return WayBack(states.continuation(frames.frame(index)), changes, undoes)
            except (ContinuationError, LookupError):
                return None
    return None
