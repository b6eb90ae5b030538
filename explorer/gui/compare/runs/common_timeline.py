"""CommonTimeline: one moment for all runs of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from explorer.core.texts import _
from explorer.gui.compare.differences import NameMemory, RunNames
from explorer.gui.compare.runs.compared_run import ComparedRun
from explorer.gui.compare.runs.moments import Axis, Track, axis_of, newest_moment
from explorer.gui.compare.state import LinkUnit
from explorer.gui.timeline.playback import Playback
from explorer.gui.timeline.state import TimelineMark, TimelineState


class CommonTimeline(QObject):
    """Moves the cursors of all runs to the same moment, while it is linked.

    At the newest moment, runs that train faster wait for the slowest one. A run that ended earlier holds its
    last frame.

    Signals
    -------
    stateChanged()
        Another moment is shown, or there are more.

    Attributes
    ----------
    unit : LinkUnit
        By what two moments are the same.
    linked : bool
        Whether the runs follow; otherwise each has a timeline of its own.
    position : float or None
        The moment that is shown, in ``unit``; None for the newest.
    playback : Playback
        Plays the moments.
    """

    stateChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.unit: LinkUnit = "step"
        self.linked = True
        self.position: float | None = None
        self.playback = Playback(self, self)
        self.playback.stateChanged.connect(self.stateChanged)
        self._runs: tuple[ComparedRun, ...] = ()
        self._names = NameMemory()
        self._axis: Axis | None = None
        self._moving = False

    @property
    def names(self) -> RunNames:
        """The names of the runs, by the settings that are wanted."""
        return self._names.names(run.source.config for run in self._runs)

    @property
    def tracks(self) -> list[Track]:
        """The frames of each run."""
        return [run.track(self.unit) for run in self._runs]

    @property
    def axis(self) -> Axis:
        """The moments that can be shown."""
        if self._axis is None:
            self._axis = axis_of(self.tracks)
        return self._axis

    @property
    def frames(self) -> range:
        """Indices of the moments that can be shown."""
        return range(len(self.axis.positions))

    @property
    def elapsed(self) -> Sequence[float]:
        """Seconds of training until each of them, in the longest run."""
        return self.axis.seconds

    @property
    def moment(self) -> float:
        """The position that is shown."""
        return newest_moment(self.tracks) if self.position is None else self.position

    @property
    def index(self) -> int:
        """Index of the moment that is shown, −1 where there is none."""
        return self.axis.index(self.moment)

    @property
    def state(self) -> TimelineState:
        """What a timeline shows of it."""
        return TimelineState(
            steps=self.axis.positions,
            index=self.index,
            marks=self._marks(),
            following=self.position is None,
            playing=self.playback.playing,
            unit=self.unit,
        )

    def set_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Show these runs."""
        for run in self._runs:
            run.stateChanged.disconnect(self._on_run_changed)
        self._runs = tuple(runs)
        for run in self._runs:
            run.stateChanged.connect(self._on_run_changed)
        self._on_run_changed()

    def set_unit(self, unit: LinkUnit) -> None:
        """Link by steps, epochs or images; the first run stays at its frame."""
        if unit == self.unit:
            return
        first = self.tracks[0] if self._runs else None
        self.unit = unit
        if self.position is not None and first is not None:
            self.position *= self.tracks[0].scale / first.scale
        self._on_run_changed()

    def set_linked(self, linked: bool) -> None:
        """Move all runs together, or let each stay where it is; at the newest moment, each follows."""
        let_go, self.linked = self.linked and not linked, linked
        if let_go:
            self.playback.stop()
            if self.position is None:  # those that waited for the slowest would wait for ever
                for run in self._runs:
                    run.cursor.follow()
        self._on_run_changed()

    def go_to(self, index: int) -> None:
        """Show a moment by its index; the last one follows."""
        if index in self.frames:
            self.show(self.axis.positions[index] if index < self.frames[-1] else None)

    def follow(self) -> None:
        """Show the newest moment, and those that come."""
        self.show(None)

    def show(self, position: float | None) -> None:
        """Show the moment at a position, None for the newest."""
        self.position = position
        self._move()
        self.stateChanged.emit()

    def is_over(self, run: ComparedRun) -> bool:
        """Return whether a run ended before the moment that is shown, so that its last frame is held."""
        return self.linked and run.track(self.unit).is_over(self.moment)

    def _on_run_changed(self) -> None:
        if not self._moving:
            self._axis = None
            self._move()
            self.stateChanged.emit()

    def _move(self) -> None:
        """Move each cursor to the moment; what that changes in turn is no news."""
        if not self.linked:
            return
        self._moving = True
        try:
            tracks, moment = self.tracks, self.moment
            training = sum(track.training for track in tracks)
            for run, track in zip(self._runs, tracks, strict=True):
                index, cursor = track.nearest(moment), run.cursor
                waits_for_none = not track.training or (training == 1 and self.position is None)
                if index < 0:
                    continue
                if index == len(track.steps) - 1 and waits_for_none:
                    if not cursor.following:
                        cursor.follow()
                else:  # also at its newest frame: the next one may be ahead of the others
                    cursor.hold(index)
        finally:
            self._moving = False

    def _marks(self) -> tuple[TimelineMark, ...]:
        """Return the changes of settings in all runs."""
        return tuple(
            TimelineMark(track.scale * mark.step, _("{run}: {change}").format(run=name, change=mark.texts[0]))
            for run, track, name in zip(self._runs, self.tracks, self.names.titles, strict=True)
            for mark in run.source.history.marks
        )
