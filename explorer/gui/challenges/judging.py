"""Judging a challenge: which of its parts a run has passed, from its frames, and whether it was allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from explorer.core.protocol.messages import SettingChange
from explorer.core.settings.config import RunConfig
from explorer.gui.guides.condition import Condition
from explorer.gui.guides.figures import Situation, measure
from explorer.gui.guides.guide import Guide
from explorer.gui.guides.progress import Progress, progress_of
from explorer.gui.guides.table import Rules

Phase = Literal["going", "passed", "over", "barred"]
"""Under way; passed; more images than the limit; changed or restarted in a way that is not allowed."""


class RunTrace(Struct, frozen=True):
    """What led to a frame: its run, the settings with which that began from its seed, and all changes."""

    run: str
    first: RunConfig
    changes: tuple[SettingChange, ...]

    @property
    def configs(self) -> tuple[RunConfig, ...]:
        """All settings that were in force, in order."""
        return (self.first, *(change.config for change in self.changes))


class DonePart(Struct, frozen=True):
    """A part of a challenge that was passed: in which frame, and what led to it.

    ``images`` were seen until then, ``selected`` are rows of the frame, and ``figures`` what was measured, by
    `figure_key`.
    """

    trace: RunTrace
    step: int
    images: int
    config: RunConfig
    selected: tuple[int, ...]
    figures: Mapping[str, float]


class Attempt(Struct, frozen=True):
    """The parts that have been passed, and the run that must not be restarted; empty for none such."""

    parts: tuple[DonePart, ...] = ()
    run: str = ""


class Judgement(Struct, frozen=True):
    """What a frame means for an attempt.

    ``attempt`` is the one with that frame; ``found`` the progress of the present part; ``images`` seen by the
    run; ``barred`` the dotted names of settings that were changed and may not be, ``restarted`` whether the
    run is another than the one that must not be restarted; ``now`` the situation with what came before.
    """

    attempt: Attempt
    phase: Phase
    found: tuple[Progress, ...]
    images: int = 0
    barred: tuple[str, ...] = ()
    restarted: bool = False
    now: Situation | None = None


def goals(guide: Guide) -> tuple[tuple[Condition, ...], ...]:
    """Return the conditions of each part: all steps but the last."""
    return tuple(step.table.until for step in guide.steps[:-1])


def judged(guide: Guide, attempt: Attempt, now: Situation, trace: RunTrace | None) -> Judgement:
    """Return what the newest frame means for an attempt at a challenge.

    Parameters
    ----------
    guide : Guide
        A challenge.
    attempt : Attempt
        The attempt so far.
    now : Situation
        With the newest frame, and the images selected in it.
    trace : RunTrace or None
        What led to that frame; None where there is none yet.
    """
    rules = guide.challenge
    assert rules is not None, "the guide is a challenge"
    wanted = goals(guide)
    if len(attempt.parts) == len(wanted):
        return Judgement(attempt, "passed", (), attempt.parts[-1].images)
    if attempt.parts and trace is not None and trace.run != attempt.parts[-1].trace.run and not rules.runs:
        attempt = replace(attempt, parts=())
    conditions = wanted[len(attempt.parts)]
    if trace is None or now.snapshot is None:
        return Judgement(attempt, "going", progress_of(conditions, now))
    step, config = now.snapshot.step, now.snapshot.config
    now = _as_of_frame(now, attempt, trace, rules)
    found = progress_of(conditions, now)
    images = step * trace.first.optimizer.batch
    barred = tuple(dict.fromkeys(name for config in trace.configs for name in rules.forbidden(config)))
    restarted = attempt.run not in ("", trace.run)
    if barred or restarted or any(change.step < rules.before for change in trace.changes):
        return Judgement(attempt, "barred", found, images, barred, restarted, now)
    if images > rules.limit:
        return Judgement(attempt, "over", found, images, now=now)
    if step >= rules.before and all(progress.met for progress in found):
        part = DonePart(
            trace=trace,
            step=step,
            images=images,
            config=config,
            selected=tuple(map(int, now.rows)) if _selects(conditions) else (),
            figures=figures_of(conditions, now),
        )
        attempt = replace(attempt, parts=(*attempt.parts, part))
        if len(attempt.parts) == len(wanted):
            return Judgement(attempt, "passed", (), images, now=now)
        found = progress_of(wanted[len(attempt.parts)], _as_of_frame(now, attempt, trace, rules))
    return Judgement(attempt, "going", found, images, now=now)


def figures_of(conditions: Iterable[Condition], now: Situation) -> dict[str, float]:
    """Return the accuracy and what conditions measure, to six digits, by `figure_key`."""
    always = (Condition(figure="accuracy", at_least=0.0), *conditions)
    figures = {figure_key(condition): measure(condition, now) for condition in always if condition.figure}
    return {name: float(f"{value:.6g}") for name, value in figures.items()}


def figure_key(condition: Condition) -> str:
    """Return the name under which a result has what a condition measures."""
    label = "" if condition.label is None else f"-{condition.label}"
    return f"{condition.figure}{label}"


def _as_of_frame(now: Situation, attempt: Attempt, trace: RunTrace, rules: Rules) -> Situation:
    """Return a situation with the settings of its frame, and with what came before it."""
    assert now.snapshot is not None, "there is a frame"
    last = attempt.parts[-1] if attempt.parts else None
    same = last is not None and last.trace.run == trace.run
    return replace(
        now,
        config=now.snapshot.config,
        since=last.step if last is not None and same else rules.before,
        before=None if last is None else last.config,
        changed=trace.changes[-1].step if trace.changes else 0,
    )


def _selects(conditions: tuple[Condition, ...]) -> bool:
    return any(condition.subject == "right_direction" for condition in conditions)
