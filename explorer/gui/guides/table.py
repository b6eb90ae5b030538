"""The table of a guide: what its steps do and wait for, and the rules of a challenge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from explorer.core.params import Value
from explorer.core.settings.config import ConfigError, RunConfig, diff, flatten
from explorer.core.settings.presets import find_preset
from explorer.core.texts import Text, text
from explorer.gui.guides.condition import Condition

Act = Literal["restart", "start", "pause"]
"""What a step asks of the run."""

WITHOUT_EFFECT = ("device", "threads", "data.probe_every")
"""Settings on which the figures of a challenge do not depend: a person may change them in any."""

_MOST_TITLE, _MOST_STEPS = 60, 30
_MOST_BEFORE = 1000
"""Steps that are made before a challenge begins, at most: they take some seconds."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


class StepTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a step does to the program, in this order, and what it then waits for.

    Parameters
    ----------
    id : str
        Name of its section.
    preset : str
        Name of a preset, whose settings take the place of all.
    set : mapping of str to Value
        Settings by their dotted names.
    options : mapping of str to Value
        Display options as ``view.option``.
    show : tuple of str
        What to open: ids of panels, ``lab:id`` or ``card:id``.
    run : tuple of Act
        What to ask of the run.
    until : tuple of Condition
        What must hold, all at once, before the step is done; nothing for a step that is only read.
    """

    id: str
    preset: str = ""
    set: dict[str, Value] = {}
    options: dict[str, Value] = {}
    show: tuple[str, ...] = ()
    run: tuple[Act, ...] = ()
    until: tuple[Condition, ...] = ()


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a challenge demands besides the conditions of its steps.

    A challenge is passed where the conditions of its steps hold one after the other in frames of one run:
    what can be told from a frame, so that a repeated run shows the same. Each step but the last, whose text
    is shown then, has conditions; none does anything to settings or run.

    Parameters
    ----------
    set : mapping of str to Value
        Settings at the beginning, by their dotted names; the rest are defaults.
    before : int
        Steps that are made with these before the person begins. With any, the run is not to be restarted.
    limit : int
        Images that the run may see until the challenge is passed, those of the steps before included: not
        seconds, which would be fewer steps on a slow machine.
    allowed : tuple of str
        Settings that may be changed: dotted names, or all of a section as ``loss.*``. Besides,
        `WITHOUT_EFFECT`.
    runs : bool
        Whether each step may be passed in a run of its own, or else all in the same.
    """

    set: dict[str, Value] = {}
    before: int = 0
    limit: int
    allowed: tuple[str, ...]
    runs: bool = False

    @property
    def start(self) -> RunConfig:
        """The settings at the beginning; raises ConfigError where one is not valid."""
        return RunConfig().replace(self.set)

    @property
    def steps(self) -> int:
        """Steps of a run that see no more images than the limit, if the size of a batch stays the same."""
        return self.limit // self.start.optimizer.batch

    def forbidden(self, config: RunConfig) -> tuple[str, ...]:
        """Return the dotted names of settings that differ from the start although they may not."""
        found = diff(self.start, config)
        return tuple(name for name in (*found.live, *found.restart) if not self._may_change(name))

    def problems(self) -> Iterator[Text]:
        """Yield what is wrong with them."""
        try:
            start = self.start
        except ConfigError as error:
            yield text("challenge: {problem}", problem=str(error).rstrip("."))
            return
        if not 0 <= self.before <= _MOST_BEFORE:
            yield text("before is 0 to {count} steps", count=_MOST_BEFORE)
        if self.limit <= self.before * start.optimizer.batch:
            yield text("the limit is more images than the steps before the challenge see")
        sections = {f"{name.rpartition('.')[0]}.*" for name in flatten(start) if "." in name}
        for name in self.allowed:
            if name not in sections and not name.startswith("loss.") and name not in flatten(start):
                yield text("there is no setting {name!r}", name=name)

    def _may_change(self, name: str) -> bool:
        section = f"{name.rpartition('.')[0]}.*"
        return name in self.allowed or section in self.allowed or name in WITHOUT_EFFECT


class GuideWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of a guide: all that the table of a translation has."""

    title: str
    about: str

    def problems(self) -> Iterator[Text]:
        """Yield what is wrong with them."""
        if not 0 < len(self.title) <= _MOST_TITLE:
            yield text("a title has 1 to {count} letters", count=_MOST_TITLE)


class GuideTable(GuideWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table of a guide.

    Parameters
    ----------
    title, about : str
        Its name on screen, and what it is about in one sentence.
    cards : tuple of str
        Ids of the cards that lead to it.
    steps : tuple of StepTable
        At least one.
    challenge : Rules, optional
        For a challenge.
    """

    cards: tuple[str, ...] = ()
    steps: tuple[StepTable, ...] = ()
    challenge: Rules | None = None

    def problems(self) -> Iterator[Text]:
        """Yield what is wrong with it."""
        yield from super().problems()
        ids = [step.id for step in self.steps]
        if not 0 < len(ids) <= _MOST_STEPS:
            yield text("a guide has 1 to {count} steps", count=_MOST_STEPS)
        if len(set(ids)) < len(ids):
            yield text("two steps have the same id")
        faults = [] if self.challenge is None else list(self.challenge.problems())
        yield from faults
        config = RunConfig() if self.challenge is None or faults else self.challenge.start
        for step in self.steps:
            if not _ID.fullmatch(step.id):
                yield text("{id!r} is no id: small letters, digits and hyphens", id=step.id)
            for condition in step.until:
                problem = condition.problem()
                if problem is not None:
                    yield text("step {id!r}: {problem}", id=step.id, problem=problem)
            try:
                config = _config_after(step, config)
            except ConfigError as error:
                yield text("step {id!r}: {problem}", id=step.id, problem=str(error).rstrip("."))
        if self.challenge is not None:
            yield from self._problems_of_challenge()

    def _problems_of_challenge(self) -> Iterator[Text]:
        for step in self.steps:
            if step.preset or step.set or step.run:
                yield text("step {id!r}: in a challenge only the person changes the run", id=step.id)
            if bool(step.until) == (step is self.steps[-1]):
                yield text("step {id!r}: all steps of a challenge but the last have conditions", id=step.id)
            for condition in step.until:
                if not condition.of_frame:
                    yield text("step {id!r}: a challenge cannot tell this from a frame", id=step.id)


def _config_after(step: StepTable, config: RunConfig) -> RunConfig:
    """Return the settings at the end of a step: those that it sets, and those that it waits for.

    Raises
    ------
    ConfigError
        If there is no such preset or setting, or a value is not valid.
    """
    if step.preset:
        config = find_preset(step.preset).config
    config = config.replace(step.set)
    wanted: Mapping[str, Value | None] = {
        condition.setting: condition.comparisons[0]
        for condition in step.until
        if condition.subject == "setting" and condition.near is None and condition.comparisons
    }
    return config.replace({name: value for name, value in wanted.items() if value is not None})
