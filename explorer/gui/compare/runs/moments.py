"""Moments of several runs on one axis: by step, by epoch, or by the images seen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from explorer.gui.compare.state import LinkUnit

_SAME = 1e-9
"""Relative difference up to which two positions are one: an epoch is a quotient."""


class Track(Struct, frozen=True):
    """The frames of a run on the common axis.

    Parameters
    ----------
    steps : sequence of int
        Step of each frame, ascending.
    elapsed : sequence of float
        Seconds of training until each frame.
    scale : float
        Length of a step on the axis: 1, images per step, or the part of an epoch.
    training : bool
        Whether more frames are coming.
    """

    steps: Sequence[int]
    elapsed: Sequence[float]
    scale: float = 1.0
    training: bool = False

    @property
    def end(self) -> float:
        """Where its newest frame is, 0 without one."""
        return self.scale * self.steps[-1] if self.steps else 0.0

    def nearest(self, position: float) -> int:
        """Return the index of the frame nearest to a position, the earlier of two; −1 without a frame."""
        step = position / self.scale
        after = bisect_left(self.steps, step)
        if after == len(self.steps) or (after and step - self.steps[after - 1] <= self.steps[after] - step):
            return after - 1
        return after

    def is_over(self, position: float) -> bool:
        """Return whether the run has ended before a position, so that its last frame stands for it."""
        return bool(self.steps) and not self.training and self.end < position * (1 - _SAME)


class Axis(Struct, frozen=True):
    """The positions of all frames of all runs, ascending, and the seconds of training until each."""

    positions: tuple[float, ...] = ()
    seconds: tuple[float, ...] = ()

    def index(self, position: float) -> int:
        """Return the index of the first moment that is not before a position, else the last; −1 for none."""
        return min(bisect_left(self.positions, position * (1 - _SAME)), len(self.positions) - 1)


def scale_of(unit: LinkUnit, batch: int, train_size: int) -> float:
    """Return the length of a step: 1, the images in a batch, or the part of an epoch that it is.

    As the trainer has it, a batch is not larger than the data set, and images that fill no batch are left out
    of an epoch.
    """
    batch = max(1, min(batch, train_size))
    if unit == "images":
        return float(batch)
    return 1.0 if unit == "step" else 1.0 / max(1, train_size // batch)


def axis_of(tracks: Sequence[Track]) -> Axis:
    """Return the common axis; its seconds are those of the run that reaches farthest."""
    known = [track for track in tracks if track.steps]
    if not known:
        return Axis()
    places = [track.scale * np.asarray(track.steps, dtype=np.float64) for track in known]
    positions = np.sort(np.concatenate(places))
    positions = positions[np.diff(positions, prepend=-np.inf) > _SAME * positions]
    longest = max(range(len(known)), key=lambda number: known[number].end)
    seconds = np.interp(positions, places[longest], known[longest].elapsed)
    return Axis(tuple(positions.tolist()), tuple(seconds.tolist()))


def newest_moment(tracks: Sequence[Track]) -> float:
    """Return the newest position at which all runs can be compared.

    While runs train, it is where the slowest of them has arrived; else it is the end of the longest.
    """
    known = [track for track in tracks if track.steps]
    training = [track.end for track in known if track.training]
    return min(training) if training else max((track.end for track in known), default=0.0)
