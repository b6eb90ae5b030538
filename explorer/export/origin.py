"""RunOrigin: how a run came about, and its first losses: what is needed to check that it can be repeated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Meta, Struct

from explorer import __version__
from explorer.analysis.frames.history import STEP, History
from explorer.analysis.frames.run_columns import LOSS, single_losses
from explorer.analysis.frames.setting_changes import without_superseded
from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.recording.header import RunHeader
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig, diff, flatten, unflatten
from explorer.export.sharing import own_config, shared_values

CHECKED_STEPS = m.FIRST_STEPS
"""Steps that are trained again to check a run."""
_MOST_STEPS = 2_000
"""The last step that is checked where frames are far apart: the first one after `CHECKED_STEPS` counts."""
FIRST_SEQ = 1
"""Number of the settings with which a run begins; those of changes follow it."""
_MOST_LOSSES, _MOST_CHANGES, _MOST_SETTINGS = 200, 200, 200

_Word = Annotated[str, Meta(max_length=200)]
_Step = Annotated[int, Meta(ge=0, le=_MOST_STEPS)]
_Settings = Annotated[dict[_Word, Value], Meta(max_length=_MOST_SETTINGS)]


class MeasuredLoss(Struct, frozen=True, array_like=True):
    """The loss of a step; of an older run, the mean over the steps between the frame before and this one."""

    step: Annotated[int, Meta(ge=1, le=_MOST_STEPS)]
    value: float


class OriginChange(Struct, frozen=True, array_like=True):
    """Settings that were changed after a step, by their dotted names."""

    step: _Step
    set: _Settings


class RunOrigin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a run came about from its seed.

    Parameters
    ----------
    version, torch, machine, device : str
        Of the program and of PyTorch; and what the run was trained on.
    threads : int
        Number of CPU threads that trained it.
    data_digest : str
        SHA-256 of the data set; empty where it is not known.
    first : mapping of str to Value
        All settings with which it began; empty where they are those that the text with this origin has.
    changes : sequence of OriginChange
        The changes of its settings in the steps that are checked.
    losses : sequence of MeasuredLoss
        Its losses in these steps, in order.
    """

    version: _Word
    torch: _Word
    machine: _Word
    device: _Word
    threads: Annotated[int, Meta(ge=0, le=256)]
    data_digest: _Word
    first: _Settings = {}
    changes: Annotated[tuple[OriginChange, ...], Meta(max_length=_MOST_CHANGES)] = ()
    losses: Annotated[tuple[MeasuredLoss, ...], Meta(min_length=1, max_length=_MOST_LOSSES)]

    @property
    def header(self) -> RunHeader:
        """What a recording of the run would say of it."""
        return RunHeader(
            run="",
            config=RunConfig(),
            version=self.version,
            created="",
            machine=self.machine,
            torch=self.torch,
            data_digest=self.data_digest,
        )

    def first_config(self, shown: RunConfig) -> RunConfig:
        """Return the settings with which the run began, on as many threads as it had.

        Parameters
        ----------
        shown : RunConfig
            The settings that came with this origin.

        Raises
        ------
        ConfigError
            If a setting is not known or not valid.
        """
        own: dict[str, Value] = {"threads": self.threads, "device": shown.device}
        if self.device == "cpu":
            own["device"] = "cpu"
        return own_config(unflatten({**(self.first or flatten(shown)), **own}))

    def changed_configs(self, first: RunConfig) -> tuple[m.SettingChange, ...]:
        """Return the changes with all settings then in force; raises ConfigError as `first_config`."""
        found: list[m.SettingChange] = []
        config = first
        for number, change in enumerate(self.changes, FIRST_SEQ + 1):
            config = own_config(config.replace(change.set))
            found.append(m.SettingChange(number, change.step, config))
        return tuple(found)


def origin_of(
    shown: RunConfig,
    losses: Iterable[tuple[int, float]],
    header: RunHeader,
    started: m.Started,
    changes: Iterable[m.SettingChange],
    until: int,
) -> RunOrigin | None:
    """Return the origin of a run at a step; None for one that was continued, or that has no loss yet.

    Parameters
    ----------
    shown : RunConfig
        The settings of the frame with which the origin goes.
    losses : iterable of (int, float)
        Steps and losses, in order; those up to ``until`` are looked at.
    header : RunHeader
        Describes the run; its ``config`` is the one with which it began.
    started : Started
        What announced the run.
    changes : iterable of SettingChange
        All changes of its settings, in order.
    until : int
        The step of the frame.
    """
    if started.step:
        return None
    known = _first_losses(losses, until)
    if not known:
        return None
    found: list[OriginChange] = []
    before = header.config
    for change in without_superseded(one for one in changes if one.step < known[-1].step):
        if difference := _difference(before, change.config):
            found.append(OriginChange(change.step, difference))
        before = change.config
    if len(found) > _MOST_CHANGES:
        return None
    return RunOrigin(
        version=header.version or __version__,
        torch=header.torch,
        machine=header.machine,
        device=started.device,
        threads=started.threads,
        data_digest=header.data_digest,
        first={} if header.config == shown else shared_values(flatten(header.config)),
        changes=tuple(found),
        losses=known,
    )


def losses_in(history: History) -> Iterator[tuple[int, float]]:
    """Return the steps and losses of a run, as `origin_of` takes them: those of single steps where known."""
    means = zip(history.column(STEP).astype(int).tolist(), history.column(LOSS).tolist(), strict=True)
    return iter(sorted({**dict(means), **history.first_losses}.items()))


def losses_of(recording: Recording) -> Iterator[tuple[int, float]]:
    """Yield the steps and losses of a recording, as `origin_of` takes them; frames are read one by one."""
    for index, step in enumerate(recording.steps):
        frame = recording.frame(index)
        singles = frame.first_losses
        known = single_losses(step, None if singles is None else singles.numpy())
        yield from sorted({step: frame.scalars.get(LOSS, math.nan), **known}.items())


def first_config(recording: Recording) -> RunConfig:
    """Return the settings with which a recorded run began."""
    return recording.settings[0].config if recording.settings else recording.header.config


def _first_losses(losses: Iterable[tuple[int, float]], until: int) -> tuple[MeasuredLoss, ...]:
    """Return the losses of the first steps, up to the first frame at `CHECKED_STEPS` or later."""
    found: list[MeasuredLoss] = []
    for step, value in losses:
        if step > min(until, _MOST_STEPS) or len(found) == _MOST_LOSSES:
            break
        if step >= 1 and math.isfinite(value):
            found.append(MeasuredLoss(int(step), float(value)))
        if step >= CHECKED_STEPS:
            break
    return tuple(found)


def _difference(before: RunConfig, after: RunConfig) -> dict[str, Value]:
    values, found = flatten(after), diff(before, after)
    return shared_values({name: values[name] for name in (*found.live, *found.restart)})
