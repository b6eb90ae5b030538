"""RunViewer: which run and which of its frames the window shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from explorer.gui.session.recorded_run import RecordedRun
from explorer.gui.session.run import Run
from explorer.gui.session.run_cursor import RunCursor
from explorer.gui.timeline.playback import Playback
from explorer.gui.timeline.state import TimelineMark, TimelineState, target


class RunViewer(QObject):
    """Shows the live run or a recording, at any of its frames. The live run is never lost by it.

    Parameters
    ----------
    run : Run
        The live run.

    Signals
    -------
    recordingChanged()
        Another recording is shown, or the live run again.
    failed(str)
        A sentence: what cannot be read of the recording.
    hiddenEventsChanged()
        Events of other kinds are left out of the timeline.

    Attributes
    ----------
    cursor : RunCursor
        The run as the pane shows it.
    playback : Playback
        Plays its frames.
    recording : RecordedRun or None
        The recording that is shown, None for the live run.
    hidden_events : frozenset of str
        Kinds of events that the timeline leaves out.
    """

    recordingChanged = Signal()
    failed = Signal(str)
    hiddenEventsChanged = Signal()

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cursor = RunCursor(run, self)
        self.playback = Playback(self.cursor, self)
        self.recording: RecordedRun | None = None
        self._run = run
        self.hidden_events: frozenset[str] = frozenset()

    @property
    def state(self) -> TimelineState:
        """What the timeline shows."""
        cursor = self.cursor
        return TimelineState(
            steps=tuple(cursor.steps),
            index=cursor.index,
            marks=tuple(TimelineMark(mark.step, mark.text) for mark in cursor.history.marks),
            events=tuple(
                TimelineMark(event.step, event.text)
                for event in cursor.history.events.events
                if event.kind not in self.hidden_events
            ),
            recorded=self.recording is not None,
            following=cursor.following,
            playing=self.playback.playing,
        )

    def open(self, path: Path) -> None:
        """Show a recording in place of what is shown, and tell what of it is damaged.

        Raises
        ------
        RecordingError
            Where it cannot be opened; what was shown still is.
        """
        recording = RecordedRun(path, self)
        recording.damageChanged.connect(self._show_damage)
        self._show(recording)
        self._show_damage()

    def show_live(self) -> None:
        """Show the newest frame of the live run."""
        if self.recording is not None:
            self._show(None)
        else:
            self.playback.stop()
            self.cursor.follow()

    def hide_events(self, kinds: frozenset[str]) -> None:
        """Leave events of these kinds out of the timeline."""
        self.hidden_events = kinds
        self.hiddenEventsChanged.emit()

    def toggle(self) -> None:
        """Start or pause the live run; play a recording, or hold it; cancel the restoring of a run."""
        if self.recording is not None and self._run.restoring is None:
            self.playback.toggle()
        else:
            self._run.toggle()

    def go(self, command: str) -> None:
        """Do what a command of the timeline says."""
        frame = target(command, self.state)
        if frame is not None:
            self.cursor.go_to(frame)

    def close(self) -> None:
        """Play nothing more, and close the file of a recording."""
        self.playback.stop()
        if self.recording is not None:
            self.recording.close()

    def _show(self, recording: RecordedRun | None) -> None:
        self.playback.stop()
        before, self.recording = self.recording, recording
        self.cursor.show_run(recording or self._run)
        if before is not None:
            before.close()
            before.deleteLater()
        self.recordingChanged.emit()

    def _show_damage(self) -> None:
        if self.recording is not None and self.recording.damage is not None:
            self.failed.emit(str(self.recording.damage))
