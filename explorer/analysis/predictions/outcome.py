"""What a person predicts of a run, and how far off that is."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.in_force import sample_in_force
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import logits
from explorer.analysis.predictions.arrangement import Match, Points, match
from explorer.analysis.predictions.drawn_curve import DrawnCurve
from explorer.analysis.predictions.measured import Measured, measure
from explorer.core.texts import N_, Text, text

AFTER_EPOCHS = 2
"""A run is compared with what was predicted at its first frame after so many epochs."""
MOST_BLOBS = 12
"""Most classes that a person is asked to place."""
_LONG = 1.3
"""From this ratio of length to width on, a class is visibly longer than wide."""

_WITH_MARGIN = N_(
    "Only the angle counts, and the margin makes room: neighbours are {apart}° apart, and images {wide}° "
    "from the middle of their class."
)
_WITHOUT_MARGIN = N_(
    "Only the angle counts, and there is no margin: neighbours are {apart}° apart, and images {wide}° from "
    "the middle of their class."
)


class Guess(Struct, frozen=True, eq=False):
    """What a person predicts; None for what they leave out.

    ``blobs`` (C, 2) is where the classes will lie, in any unit; ``angle`` in degrees is between neighbours,
    as `Measured.gap`; ``accuracy`` is in percent of the test images; ``curve`` is T(θ).
    """

    blobs: Points | None = None
    angle: float | None = None
    accuracy: float | None = None
    curve: DrawnCurve | None = None

    @property
    def of_the_run(self) -> bool:
        """Whether anything is predicted that only a run can tell."""
        return self.blobs is not None or self.angle is not None or self.accuracy is not None


class Outcome(Struct, frozen=True, eq=False):
    """A guess beside what the run showed at a frame.

    ``arrangement`` is the match of the blobs, None without any; ``angle_off`` in degrees and ``accuracy_off``
    in percentage points are how far the guess is from what was measured, None for what was not guessed.
    ``reason`` says in one sentence why the run shows what it does.
    """

    guess: Guess
    measured: Measured
    step: int
    epoch: float
    arrangement: Match | None
    angle_off: float | None
    accuracy_off: float | None
    reason: Text


def compare(guess: Guess, snapshot: Snapshot) -> Outcome:
    """Return how far off a guess is from a frame of the run."""
    found = measure(snapshot)
    comparable = guess.blobs is not None and guess.blobs.shape == found.means.shape
    arrangement = None
    if comparable and guess.blobs is not None and np.isfinite(found.means).all():
        arrangement = match(guess.blobs, found.means)
    only_accuracy = guess.accuracy is not None and guess.blobs is None and guess.angle is None
    return Outcome(
        guess=guess,
        measured=found,
        step=snapshot.step,
        epoch=snapshot.epoch,
        arrangement=arrangement,
        angle_off=_off(guess.angle, math.degrees(found.gap)),
        accuracy_off=_off(guess.accuracy, 100 * found.accuracy),
        reason=accuracy_reason(found) if only_accuracy else arrangement_reason(snapshot, found),
    )


def arrangement_reason(snapshot: Snapshot, found: Measured) -> Text:
    """Return why the classes lie as they do: what the loss asks for, and what is measured of it."""
    spec = snapshot.config.loss.spec
    packing, fan = f"{found.packing:.0%}", f"{found.fan:.1f}"
    if snapshot.centers is not None:
        return text(
            "The loss pulls each feature towards the centre of its class: the spread of a class is {packing} "
            "of the distance to the next one.",
            packing=packing,
        )
    if spec.balanced:
        return text(
            "The loss compares images with each other: it gathers a class, and pushes classes apart only as "
            "far as it asks. The spread of a class is {packing} of the distance to the next one.",
            packing=packing,
        )
    if not length_counts(snapshot, found):
        margin = spec.geometry is not None and spec.geometry.has_margin(sample_in_force(snapshot))
        return text(_WITH_MARGIN if margin else _WITHOUT_MARGIN, **_angles(found))
    if found.fan >= _LONG:
        return text(
            "Classes fan out from the origin: the loss separates them but does not make them compact, and a "
            "longer feature lowers it. A class is {fan} times as long as wide.",
            fan=fan,
        )
    return text(
        "The loss separates classes but does not make them compact: the spread of a class is {packing} of "
        "the distance to the next one.",
        packing=packing,
    )


def length_counts(snapshot: Snapshot, found: Measured) -> bool:
    """Return whether the logits of the classifier change with the length of a feature."""
    points = found.means[np.isfinite(found.means).all(axis=1)].astype(np.float32)
    return not np.allclose(logits(snapshot, points), logits(snapshot, 2 * points), rtol=1e-4)


def accuracy_reason(found: Measured) -> Text:
    """Return what the accuracy comes from: the room between classes, and their spread."""
    return text(
        "Errors are images nearer to another class than to their own: neighbours are {apart}° apart, and "
        "images {wide}° from the middle of their class.",
        **_angles(found),
    )


def _angles(found: Measured) -> dict[str, str]:
    return {
        "apart": f"{math.degrees(found.gap):.0f}",
        "wide": f"{math.degrees(found.angular_spread):.0f}",
    }


def _off(guess: float | None, truth: float) -> float | None:
    return None if guess is None or not math.isfinite(truth) else abs(guess - truth)
