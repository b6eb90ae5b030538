"""Events of training that comes to nothing although its loss is finite."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from explorer.analysis.events.latch import Latch
from explorer.analysis.events.observation import Observation
from explorer.core.recording.header import RunEvent
from explorer.core.texts import Text, text

EXPLODED = 1e4
"""Mean length of features from which they explode: those of all losses at their defaults stay below 1,000."""
_SETTLED = 1e3
"""Mean length at which they do no longer."""
_ONE_POINT, _OF_FIRST = 1e-3, 0.1
"""Spread of all features below which they are in one point, if it is also this fraction of the first spread:
a network begins with small features."""
_CHANCE = 1.5
"""Times the fraction that guessing predicts correctly, up to which accuracy counts as chance."""
_LITTLE_MORE = 0.1
"""… but not beyond this fraction of the way from guessing to all images, where there are few classes."""
CHANCE_STEPS = 400
"""Steps at chance, with the same settings, from which training is stuck there."""
_NO_LOSS, _WRONG = 1e-3, 0.5
"""A loss of this fraction of ln C, the cross-entropy of guessing, is as good as zero; that is a failure where
less than half of the images are predicted correctly."""


class FailureEvents:
    """Finds features that explode, features all in one point, a loss of zero beside wrong images, and chance.

    Each is told once, and again after it has been otherwise.
    """

    KINDS = ("exploded", "one-point", "no-loss", "at-chance")

    def __init__(self, first: Observation) -> None:
        self._first_spread = first.spread
        self._guessing = 1 / max(1, int(np.count_nonzero(first.counts)))
        self._chance = chance_level(self._guessing)
        self._at_chance_from = first.step
        self._latch = Latch(np.zeros(len(self.KINDS), np.bool_))

    def restart(self, step: int) -> None:
        """Count steps at chance anew: the settings have changed at a step."""
        self._at_chance_from = step

    def take(self, seen: Observation, loss: float | None) -> Iterator[RunEvent]:
        """Yield what an observation shows; ``loss`` is that of its frame, None for none."""
        length = float(np.nanmean(seen.lengths)) if np.isfinite(seen.lengths).any() else math.inf
        met = seen.spread <= min(_ONE_POINT, _OF_FIRST * self._first_spread)
        learnt_nothing = loss is not None and abs(loss) <= -_NO_LOSS * math.log(self._guessing)
        guessed = seen.accuracy <= self._chance
        if not guessed:
            self._at_chance_from = seen.step
        enter = (
            length >= EXPLODED,
            met and seen.accuracy <= _CHANCE * self._guessing,
            learnt_nothing and seen.accuracy <= _WRONG,
            seen.step - self._at_chance_from >= CHANCE_STEPS and not self._latch.on.any(),
        )
        leave = (length <= _SETTLED, not met, not enter[2], not guessed)
        begun, _ended = self._latch.update(seen.step, np.array(enter), np.array(leave))
        for place in np.flatnonzero(begun).tolist():
            told = self._told(place, seen, length, loss or 0.0)
            yield RunEvent(int(self._latch.since[place]), self.KINDS[place], told)

    def _told(self, place: int, seen: Observation, length: float, loss: float) -> Text:
        if place == 0:
            return text(
                "The features explode: their mean length is {length:.2g}. {accuracy:.0%} of the test images "
                "are predicted correctly.",
                length=length,
                accuracy=seen.accuracy,
            )
        if place == 1:
            return text(
                "All features have collapsed to one point. {accuracy:.0%} of the test images are "
                "predicted correctly, no better than guessing.",
                accuracy=seen.accuracy,
            )
        if place == 3:
            return text(
                "Training is stuck: after {steps:,} steps with these settings, {accuracy:.0%} of the "
                "test images are predicted correctly, no better than guessing.",
                accuracy=seen.accuracy,
                steps=seen.step - self._at_chance_from,
            )
        return text(
            "The loss is {loss:.2g}, but only {accuracy:.0%} of the test images are predicted correctly: it "
            "has nothing left to improve.",
            loss=loss,
            accuracy=seen.accuracy,
        )


def chance_level(guessing: float) -> float:
    """Return the accuracy up to which a network is no better than guessing, which is right this often."""
    return min(_CHANCE * guessing, guessing + _LITTLE_MORE * (1 - guessing))
