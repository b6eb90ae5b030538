"""What happened in a run: settings that changed, and the events found in its frames, by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.setting_changes import Mark, Marks, changes_between
from explorer.core.recording.reader import Recording
from explorer.core.texts import Text


class Happening(Struct, frozen=True):
    """A change of settings or an event, at a step."""

    step: int
    kind: Literal["change", "event"]
    text: Text


def happenings(recording: Recording, last_step: int) -> list[Happening]:
    """Return what happened in a run up to a step, by step."""
    changes = [Happening(int(mark.step), "change", mark.text) for mark in _changes(recording)]
    events = [Happening(event.step, "event", event.text) for event in recording.events]
    found = [one for one in (*changes, *events) if one.step <= last_step]
    return sorted(found, key=lambda one: one.step)


def _changes(recording: Recording) -> Marks:
    """Return the changes of settings; those of one drag are one."""
    marks = Marks()
    steps: Sequence[int] = recording.steps
    for before, after in pairwise(recording.settings):
        changes = changes_between(before.config, after.config)
        if changes:
            elapsed = float(np.interp(after.step, steps, recording.elapsed))
            marks.add(Mark(step=after.step, elapsed=elapsed, epoch=np.nan, until=elapsed, changes=changes))
    return marks
