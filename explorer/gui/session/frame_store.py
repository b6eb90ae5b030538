"""FrameStore: the frames of a live run, kept in memory so that one can look back."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.protocol.arrays import Array
from explorer.core.recording.run_file import compact

MOST_BYTES = 32 << 20
"""Of all frames together: 800 of 10,000 points in the plane."""
_REST_BYTES = 4096
"""What a frame takes beside its features."""
_FEWEST = 2
"""Frames that are kept however large they are: the first and the newest."""


class FrameStore:
    """Keeps frames with their features as a recording has them, in float16 where that loses nothing seen.

    Of a run of more frames than `MOST_BYTES` hold it keeps every second, fourth, eighth …, and the newest,
    which is kept as it came. A second frame of a step takes the place of the first.

    Attributes
    ----------
    steps, elapsed : list
        Step, and seconds of training, of each frame that is kept, the oldest first.
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.elapsed: list[float] = []
        self._kept: list[Snapshot] = []
        self._newest: Snapshot | None = None
        self._bytes = 0
        self._count = 0
        self._stride = 1

    def add(self, snapshot: Snapshot) -> None:
        """Keep a frame, the newest from now on."""
        if self._newest is not None:
            self._drop_newest(again=self._newest.step == snapshot.step)
        self._newest = snapshot
        self._count += 1
        self.steps.append(snapshot.step)
        self.elapsed.append(snapshot.elapsed)

    def frame(self, index: int) -> Snapshot:
        """Return a frame, its features as float32.

        Raises
        ------
        LookupError
            Where the index is not one of a frame that is kept.
        """
        if not 0 <= index < len(self.steps):
            raise LookupError(index)
        if index == len(self._kept):
            assert self._newest is not None, "it comes after those that are kept"
            return self._newest
        kept = self._kept[index]
        return replace(kept, features=kept.features.astype(np.float32, copy=False))

    def _drop_newest(self, *, again: bool) -> None:
        """Move the newest frame to those that are kept, unless it is left out or comes ``again``."""
        newest = self._newest
        assert newest is not None, "the caller has seen to it"
        if again:
            self._count -= 1
        elif (self._count - 1) % self._stride == 0:
            features = compact(Array.of(newest.features)).numpy()
            self._kept.append(replace(newest, features=features))
            self._bytes += features.nbytes + _REST_BYTES
            if self._bytes > MOST_BYTES and len(self._kept) > _FEWEST:
                self._thin()
            return
        del self.steps[-1], self.elapsed[-1]

    def _thin(self) -> None:
        """Leave out every second frame."""
        self._kept = self._kept[::2]
        self._stride *= 2
        self._bytes = sum(kept.features.nbytes + _REST_BYTES for kept in self._kept)
        self.steps[:] = [kept.step for kept in self._kept]
        self.elapsed[:] = [kept.elapsed for kept in self._kept]
