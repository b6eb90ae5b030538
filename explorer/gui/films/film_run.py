"""FilmRun: a run as it is when a film of it begins, at the first frame of the film."""

from __future__ import annotations

import copy
from bisect import bisect_left, bisect_right

from msgspec.structs import replace

from explorer.analysis.frames.interpolation import between, joined
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.frames.trail import FRAMES
from explorer.export.files import ExportError
from explorer.export.origin import RunOrigin
from explorer.gui.films.film import Shot
from explorer.gui.session.run_source import RunSource


class FilmRun(RunSource):
    """Reads the frames of another source, which may go on meanwhile.

    Parameters
    ----------
    source : RunSource
        The run. What it adds from now on is not shown.
    first : int
        Step of the frame that the film begins with.

    Raises
    ------
    ExportError
        Where no frame from there on can be read.
    """

    def __init__(self, source: RunSource, first: int) -> None:
        super().__init__(source.config)
        self._source = source
        self.probe = source.probe
        self.steps, self.elapsed = tuple(source.steps), tuple(source.elapsed)
        self.history = copy.copy(source.history)  # a longer one would move the axis of steps
        readable = (self.at(step) for step in self.steps[bisect_left(self.steps, first) :])
        self.snapshot = next((snapshot for snapshot in readable if snapshot is not None), None)
        if self.snapshot is None:
            raise ExportError("No frame of this stretch can be read.")
        self.config = self.snapshot.config

    def frame(self, index: int) -> Snapshot:
        """Return a frame; raises LookupError where it cannot be read."""
        snapshot = self.at(self.steps[index])
        if snapshot is None:
            raise LookupError(index)
        return snapshot

    def origin(self, snapshot: Snapshot) -> RunOrigin | None:
        """Return how the run came to a frame, as its source tells it."""
        return self._source.origin(snapshot)

    def at(self, step: int) -> Snapshot | None:
        """Return the frame of a step, or the one before it that is left; None where it is damaged.

        Raises
        ------
        ExportError
            Where the source shows another run by now.
        """
        index = bisect_right(self._source.steps, step) - 1
        try:
            snapshot = self._source.frame(index)
        except LookupError:
            snapshot = None
        if self._source.probe is not self.probe or (
            snapshot is not None and snapshot.probe is not self.probe
        ):
            raise ExportError("Another run has begun meanwhile: the film is not written.")
        return snapshot

    def shown(self, shot: Shot) -> Snapshot | None:
        """Return the frame of a shot, or the state between it and the next one; raises as `at`.

        Points, class weights and the like are in between; the step, the accuracy and all other figures are
        those of the frame before. None where the frame is damaged.
        """
        start = self.at(shot.step)
        following = bisect_right(self.steps, shot.step)
        if start is None or not shot.share or following == len(self.steps):
            return start
        end = self.at(self.steps[following])
        if end is None or not joined(start, end):
            return start
        state = between(start, end, shot.share)
        return replace(
            start,
            toward=end.step,
            features=state.features,
            weight=state.weight,
            bias=state.bias,
            centers=state.centers,
            log_variance=state.log_variance,
            radius=state.radius,
        )

    def between(self, start: int, end: int) -> list[Snapshot]:
        """Return the frames of steps after ``start`` and before ``end``, as many as trails show."""
        steps = self.steps[bisect_right(self.steps, start) : bisect_left(self.steps, end)]
        found = map(self.at, steps[-FRAMES:])
        return [snapshot for snapshot in found if snapshot is not None]
