"""How a run that has failed can go on: without what was changed last, from a step before that."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from explorer.analysis.events.blamed_change import BlamedChange, blamed_change
from explorer.analysis.events.failure_events import FailureEvents, chance_level
from explorer.analysis.events.remedies import remedies
from explorer.analysis.frames.history import STEP, History
from explorer.analysis.frames.run_columns import TEST_ACCURACY
from explorer.analysis.median import median
from explorer.core.params import Value
from explorer.core.protocol.messages import Notice
from explorer.core.recording.header import RunEvent
from explorer.core.settings.config import RunConfig, diff
from explorer.core.texts import Text, text
from explorer.gui.session.checkpoint_store import CheckpointStore
from explorer.gui.session.continuation import Continuation, ContinuationError
from explorer.gui.session.frame_store import FrameStore
from explorer.gui.session.problem import Branch, Problem, WayBack

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
        sentence = text(
            "Training stopped at step {step:,}: the loss became NaN or infinite just after {change}.",
            step=notice.step,
            change=blamed.text,
        )
    known = remedy if blamed is None else blamed.undone
    return _problem(_Cause("diverged", notice.step, sentence, blamed, known), states, frames, history)


def failure(event: RunEvent, states: CheckpointStore, frames: FrameStore, history: History) -> Problem:
    """Return what is wrong with a run that goes on, and how it can do so better.

    Parameters
    ----------
    event : RunEvent
        One that `is_failure`.
    states, frames, history
        Those of the run.
    """
    blamed = blamed_change(*states.settings, event.step)
    sentence = event.text
    if blamed is not None:
        sentence = text("{what} Just before: {change}.", what=event.text, change=blamed.text)
    known = {} if blamed is None else blamed.undone
    return _problem(_Cause(event.kind, event.step, sentence, blamed, known), states, frames, history)


def is_failure(event: RunEvent) -> bool:
    """Return whether a run in which this happens comes to nothing."""
    return event.kind in (*FailureEvents.KINDS, "diverged")


class _Cause(Struct, frozen=True):
    """What a run has failed by: kind of the event, its step, and what to say of it.

    ``blamed`` is the change of settings that it came just after. ``known`` is the first remedy, if it is not
    empty.
    """

    kind: str
    step: int
    sentence: Text
    blamed: BlamedChange | None
    known: Mapping[str, Value]

    @property
    def last_good(self) -> int:
        """The last step that can have been well."""
        return self.step - 1 if self.blamed is None else self.blamed.step


def _problem(cause: _Cause, states: CheckpointStore, frames: FrameStore, history: History) -> Problem:
    """Return a problem with its remedies."""
    first, changes = states.settings
    config = changes[-1].config if changes else first
    found = remedies(cause.kind, config, cause.step, cause.known)
    remedy = cause.known or (found[0] if found else {})
    good = _good_steps(history, len(config.data.trained), cause.last_good)
    continuation = _last_of(good, states, frames) if remedy else None
    way = None if continuation is None else WayBack(continuation, remedy, cause.blamed is not None)
    branches = tuple(_branch(config.replace(wanted), continuation, states) for wanted in found)
    return Problem(cause.sentence, remedy=remedy, way_back=way, branches=branches)


def _branch(config: RunConfig, good: Continuation | None, states: CheckpointStore) -> Branch:
    """Return a run with these settings: from the step that is well, or from the seed where they need that."""
    if good is None or diff(good.config, config).restart:
        return Branch(states.from_seed(config), config)
    return Branch(good, config)


def _good_steps(history: History, classes: int, last: int) -> set[int]:
    """Return the steps up to a last one at which the run was well.

    The loss was as usual in the run, and more images were predicted correctly than by guessing: a run that
    has learnt nothing yet is as well begun anew.
    """
    losses, accuracies, steps = (history.column(name) for name in ("loss", TEST_ACCURACY, STEP))
    known = losses[np.isfinite(losses)]
    if not len(known):
        return set()
    usual = (losses <= _USUAL * median(known)) & (steps > 0) & (steps <= last)
    usual &= accuracies > chance_level(1 / classes)
    return set(steps[usual].astype(int).tolist())


def _last_of(good: set[int], states: CheckpointStore, frames: FrameStore) -> Continuation | None:
    """Return how to continue from the last of the frames of these steps; None where that is not possible."""
    for index in reversed(range(len(frames.steps))):
        if frames.steps[index] in good:
            try:
                return states.continuation(frames.frame(index))
            except (ContinuationError, LookupError):
                return None
    return None
