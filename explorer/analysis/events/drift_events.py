"""Events of slow drifts: with other settings accuracy moves over some tens of steps, and why.

What moves at once, with the same features, is an event of `rule_events`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.events.observation import Observation, Observed
from explorer.analysis.events.sample_events import MOST_ROWS
from explorer.analysis.median import median
from explorer.core.recording.header import RunEvent
from explorer.core.texts import N_, Text, text

STEPS = 100
"""Steps after a change of settings at which accuracy is compared with that just after it."""
LEAST = 0.01
"""Change of the accuracy below which there is no event."""
_SURE = 2.0
"""Standard deviations by which images gained and lost must differ; each is taken for one toss of a coin."""
_STEADY = 3
"""Observations whose median accuracy counts: a single one depends on the last batch."""
_PAIR = 1 / 3
"""Fraction of the images from which on two classes are named."""
_MOVED = 0.05
"""Relative change of a separation from which on clusters have moved."""

_SENTENCES: Mapping[tuple[bool, bool, bool], str] = MappingProxyType(
    {
        (False, True, True): N_(
            "Accuracy fell from {before:.1%} to {after:.1%} in {steps} steps: {share:.0%} of the newly "
            "misclassified images are of classes {first} and {second}, which moved closer, from "
            "{apart:.1f} to {now:.1f} standard deviations."
        ),
        (False, True, False): N_(
            "Accuracy fell from {before:.1%} to {after:.1%} in {steps} steps: {share:.0%} of the newly "
            "misclassified images are of classes {first} and {second}. These are as far apart as before "
            "({now:.1f} standard deviations), but the boundary between them no longer fits."
        ),
        (False, False, True): N_(
            "Accuracy fell from {before:.1%} to {after:.1%} in {steps} steps: the classes moved closer. "
            "The nearest other class is now {now:.1f} standard deviations away (median; {apart:.1f} "
            "before)."
        ),
        (False, False, False): N_(
            "Accuracy fell from {before:.1%} to {after:.1%} in {steps} steps: the classes are as far apart "
            "as before ({now:.1f} standard deviations to the nearest other one, median), but the boundaries "
            "no longer fit."
        ),
        (True, True, True): N_(
            "Accuracy rose from {before:.1%} to {after:.1%} in {steps} steps: {share:.0%} of the newly "
            "correct images are of classes {first} and {second}, which moved apart, from {apart:.1f} to "
            "{now:.1f} standard deviations."
        ),
        (True, True, False): N_(
            "Accuracy rose from {before:.1%} to {after:.1%} in {steps} steps: {share:.0%} of the newly "
            "correct images are of classes {first} and {second}. These are as far apart as before "
            "({now:.1f} standard deviations), but the boundary between them fits better."
        ),
        (True, False, True): N_(
            "Accuracy rose from {before:.1%} to {after:.1%} in {steps} steps: the classes moved apart. "
            "The nearest other class is now {now:.1f} standard deviations away (median; {apart:.1f} "
            "before)."
        ),
        (True, False, False): N_(
            "Accuracy rose from {before:.1%} to {after:.1%} in {steps} steps: the classes are as far apart "
            "as before ({now:.1f} standard deviations to the nearest other one, median), but the boundaries "
            "fit better."
        ),
    }
)
"""By whether accuracy rose, whether two classes stand out, and whether clusters moved so as to explain it."""


class _Begun(Struct, frozen=True, eq=False):
    """The first observation with other settings, and how much accuracy rose in `STEPS` steps until then."""

    seen: Observation
    trend: float


class DriftEvents:
    """Finds how accuracy moves after a change of settings, and what became of the classes meanwhile."""

    def __init__(self, first: Observation, observed: Observed) -> None:
        self._rows, self._labels = observed.rows, observed.labels
        self._past = deque([(first.step, first.accuracy)])
        self._begun: _Begun | None = None
        self._changed: int | None = None

    def restart(self, step: int) -> None:
        """Note that settings have changed at a step; more until the end, as of a drag, put it off."""
        self._changed = step

    def take(self, seen: Observation) -> Iterator[RunEvent]:
        """Yield what an observation shows."""
        if self._changed is not None and self._begun is None:
            self._begun = _Begun(seen, self._trend())
        self._past.append((seen.step, seen.accuracy))
        while self._past[0][0] < seen.step - STEPS - 1 and len(self._past) > _STEADY:
            self._past.popleft()
        if self._begun is not None and self._changed is not None and seen.step - self._changed >= STEPS:
            event = self._event(self._begun, seen, self._changed + STEPS)
            self._begun = self._changed = None
            if event is not None:
                yield event

    def _trend(self) -> float:
        """Return by how much accuracy rose within the last `STEPS` steps; infinite if that is not known."""
        (first, low), (last, high) = self._past[0], self._past[-1]
        return math.inf if last - first < STEPS / 2 else (high - low) * STEPS / (last - first)

    def _event(self, begun: _Begun, seen: Observation, step: int) -> RunEvent | None:
        """Return the event of a step, from which on there is the first observation ``seen``."""
        before = begun.seen
        after = median(np.array([accuracy for _step, accuracy in self._past][-_STEADY:]))
        drift = after - before.accuracy
        if abs(drift) < LEAST or (drift > 0 and drift - max(begun.trend, 0.0) < LEAST):
            return None  # or it rises as it did before
        rose = drift > 0
        right_before, right_now = (each.predictions == self._labels for each in (before, seen))
        won, lost = right_now & ~right_before, right_before & ~right_now
        moved, wrong_in = (won, before) if rose else (lost, seen)
        if abs(int(won.sum()) - int(lost.sum())) < _SURE * math.sqrt(won.sum() + lost.sum()):
            return None
        words = self._words(moved, wrong_in, before, seen, rose=rose)
        if words is None:
            return None
        sentence, values = words
        steps = seen.step - before.step
        numbers = {"before": before.accuracy, "after": after, "steps": steps}
        rows = tuple(self._rows[moved][:MOST_ROWS].tolist())
        return RunEvent(step, "drift", text(sentence, **numbers, **values), rows=rows)

    def _words(
        self,
        moved: NDArray[np.bool_],
        wrong_in: Observation,
        before: Observation,
        now: Observation,
        *,
        rose: bool,
    ) -> tuple[str, dict[str, float | int | str | Text]] | None:
        """Return the sentence about the images (n,) that ``moved``, and its values; None without a reason."""
        pairs = np.stack([self._labels[moved], wrong_in.predictions[moved].astype(np.intp)], axis=1)
        pairs = np.sort(pairs[pairs[:, 1] >= 0], axis=1)
        if not len(pairs):
            return None
        classes = len(now.counts)
        counts = np.bincount(pairs[:, 0] * classes + pairs[:, 1])
        first, second = divmod(int(counts.argmax()), classes)
        share = float(counts.max() / moved.sum())
        if share >= _PAIR:
            ends = [float(each.separations[first, second]) for each in (before, now)]
            values = {"first": now.name(first), "second": now.name(second), "share": share}
        else:
            ends = [_nearest(each) for each in (before, now)]
            values = {}
        if not all(map(math.isfinite, ends)):
            return None
        apart, later = ends
        clusters = later > apart * (1 + _MOVED) if rose else later < apart * (1 - _MOVED)
        return _SENTENCES[rose, share >= _PAIR, clusters], {**values, "apart": apart, "now": later}


def _nearest(seen: Observation) -> float:
    """Return how far the nearest other class is, the median of the classes; NaN where none is known."""
    apart = seen.separations[np.isfinite(seen.separations).any(axis=1)]
    return median(np.nanmin(apart, axis=1))
