"""EventLog: finds the events of a run in its frames as they come, and keeps them."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from msgspec.structs import replace

from explorer.analysis.events.causes import Causes
from explorer.analysis.events.class_events import ClassEvents
from explorer.analysis.events.drift_events import DriftEvents
from explorer.analysis.events.failure_events import FailureEvents
from explorer.analysis.events.loss_events import LossEvents
from explorer.analysis.events.observation import Observed, observe
from explorer.analysis.events.rule_events import RuleEvents
from explorer.analysis.events.sample_events import SampleEvents
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.recording.header import RunEvent

OBSERVE_EVERY = 10
"""Steps between observations: the first frame at or after each multiple of it is observed.

What is found then depends little on how often frames come, and costs little where they come often. The first
step with other settings is observed as well; further frames of one step, as settings change while training is
paused, are not.
"""
MOST_EVENTS = 1000
"""Events kept of a run; further ones are left out."""
_LOSS = "loss"


class EventLog:
    """The events of a run.

    Attributes
    ----------
    found : list of RunEvent
        The events in the order in which they were found: some are certain only a few hundred steps later.
    """

    def __init__(self) -> None:
        self.found: list[RunEvent] = []
        self._ordered: list[RunEvent] = []
        self._detectors: _Detectors | None = None
        self._complete = False
        self._taken = 0

    @classmethod
    def of(cls, events: Iterable[RunEvent]) -> EventLog:
        """Return the events that a recording has, which are not found a second time."""
        log = cls()
        log._add(events)
        log._complete = True
        return log

    @property
    def events(self) -> Sequence[RunEvent]:
        """The events in the order of their steps."""
        return self._ordered

    def take(self, snapshot: Snapshot, config_step: int) -> None:
        """Find what a frame shows; its settings took effect at ``config_step``."""
        if self._complete:
            return
        if self._detectors is None or snapshot.step == 0:  # before the first step, settings are tried
            self._detectors = _Detectors(snapshot)
        else:
            self._add(self._detectors.take(snapshot, config_step))

    def take_divergence(self, step: int) -> None:
        """Note that the trainer has stopped because the loss became NaN or infinite at a step."""
        if self._detectors is not None and not self._complete:
            self._add(self._detectors.take_divergence(step))

    def take_new(self) -> Sequence[RunEvent]:
        """Return the events found since the last call, in the order in which they were found."""
        before, self._taken = self._taken, len(self.found)
        return self.found[before:]

    def _add(self, events: Iterable[RunEvent]) -> None:
        for event in events:
            if len(self.found) < MOST_EVENTS:
                self.found.append(event)
                insort(self._ordered, event, key=attrgetter("step"))


class _Detectors:
    """All detectors of a run, from its first frame on."""

    def __init__(self, first: Snapshot) -> None:
        self._observed = Observed.of(first.probe)
        seen = observe(first, self._observed)
        self._classes = ClassEvents(seen)
        self._samples = SampleEvents(seen, self._observed, first.probe)
        self._loss = LossEvents(len(first.probe.trained))
        self._rule = RuleEvents(first)
        self._drifts = DriftEvents(seen, self._observed)
        self._failures = FailureEvents(seen)
        self._causes = Causes(first)
        self._loss.note(first.step, first.scalars.get(_LOSS))
        self._step, self._due = first.step, _next_due(first.step)

    def take(self, snapshot: Snapshot, config_step: int) -> Iterator[RunEvent]:
        """Yield what a frame shows."""
        loss = snapshot.scalars.get(_LOSS)
        if self._causes.note(snapshot, config_step):
            self._loss.restart()
            self._failures.restart(snapshot.step)
            self._drifts.restart(config_step)
            self._due = snapshot.step
        self._loss.note(snapshot.step, loss)
        yield from self._with_causes(self._rule.take(snapshot))
        if snapshot.step < self._due or snapshot.step == self._step:
            return
        self._step, self._due = snapshot.step, _next_due(snapshot.step)
        seen = observe(snapshot, self._observed)
        yield from self._with_causes(
            chain(
                self._classes.take(seen),
                self._samples.take(seen),
                self._loss.take(seen, loss),
                self._drifts.take(seen),
                self._failures.take(seen, loss),
            )
        )

    def take_divergence(self, step: int) -> Iterator[RunEvent]:
        """Yield that the loss became NaN or infinite at a step."""
        yield from self._with_causes(self._loss.take_divergence(step))

    def _with_causes(self, events: Iterable[RunEvent]) -> Iterator[RunEvent]:
        return (replace(event, cause=self._causes.before(event.step)) for event in events)


def _next_due(step: int) -> int:
    return (step // OBSERVE_EVERY + 1) * OBSERVE_EVERY
