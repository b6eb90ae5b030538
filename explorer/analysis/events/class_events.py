"""Events of classes: one is learnt, two merge or part, one collapses to the origin."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.events.latch import Latch, Mask
from explorer.analysis.events.observation import Observation
from explorer.analysis.median import median
from explorer.core.recording.header import RunEvent
from explorer.core.texts import Text, plural, text

LEARNT = 0.9
"""A class is learnt when more than this fraction of its images is predicted correctly for the first time."""
_LEAST_PRECISION = 0.5
"""… and at least this fraction of the images predicted as the class are of it: an untrained network often
predicts one class for all images, and has not learnt it."""
MERGED, APART = 1.0, 2.0
"""Classes merge when their separation d′ falls below the first value, and part above the second.

The best straight line is then right for 69% and 84% of their images. Measured with ten classes in the plane:
softmax keeps every pair above 2.3 from step 200 on; ArcFace with a margin that cannot be met puts five
classes on one spot, with d′ from 0.1 to 0.6, and pairs of different spots are above 4.
"""
_MOST_APART = 0.9
"""Classes can merge or part once this fraction of all pairs has been apart: when training begins all do, and
only the last pairs are worth a look."""
COLLAPSED, OUTSIDE = 0.2, 0.4
"""A class collapses when its mean feature length falls below the first fraction of that of the median class;
it has left the origin above the second.

Measured with ten classes in the plane: softmax and centre loss leave a class at the origin at 0.06 to 0.1,
the shortest class of ArcFace is at 0.4 to 0.8.
"""
_MOST_PAIRS = 4
"""Pairs that a sentence lists."""


class ClassEvents:
    """Finds what happens to classes, by measures that do not depend on the loss: predictions and ratios."""

    def __init__(self, first: Observation) -> None:
        present = first.counts > 0
        self._pairs = np.triu(present[:, None] & present, 1)
        self._learnt = Latch(_is_learnt(first))
        self._merged = Latch(self._pairs & ~(first.separations > APART))
        self._known_apart = self._pairs & ~self._merged.on
        self._groups: list[list[int]] = []
        self._collapsed = Latch(length_ratios(first) < COLLAPSED)

    def take(self, seen: Observation) -> Iterator[RunEvent]:
        """Yield what an observation shows, with the step at which it began."""
        yield from self._take_learnt(seen)
        yield from self._take_pairs(seen)
        yield from self._take_collapsed(seen)

    def _take_learnt(self, seen: Observation) -> Iterator[RunEvent]:
        never = np.zeros(len(seen.counts), np.bool_)  # only the first time counts
        learnt, _lost = self._learnt.update(seen.step, _is_learnt(seen), never)
        for label in np.flatnonzero(learnt).tolist():
            sentence = text(
                "Class {label} is learned: {share:.0%} of {count:,} of its test images are predicted "
                "correctly.",
                label=seen.name(label),
                share=float(seen.accuracies[label]),
                count=int(seen.counts[label]),
            )
            yield RunEvent(int(self._learnt.since[label]), "learnt", sentence, classes=(label,))

    def _take_pairs(self, seen: Observation) -> Iterator[RunEvent]:
        close, apart = (self._pairs & mask for mask in (seen.separations < MERGED, seen.separations > APART))
        merged, parted = self._merged.update(seen.step, close, apart)
        begun = self._known_apart.sum() >= _MOST_APART * self._pairs.sum()
        if begun and (merged.any() or parted.any()):
            before, self._groups = self._groups, connected(self._merged.on & self._known_apart)
            for group in self._groups:
                within = np.ix_(group, group)
                if merged[within].any() and group not in before:
                    yield self._merging(
                        seen, group, seen.separations[within][self._merged.on[within]], merged
                    )
        if begun and parted.any():
            yield self._parting(seen, parted)
        self._known_apart |= self._pairs & ~self._merged.on

    def _merging(
        self, seen: Observation, group: list[int], separations: NDArray[np.float64], merged: Mask
    ) -> RunEvent:
        *others, last = map(seen.name, group)
        separation = max(0.0, median(separations.ravel()))
        sentence = text(
            "Classes {others} and {last} merge: they are told apart in {share:.0%} of cases (guessing: 50%).",
            others=others,
            last=last,
            share=(1 + math.erf(separation / math.sqrt(8))) / 2,  # Φ(d′/2), for normal distributions
        )
        return RunEvent(_first(self._merged, merged), "merged", sentence, classes=tuple(group))

    def _parting(self, seen: Observation, parted: Mask) -> RunEvent:
        pairs = np.argwhere(parted).tolist()
        named = [(seen.name(first), seen.name(second)) for first, second in pairs]
        if len(pairs) > _MOST_PAIRS:
            sentence = plural(
                "{count} pair of classes parts.", "{count} pairs of classes part.", count=len(pairs)
            )
        elif len(pairs) == 1:
            sentence = text("Classes {first} and {second} part.", first=named[0][0], second=named[0][1])
        else:
            sentence = text("Classes part: {pairs}.", pairs=[_pair(*pair) for pair in named])
        classes = tuple(sorted({label for pair in pairs for label in pair}))
        return RunEvent(_first(self._merged, parted), "parted", sentence, classes=classes)

    def _take_collapsed(self, seen: Observation) -> Iterator[RunEvent]:
        ratios = length_ratios(seen)
        collapsed, _left = self._collapsed.update(seen.step, ratios < COLLAPSED, ratios > OUTSIDE)
        for label in np.flatnonzero(collapsed).tolist():
            sentence = text(
                "Class {label} collapses to the origin: its features are {ratio:.0%} as long as those of the "
                "median class. {share:.0%} of its images are predicted correctly.",
                label=seen.name(label),
                ratio=float(ratios[label]),
                share=float(seen.accuracies[label]),
            )
            yield RunEvent(int(self._collapsed.since[label]), "collapsed", sentence, classes=(label,))


def length_ratios(seen: Observation) -> NDArray[np.float64]:
    """Return the mean feature length of each class (C,), in units of the median over the classes.

    NaN for a class without images, and where all features are zero.
    """
    known = seen.lengths[np.isfinite(seen.lengths)]
    ratios: NDArray[np.float64] = seen.lengths / (median(known) or math.nan)
    return ratios


def connected(links: Mask) -> list[list[int]]:
    """Return the groups of two and more classes that links (C, C) connect, directly or through others."""
    reach = links | links.T | np.eye(len(links), dtype=np.bool_)
    for _ in range(len(links).bit_length()):  # each product doubles the number of links that are followed
        reach = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0
    groups = {tuple(np.flatnonzero(row).tolist()) for row in reach}
    return [list(group) for group in sorted(groups) if len(group) > 1]


def _is_learnt(seen: Observation) -> Mask:
    precise = seen.right >= _LEAST_PRECISION * np.maximum(seen.predicted, 1)
    learnt: Mask = (seen.accuracies > LEARNT) & precise
    return learnt


def _first(latch: Latch, changed: Mask) -> int:
    return int(latch.since[changed].min())


def _pair(first: str | int, second: str | int) -> Text:
    return text("{first} and {second}", first=first, second=second)
