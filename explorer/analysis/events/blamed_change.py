"""The change of settings that a divergence is held to come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from explorer.analysis.events.causes import JUST_BEFORE
from explorer.analysis.frames.setting_changes import changes_between
from explorer.core.params import Value
from explorer.core.protocol.messages import SettingChange
from explorer.core.settings.config import RunConfig, diff, flatten
from explorer.core.texts import Text, listed

_DRAG_STEPS = 50
"""Steps between two changes of the same settings that still count as one drag."""


class BlamedChange(Struct, frozen=True):
    """A change of settings, or of the same ones in one drag, that began at ``step``."""

    step: int
    before: RunConfig
    after: RunConfig

    @property
    def undone(self) -> Mapping[str, Value]:
        """The settings that take the change back, by their dotted names."""
        names = _names(self.before, self.after)
        return {name: value for name, value in flatten(self.before).items() if name in names}

    @property
    def text(self) -> Text:
        """What changed."""
        return listed([change.text for change in changes_between(self.before, self.after)])


def blamed_change(first: RunConfig, changes: Sequence[SettingChange], step: int) -> BlamedChange | None:
    """Return the last change of settings within `JUST_BEFORE` steps before a step, None for none.

    Parameters
    ----------
    first : RunConfig
        The settings with which the run began.
    changes : sequence of SettingChange
        All changes up to the step, in their order.
    """
    configs = [first, *(change.config for change in changes)]
    last = len(changes) - 1
    if last < 0 or step - changes[last].step > JUST_BEFORE:
        return None
    begun = last
    while (
        begun
        and changes[begun].step - changes[begun - 1].step <= _DRAG_STEPS
        and _names(configs[begun - 1], configs[begun]) == _names(configs[last], configs[last + 1])
    ):
        begun -= 1
    blamed = BlamedChange(changes[begun].step, configs[begun], configs[last + 1])
    return blamed if blamed.undone else None


def _names(old: RunConfig, new: RunConfig) -> set[str]:
    """Return the names of the live settings that differ; with another loss, all of the loss before."""
    if old.loss.name != new.loss.name:
        return {name for name in flatten(old) if name.startswith("loss.")}
    return set(diff(old, new).live)
