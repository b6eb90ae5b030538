"""RecordedRun: a run that is read from its file."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.analysis.events.event_log import EventLog
from explorer.analysis.frames.run_columns import keep_frame
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.protocol.messages import Notice
from explorer.core.recording.header import RecordingError
from explorer.core.recording.reader import Recording
from explorer.core.texts import Text, text
from explorer.export.origin import RunOrigin, first_config, losses_in, origin_of
from explorer.gui.library.files import run_title
from explorer.gui.session.continuation import Continuation, KeptState, RunPast, caution
from explorer.gui.session.run_source import RunSource

_SLICE = 0.008
"""Seconds for which the history is read on in one turn of the event loop."""
_SHOWING_INTERVAL = 0.25
"""Seconds between two moments at which what is read of the history is shown."""


class RecordedRun(RunSource):
    """A recording as a source of frames: nothing in it trains, and nothing can be changed.

    The newest frame is there at once. The history is read after that, in slices between which the event loop
    goes on; `snapshotChanged` tells now and then that there is more of it.

    Parameters
    ----------
    path : Path
        The file. It stays open until `close`.

    Signals
    -------
    damageChanged()
        A frame cannot be read that seemed whole when the file was opened: see ``damage``.

    Attributes
    ----------
    path : Path
        The file.
    damage : Text or None
        Why not all of it can be read, the first fault that was met; None where none was.

    Raises
    ------
    RecordingError
        By the constructor, where the file is no recording, or not one frame of it can be read.
    """

    damageChanged = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        recording = Recording(path)
        try:
            probe = ProbeSet.of(recording.started)
            newest, damage = _newest_whole(recording, probe)
        except BaseException:
            recording.close()
            raise
        super().__init__(newest.config, parent)
        self.path = path
        self.probe = probe
        self.snapshot = newest
        self.steps, self.elapsed = recording.steps, recording.elapsed
        self.damage: Text | None = recording.damage or damage
        self._recording = recording
        if recording.events:  # one of an earlier release has none: they are found in its frames
            self.history.events = EventLog.of(recording.events)
        self._read = 0
        self._before: Snapshot | None = None
        self._shown = time.perf_counter()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start()

    @property
    def device(self) -> str:
        """Name of the device on which the run was trained."""
        return self._recording.started.device

    @property
    def title(self) -> str:
        """What a person has called the run or its file, else when it began."""
        return run_title(self.path, self._recording.header)

    @property
    def complete(self) -> bool:
        """Whether the history has been read to its end."""
        return self._read == len(self.frames)

    def frame(self, index: int) -> Snapshot:
        """Return a frame, with the settings that were in force at its step.

        Raises
        ------
        LookupError
            Where there is no such frame, or it is damaged; ``damage`` tells of the first.
        """
        if index not in self.frames:
            raise LookupError(index)
        assert self.probe is not None, "it is read before the frames"
        try:
            return _snapshot(self._recording, index, self.probe)
        except RecordingError as error:
            self._note_damage(error)
            raise LookupError(str(error)) from error

    def continuation(self, snapshot: Snapshot) -> Continuation:
        """Return how this run can be continued from one of its frames; raises ContinuationError."""
        return _past(self._recording).continuation(snapshot)

    def origin(self, snapshot: Snapshot) -> RunOrigin | None:
        """Return how this run came to one of its frames; None for one that was continued."""
        recording = self._recording
        header = replace(recording.header, config=first_config(recording))
        changes = (change for change in recording.settings if change.seq <= snapshot.config_seq)
        return origin_of(
            snapshot.config, losses_in(self.history), header, recording.started, changes, snapshot.step
        )

    def finish_reading(self) -> None:
        """Read the rest of the history now."""
        while not self.complete:
            self._read_next()
        self._on_timer_timeout()

    def close(self) -> None:
        """Close the file; nothing more can be read."""
        self._timer.stop()
        self._recording.close()

    def _note_damage(self, error: RecordingError) -> None:
        if self.damage is None:
            self.damage = error.text
            self.damageChanged.emit()

    def _on_timer_timeout(self) -> None:
        """Read on for a while."""
        until = time.perf_counter() + _SLICE
        while not self.complete and time.perf_counter() < until:
            self._read_next()
        if self.complete:
            self._timer.stop()
            self._take_divergence()
        if self.complete or time.perf_counter() - self._shown >= _SHOWING_INTERVAL:
            self._shown = time.perf_counter()
            self.snapshotChanged.emit()

    def _read_next(self) -> None:
        """Take one more frame into the history; one that is damaged is left out."""
        assert self.probe is not None, "it is read before the frames"
        index, self._read = self._read, self._read + 1
        try:
            frame, config = self._recording.frame(index), self._recording.config(index)
        except RecordingError as error:
            self._note_damage(error)
            return
        snapshot = Snapshot.of(frame, self.probe, config)
        keep_frame(self.history, self._before, snapshot, frame.config_step)
        self._before = snapshot

    def _take_divergence(self) -> None:
        """Take the notice that training stopped because it diverged: no frame shows that."""
        for notice in self._recording.notices:
            if isinstance(notice, Notice) and notice.kind == "diverged":
                self.history.events.take_divergence(notice.step)


def _past(recording: Recording) -> RunPast:
    header, started = recording.header, recording.started
    states = [
        KeptState(step, seq, partial(recording.checkpoint, number))
        for number, (step, seq) in enumerate(
            zip(recording.checkpoints, recording.checkpoint_configs, strict=True)
        )
    ]
    reason = caution(started, header)
    if reason is None and recording.skipped:
        reason = text("A part of this recording is damaged: figures can differ from those of the run.")
    return RunPast(
        run=header.run,
        first=None if started.step else first_config(recording),
        changes=recording.settings,
        states=states,
        threads=started.threads,
        data_digest=header.data_digest,
        caution=reason,
    )


def _snapshot(recording: Recording, index: int, probe: ProbeSet) -> Snapshot:
    return Snapshot.of(recording.frame(index), probe, recording.config(index))


def _newest_whole(recording: Recording, probe: ProbeSet) -> tuple[Snapshot, Text | None]:
    """Return the newest frame that can be read, and the damage of a newer one."""
    damage: Text | None = None
    for index in reversed(range(recording.frames)):
        try:
            return _snapshot(recording, index, probe), damage
        except RecordingError as error:
            damage = damage or error.text
    raise RecordingError(
        damage or text("{file}: no frame of this recording can be read.", file=recording.path)
    )
