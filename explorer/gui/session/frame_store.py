"""FrameStore: the frames of a live run, so that one can look back: read from its file, or kept in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import numpy as np
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.protocol.arrays import Array
from explorer.core.recording.growing import GrowingRecording
from explorer.core.recording.header import RecordingError
from explorer.core.recording.run_file import compact
from explorer.core.texts import Text

MOST_BYTES = 32 << 20
"""Of all frames in memory together: 800 of 10,000 points in the plane."""
_REST_BYTES = 4096
"""What a frame takes beside its features."""
_FEWEST = 2
"""Frames that are kept however large they are: the first and the newest."""


class FrameStore:
    """The frames of one run: those that are in its file, then those that are only in memory so far.

    While the run is recorded, frames are in memory until they are written, and a frame that is not written
    until a later one is. Without a file, or once it has ended, memory keeps what `FrameMemory` has room for.

    Parameters
    ----------
    report : callable
        Called with a `Text`, once for each file, where a frame cannot be read.

    Attributes
    ----------
    steps, elapsed : list
        Step, and seconds of training, of each frame that can be returned, the oldest first.
    """

    def __init__(self, report: Callable[[Text], None]) -> None:
        self.steps: list[int] = []
        self.elapsed: list[float] = []
        self._report = report
        self._reported = False
        self._memory = FrameMemory()
        self._file: GrowingRecording | None = None
        self._in_file = 0

    def clear(self) -> None:
        """Forget all frames, for those of another run."""
        self.close()
        self.steps.clear()
        self.elapsed.clear()
        self._memory, self._file, self._in_file = FrameMemory(), None, 0

    def add(self, number: int, snapshot: Snapshot) -> None:
        """Keep a frame, the newest from now on; ``number`` is higher than that of every earlier one."""
        self._memory.add(number, snapshot)
        self._refresh()

    def read_from(self, file: GrowingRecording) -> None:
        """Read frames from the file that records the run from now on, once they are in it."""
        self._file, self._reported = file, False
        self._refresh()

    def frame(self, index: int) -> Snapshot:
        """Return a frame, its features as float32.

        Raises
        ------
        LookupError
            Where the index is not one of a frame that is kept, or the frame cannot be read.
        """
        if not 0 <= index < len(self.steps):
            raise LookupError(index)
        if index >= self._in_file:
            return self._memory.frame(index - self._in_file)
        assert self._file is not None, "it has frames"
        try:
            frame, config = self._file.frame(index)
        except RecordingError as error:
            if not self._reported:
                self._reported = True
                self._report(error.text)
            raise LookupError(index) from error
        return Snapshot.of(frame, self._memory.newest.probe, config)

    def close(self) -> None:
        """Close the file, until a frame is read from it again."""
        if self._file is not None:
            self._file.close()

    def _refresh(self) -> None:
        """Leave to the file what it has by now; the newest frame stays in memory as it came."""
        known, memory = self._in_file, self._memory
        steps, elapsed = memory.steps, memory.elapsed
        if self._file is not None:
            log = self._file.log
            written = len(log)
            if written and log.numbers[written - 1] >= memory.newest_number:
                written -= 1
            if written > known:
                memory.drop(log.numbers[written - 1])
                self._in_file = written
                steps = [*log.steps[known:written], *memory.steps]
                elapsed = [*log.elapsed[known:written], *memory.elapsed]
        self.steps[known:], self.elapsed[known:] = steps, elapsed


class FrameMemory:
    """Keeps frames with their features as a recording has them, in float16 where that loses nothing seen.

    Of more frames than `MOST_BYTES` hold it keeps every second, fourth, eighth …, and the newest, which is
    kept as it came. A second frame of a step takes the place of the first.

    Attributes
    ----------
    steps, elapsed : list
        Step, and seconds of training, of each frame, the oldest first.
    newest_number : int
        Number of the newest frame, -1 without one.
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.elapsed: list[float] = []
        self.newest_number = -1
        self._numbers: list[int] = []
        self._kept: list[Snapshot] = []
        self._newest: Snapshot | None = None
        self._bytes = 0
        self._count = 0
        self._stride = 1

    @property
    def newest(self) -> Snapshot:
        """The newest frame; there must be one."""
        assert self._newest is not None, "a frame has been added"
        return self._newest

    def add(self, number: int, snapshot: Snapshot) -> None:
        """Keep a frame, the newest from now on."""
        if self._newest is not None:
            self._keep_newest(again=self._newest.step == snapshot.step)
        self.newest_number, self._newest = number, snapshot
        self._count += 1
        self.steps.append(snapshot.step)
        self.elapsed.append(snapshot.elapsed)

    def frame(self, index: int) -> Snapshot:
        """Return a frame, its features as float32; the index must be that of one."""
        if index == len(self._kept):
            return self.newest
        kept = self._kept[index]
        return replace(kept, features=kept.features.astype(np.float32, copy=False))

    def drop(self, through: int) -> None:
        """Forget all frames up to this number, but for the newest."""
        dropped = bisect_right(self._numbers, through)
        if dropped:
            del self._numbers[:dropped], self._kept[:dropped], self.steps[:dropped], self.elapsed[:dropped]
            self._measure()
        if not self._kept:
            self._count, self._stride = 1, 1

    def _keep_newest(self, *, again: bool) -> None:
        """Move the newest frame to those that are kept, unless it is left out or comes ``again``."""
        if again:
            self._count -= 1
        elif (self._count - 1) % self._stride == 0:
            features = compact(Array.of(self.newest.features)).numpy()
            self._kept.append(replace(self.newest, features=features))
            self._numbers.append(self.newest_number)
            self._bytes += features.nbytes + _REST_BYTES
            if self._bytes > MOST_BYTES and len(self._kept) > _FEWEST:
                self._thin()
            return
        del self.steps[-1], self.elapsed[-1]

    def _thin(self) -> None:
        """Leave out every second frame."""
        self._kept, self._numbers = self._kept[::2], self._numbers[::2]
        self._stride *= 2
        self.steps = [kept.step for kept in self._kept]
        self.elapsed = [kept.elapsed for kept in self._kept]
        self._measure()

    def _measure(self) -> None:
        self._bytes = sum(kept.features.nbytes + _REST_BYTES for kept in self._kept)
