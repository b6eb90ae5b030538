"""RunRecorder: records every run of a window to a file, from its first step on."""

from __future__ import annotations

import time
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QObject, Signal

from explorer.core.protocol import messages as m
from explorer.core.recording.growing import GrowingRecording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.texts import _
from explorer.gui.library.files import LibraryOptions
from explorer.gui.session.run import Run
from explorer.gui.session.run_recording import RunRecording
from explorer.gui.session.worker_client import WorkerClient


class RunRecorder(QObject):
    """Records the runs of a window, each in its own file.

    The file of a run is created at its first step, so that opening the window creates none. The thread of the
    window only queues messages for `RecordingWriter`. An error, such as a full disk, ends the recording of
    the run and is reported once; the next run is recorded again.

    Parameters
    ----------
    client : WorkerClient
        Sends the events that are recorded.
    run : Run
        Has the configurations to whose numbers events refer, and reads its earlier frames from the file. It
        must be connected to the client earlier.
    folder : Path
        Folder of the files; created when needed. When a run begins, the oldest ones beyond the limit are
        deleted.
    options : LibraryOptions
        Whether runs are recorded, and the limit to their size.

    Signals
    -------
    failed(str)
        The recording has ended, for this reason.
    optionsChanged(object)
        There are other `LibraryOptions`.

    Attributes
    ----------
    path : Path or None
        The file of the live run, also after its recording has ended; None before the first step of a run, and
        for one that is not recorded.
    """

    failed = Signal(str)
    optionsChanged = Signal(object)

    def __init__(
        self,
        client: WorkerClient,
        run: Run,
        folder: Path,
        options: LibraryOptions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.options = options
        self.path: Path | None = None
        self.folder = folder
        self._run = run
        self._recording: RunRecording | None = None
        self._ending: list[RecordingWriter] = []
        self._failing = False
        client.eventReceived.connect(self._on_event_received)
        client.died.connect(self.end)

    def set_options(self, options: LibraryOptions) -> None:
        """Record or not, and keep to another limit; recording begins with the next run."""
        switched = options.recording != self.options.recording
        self.options = options
        self.optionsChanged.emit(options)
        if switched:
            self.end()

    def end(self) -> None:
        """Finish the file of the current run, and return at once. The next run starts another."""
        recording, self._recording = self._recording, None
        if recording is not None and recording.writer is not None:
            recording.end()
            self._ending = [writer for writer in self._ending if writer.writing]
            self._ending.append(recording.writer)

    def settle(self, seconds: float) -> None:
        """Wait until what the window has shown is on the disk, at most so many seconds; the run goes on."""
        end = time.monotonic() + seconds
        current = () if self._recording is None else (self._recording,)
        for each in (*current, *self._ending):
            each.settle(max(0.0, end - time.monotonic()))

    def close(self) -> None:
        """Finish the file of the current run, and wait until it is written."""
        self.end()
        for writer in self._ending:
            writer.close()

    def _on_event_received(self, event: m.Event) -> None:
        match event:
            case m.Started():
                self.end()
                self.path = None
                config, kept = self._run.config_of(event.config_seq), self._run.checkpoints
                if config is not None and kept is not None and self.options.recording:
                    self._recording = RunRecording(
                        self.folder, self.options.limit, event, config, kept.header
                    )
            case _ if isinstance(event, m.RunMessage):
                self._take(event)

    def _take(self, event: m.RunMessage) -> None:
        recording = self._recording
        if recording is None or event.run != recording.started.run:
            return
        if isinstance(event, m.Frame | m.Configured):
            recording.note_config(event, self._run.config_of(event.config_seq))
        began = recording.writer is None
        recording.take(event, self._run.history.events, training=self._run.training)
        writer = recording.writer
        if writer is None:
            return
        if began:
            self.path = writer.path
            file = GrowingRecording(writer.path, writer.log)
            self._run.store.read_from(file)
            if self._run.checkpoints is not None:
                self._run.checkpoints.read_from(file)
        error = writer.status.error
        if error is None:
            self._failing = self._failing and writer.status.frames == 0
            return
        self._recording = None
        if not self._failing:
            self._failing = True
            self.failed.emit(_("{problem} Training continues without a recording.").format(problem=error))


def runs_path() -> Path:
    """Return the folder of the recorded runs of the user."""
    return user_data_path("loss-explorer", appauthor=False) / "runs"
