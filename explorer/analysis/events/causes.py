"""What happened just before an event: a change of settings, a turn of the learning rate, or nothing."""

from __future__ import annotations

from collections import deque

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.frames.setting_changes import Change, changes_between
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text

JUST_BEFORE = 100
"""Steps within which a change of settings is named as what happened just before: a loss that merges classes
takes some tens of steps."""
_SCHEDULE_STEPS = 30
"""The same for the schedule of the learning rate, which acts at once. Longer, the end of the usual warm-up
would be named for every class that is learnt."""
_DRAG_STEPS = 50
"""Steps between two changes of the same settings that still count as one drag."""
_MOST_CHANGES = 16


class _Changed(Struct, frozen=True):
    """Settings that changed at a step, or in one drag that ended there."""

    step: int
    changes: tuple[Change, ...]

    def joined(self, later: _Changed) -> _Changed:
        """Return this and a later change of the same settings as one."""
        before = {change.name: change.before for change in self.changes}
        changes = (replace(change, before=before[change.name]) for change in later.changes)
        return _Changed(later.step, tuple(change for change in changes if change.before != change.after))

    def same_drag(self, later: _Changed) -> bool:
        """Return whether a later change is of the same settings, and so soon that it is of one drag."""
        names = [{change.name for change in each.changes} for each in (self, later)]
        return names[0] == names[1] and later.step - self.step <= _DRAG_STEPS


class Causes:
    """Remembers the last changes of settings of a run."""

    def __init__(self, first: Snapshot) -> None:
        self._config = first.config
        self._steps_per_epoch = 0.0
        self._changed: deque[_Changed] = deque(maxlen=_MOST_CHANGES)

    def note(self, snapshot: Snapshot, config_step: int) -> bool:
        """Take a frame, and return whether its settings have changed at ``config_step``."""
        if snapshot.epoch > 0:
            self._steps_per_epoch = snapshot.step / snapshot.epoch
        if snapshot.config is self._config or snapshot.config == self._config:
            return False
        changed = _Changed(config_step, changes_between(self._config, snapshot.config))
        self._config = snapshot.config
        if self._changed and self._changed[-1].same_drag(changed):
            changed = self._changed.pop().joined(changed)
        self._changed.append(changed)
        return True

    def before(self, step: int) -> Text | None:
        """Return what happened just before a step; None for nothing.

        Of several changes of settings the last one is named.
        """
        for changed in reversed(self._changed):
            if changed.changes and 0 <= step - changed.step <= JUST_BEFORE:
                what = [change.text for change in changed.changes]
                return text("{changes} at step {step:,}", changes=what, step=changed.step)
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
