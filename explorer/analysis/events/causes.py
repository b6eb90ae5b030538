"""What happened just before an event: a change of settings, a turn of the learning rate, or nothing."""

from __future__ import annotations

from collections import deque

from msgspec import Struct

from explorer.analysis.frames.setting_changes import changes_between
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text

JUST_BEFORE = 100
"""Steps within which a change of settings is named as what happened just before: a loss that merges classes
takes some tens of steps."""
_SCHEDULE_STEPS = 30
"""The same for the schedule of the learning rate, which acts at once. Longer, the end of the usual warm-up
would be named for every class that is learnt."""
_MOST_CHANGES = 16


class _Change(Struct, frozen=True):
    """Settings that changed at a step."""

    step: int
    text: Text


class Causes:
    """Remembers the last changes of settings of a run."""

    def __init__(self, first: Snapshot) -> None:
        self._config = first.config
        self._steps_per_epoch = 0.0
        self._changes: deque[_Change] = deque(maxlen=_MOST_CHANGES)

    def note(self, snapshot: Snapshot, config_step: int) -> bool:
        """Take a frame, and return whether its settings have changed at ``config_step``."""
        if snapshot.epoch > 0:
            self._steps_per_epoch = snapshot.step / snapshot.epoch
        if snapshot.config is self._config or snapshot.config == self._config:
            return False
        changes = [change.text for change in changes_between(self._config, snapshot.config)]
        self._config = snapshot.config
        if changes:
            self._changes.append(_Change(config_step, text("{changes}", changes=changes)))
        return bool(changes)

    def before(self, step: int) -> Text | None:
        """Return what happened just before a step; None for nothing.

        Of several changes of settings the last one is named.
        """
        recent = [change for change in self._changes if 0 <= step - change.step <= JUST_BEFORE]
        if recent:
            return text("{change} at step {step:,}", change=recent[-1].text, step=recent[-1].step)
        return _schedule(self._config, step, self._steps_per_epoch)


def _schedule(config: RunConfig, step: int, steps_per_epoch: float) -> Text | None:
    """Return the turn of the learning-rate schedule just before a step, None if there is none."""
    optimizer = config.optimizer
    if optimizer.warmup and 0 <= step - optimizer.warmup <= _SCHEDULE_STEPS:
        return text("warm-up of the learning rate ended at step {step:,}", step=optimizer.warmup)
    end = round(optimizer.horizon * steps_per_epoch)
    if optimizer.schedule == "cosine" and end and 0 <= step - end <= _SCHEDULE_STEPS:
        return text("cosine decay of the learning rate ended at step {step:,}", step=end)
    return None
