"""Events of images: one flips for good or keeps flipping, or many change class at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.events.latch import Mask
from explorer.analysis.events.observation import Observation, Observed
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.statistics.angles import ABSENT
from explorer.core.recording.header import RunEvent
from explorer.core.texts import Text, plural, text

HELD = 10
"""Observations, about 100 steps, for which a prediction must hold before and after a flip for good."""
_WINDOW = 2 * HELD
UNSTABLE, STABLE = 6, 2
"""An image keeps flipping at the first number of changes in each of the last two spans of 10 observations; it
has stopped at the second number in the last span."""
_EVERY_STEPS, _EVERY_SHARE = 200, 1 / 8
"""Steps between two events of flipping images, and the same as a fraction of the step of the first.

At each moment some of thousands of images flip. Of such a period the largest group that flips together is
reported, and the number of events grows with the logarithm of the length of a run.
"""
MOST_ROWS = 200
"""Rows that an event lists."""
JUMP, _UNUSUAL = 0.1, 4.0
"""A jump: at least this fraction of the images changes class between two observations, and this many times
the usual fraction. A healthy run in the plane has 0.05 at step 300; the change to a loss that it cannot meet
0.34 within one step."""
_FORGET = 0.2
"""Weight of the newest observation in the usual fraction, a moving average."""
_FALL = 0.3
"""The class that a jump costs most is named where its accuracy falls by this much."""

_Bits = NDArray[np.uint64]
_ONE = np.uint64(1)
_ALL = np.uint64(2**64 - 1)
_SPAN_BITS = np.uint64(2**HELD - 1)
_HELD_WINDOW, _FLIPPED = np.uint64(2 ** (2 * HELD + 1) - 1), np.uint64(2**HELD)
"""The bits of a flip with what is before and after it, and these bits if nothing else has changed."""


class SampleEvents:
    """Finds what happens to the observed images.

    Of each image the last 64 observations are kept as bits: 1 where its prediction changed.
    """

    def __init__(self, first: Observation, observed: Observed, probe: ProbeSet) -> None:
        self._observed, self._indices = observed, probe.indices
        self._last = first
        self._before = first.predictions.copy()  # the prediction before the last change
        self._changes: _Bits = np.full(len(observed.rows), _ALL)  # nothing has held before the first one
        self._steps = deque([first.step], _WINDOW + 1)
        self._unstable: Mask = np.zeros(len(observed.rows), np.bool_)
        self._flips = (0, np.zeros(0, np.intp))
        self._due = {"flipped": 0.0, "unstable": 0.0}
        self._usual, self._jumping = 1.0, False

    def take(self, seen: Observation) -> Iterator[RunEvent]:
        """Yield what an observation shows."""
        changed = seen.predictions != self._last.predictions
        self._before[changed] = self._last.predictions[changed]
        self._changes = (self._changes << _ONE) | changed.astype(np.uint64)
        self._steps.append(seen.step)
        yield from self._take_jump(seen, float(changed.mean()) if len(changed) else 0.0)
        yield from self._take_flips(seen)
        yield from self._take_unstable(seen)
        self._last = seen

    def _take_jump(self, seen: Observation, share: float) -> Iterator[RunEvent]:
        least = max(JUMP, _UNUSUAL * self._usual)
        if share >= least and not self._jumping:
            yield RunEvent(seen.step, "jump", self._jump_text(seen, share))
        self._jumping = share >= least / (2 if self._jumping else 1)
        self._usual += _FORGET * (share - self._usual)

    def _jump_text(self, seen: Observation, share: float) -> Text:
        total, steps = len(seen.predictions), max(1, seen.step - self._last.step)
        jump = plural(
            "{moved:,} of {total:,} test images change class within {count} step.",
            "{moved:,} of {total:,} test images change class within {count} steps.",
            count=steps,
            moved=round(share * total),
            total=total,
        )
        falls = self._last.accuracies - seen.accuracies
        label = int(falls.argmax())
        if falls[label] < _FALL:
            return jump
        return text(
            "{jump} The accuracy of class {label} falls from {before:.0%} to {after:.0%}.",
            jump=jump,
            label=seen.name(label),
            before=float(self._last.accuracies[label]),
            after=float(seen.accuracies[label]),
        )

    def _take_flips(self, seen: Observation) -> Iterator[RunEvent]:
        labels = self._observed.labels
        flipped = (self._changes & _HELD_WINDOW) == _FLIPPED
        flipped &= (self._before == labels) != (seen.predictions == labels)
        flipped &= (self._before != ABSENT) & (seen.predictions != ABSENT)
        places = np.flatnonzero(flipped)
        step, waiting = self._flips
        waiting = waiting[
            seen.predictions[waiting] == self._last.predictions[waiting]
        ]  # others flipped again
        if len(places) > len(waiting):
            step, waiting = self._steps[-1 - HELD], places
        if len(waiting) and self._is_due("flipped", seen.step):
            yield RunEvent(step, "flipped", self._flip_text(waiting, seen), rows=self._rows(waiting))
            waiting = waiting[:0]
        self._flips = step, waiting

    def _flip_text(self, places: NDArray[np.intp], seen: Observation) -> Text:
        if len(places) == 1:
            place = int(places[0])
            return text(
                "Test image {index:,} of class {label} flips for good, from {before} to {after}.",
                index=self._index(place),
                label=seen.name(int(self._observed.labels[place])),
                before=seen.name(int(self._before[place])),
                after=seen.name(int(seen.predictions[place])),
            )
        right = int((seen.predictions[places] == self._observed.labels[places]).sum())
        return plural(
            "{count:,} test image flips for good, {right:,} to its true class.",
            "{count:,} test images flip for good, {right:,} of them to their true class.",
            count=len(places),
            right=right,
        )

    def _take_unstable(self, seen: Observation) -> Iterator[RunEvent]:
        if len(self._steps) <= _WINDOW:
            return
        late = np.bitwise_count(self._changes & _SPAN_BITS)
        early = np.bitwise_count(self._changes >> np.uint64(HELD) & _SPAN_BITS)
        self._unstable &= late > STABLE
        places = np.flatnonzero((late >= UNSTABLE) & (early >= UNSTABLE) & ~self._unstable)
        if len(places) and self._is_due("unstable", seen.step):
            self._unstable[places] = True
            sentence = self._unstable_text(places, early + late, seen)
            yield RunEvent(seen.step, "unstable", sentence, rows=self._rows(places))

    def _unstable_text(self, places: NDArray[np.intp], changes: NDArray[np.uint8], seen: Observation) -> Text:
        steps = self._steps[-1] - self._steps[0]
        if len(places) == 1:
            place = int(places[0])
            return text(
                "Test image {index:,} of class {label} keeps flipping: its prediction changed {changes} "
                "times in {steps:,} steps.",
                index=self._index(place),
                label=seen.name(int(self._observed.labels[place])),
                changes=int(changes[place]),
                steps=steps,
            )
        return plural(
            "{count:,} test image keeps flipping: its prediction changed at least {least} times in {steps:,} "
            "steps.",
            "{count:,} test images keep flipping: the prediction of each changed at least {least} times in "
            "{steps:,} steps.",
            count=len(places),
            least=int(changes[places].min()),
            steps=steps,
        )

    def _is_due(self, kind: str, step: int) -> bool:
        if step < self._due[kind]:
            return False
        self._due[kind] = step + max(_EVERY_STEPS, _EVERY_SHARE * step)
        return True

    def _rows(self, places: NDArray[np.intp]) -> tuple[int, ...]:
        return tuple(self._observed.rows[places[:MOST_ROWS]].tolist())

    def _index(self, place: int) -> int:
        return int(self._indices[self._observed.rows[place]])
