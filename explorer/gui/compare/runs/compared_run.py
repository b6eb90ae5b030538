"""The runs of a comparison: trained for it, read from a file, or that of the main window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import RunConfig
from explorer.core.settings.files import to_mapping
from explorer.gui.compare.runs.moments import Track, scale_of
from explorer.gui.compare.state import LinkUnit, RunState
from explorer.gui.library.files import LibraryOptions
from explorer.gui.session.recorded_run import RecordedRun
from explorer.gui.session.recorder import RunRecorder
from explorer.gui.session.run import Run
from explorer.gui.session.run_cursor import RunCursor
from explorer.gui.session.run_source import RunSource
from explorer.gui.session.worker_client import WorkerClient

_TEST_POINTS, _TRAIN_POINTS = 2_000, 1_000
"""Images that are plotted where neither the settings nor another run say how many.

A worker that chooses by itself measures how fast it is, and two of them would not choose the same.
"""


class PaneCursor(RunCursor):
    """A cursor that can hold at the newest frame of a run that goes on training.

    Runs that are linked in time show the same moment: those that are ahead wait at an earlier frame. Their
    points move smoothly all the same, and count as training where drawing is limited.
    """

    @property
    def training(self) -> bool:
        """Whether the run trains, whichever of its frames is shown."""
        return self.source.training

    def hold(self, index: int) -> None:
        """Show a frame and stay there, or the one before where it cannot be read."""
        if not self.following and self.snapshot is not None and self.snapshot.step == self.steps[index]:
            return
        for earlier in range(index, -1, -1):
            try:
                snapshot = self.frame(earlier)
            except LookupError:
                continue
            was_live, self.following = self.live, False
            self._show(snapshot, was_live=was_live)
            return


class ComparedRun(QObject):
    """One run of a comparison.

    Signals
    -------
    stateChanged()
        There are more frames, another frame is shown, or it trains now or no longer.

    Attributes
    ----------
    source : RunSource
        Where the frames come from.
    cursor : PaneCursor
        What is shown of it.
    run : Run or None
        The same where it is live.
    """

    stateChanged = Signal()

    def __init__(self, source: RunSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self.run = source if isinstance(source, Run) else None
        self.cursor = PaneCursor(source, self)
        self.cursor.positionChanged.connect(self.stateChanged)
        source.stateChanged.connect(self.stateChanged)

    @property
    def state(self) -> RunState:
        """What is needed to show it again."""
        raise NotImplementedError

    @property
    def training(self) -> bool:
        """Whether it is trained now, or will be as soon as it can."""
        return self.run is not None and self.run.training

    def start(self) -> None:
        """Train it, where it is live and does not train."""
        if self.run is not None and not self.run.training:
            self.run.start()

    def pause(self) -> None:
        """Pause it, where it is live."""
        if self.run is not None:
            self.run.pause()

    def restart(self) -> None:
        """Begin it anew, where it is live."""
        if self.run is not None:
            self.run.restart()

    def toggle(self) -> None:
        """Start or pause it, where it is live."""
        if self.run is not None:
            self.run.toggle()

    def track(self, unit: LinkUnit) -> Track:
        """Return its frames on the common axis."""
        source = self.source
        size = 1 if source.probe is None else source.probe.trained_size
        # Of a frame: a batch size that is wanted applies only after a restart.
        config = source.config if source.snapshot is None else source.snapshot.config
        scale = scale_of(unit, config.optimizer.batch, size)
        return Track(source.steps, source.elapsed, scale, source.training)

    def settle(self, seconds: float) -> None:
        """Wait until what is recorded of it here is on the disk, at most so many seconds."""

    def close(self) -> None:
        """End what only this comparison needs."""


class LiveRun(ComparedRun):
    """A run that is trained, and recorded into the library, for this comparison.

    Parameters
    ----------
    worker_command : sequence of str
        What starts its worker, which is started at once.
    config : RunConfig
        Its settings.
    folder, options : Path, LibraryOptions
        Where it is recorded, and whether.

    Attributes
    ----------
    client : WorkerClient
        Its worker.
    recorder : RunRecorder
        Records it.
    """

    run: Run

    def __init__(
        self,
        worker_command: Sequence[str],
        config: RunConfig,
        folder: Path,
        options: LibraryOptions,
        parent: QObject | None = None,
    ) -> None:
        self.client = WorkerClient(worker_command)
        super().__init__(Run(self.client, config), parent)
        self.client.setParent(self)
        self.run.setParent(self)
        self.recorder = RunRecorder(self.client, self.run, folder, options, self)
        self.begin()

    def begin(self) -> None:
        """Start the worker."""
        self.run.open()

    def set_threads(self, count: int) -> None:
        """Train with so many CPU threads, after its next restart where it has trained."""
        self.run.change({"threads": count})

    @property
    def state(self) -> RunState:
        """Its settings, and its recording once there is one."""
        path = self.recorder.path
        return RunState("" if path is None else str(path), to_mapping(self.run.config))

    def settle(self, seconds: float) -> None:
        """Wait until its recording is on the disk, at most so many seconds."""
        self.recorder.settle(seconds)

    def close(self) -> None:
        """End the worker, and wait until the recording is complete."""
        self.run.close()
        self.recorder.close()


class StoredRun(ComparedRun):
    """A recording.

    Raises
    ------
    RecordingError
        By the constructor, where not one frame of it can be read.
    """

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        self.recording = RecordedRun(path)
        super().__init__(self.recording, parent)
        self.recording.setParent(self)
        self.recording.snapshotChanged.connect(self._on_history_read)

    @property
    def state(self) -> RunState:
        """Its file."""
        return RunState(str(self.recording.path))

    def close(self) -> None:
        """Close the file."""
        self.recording.close()

    def _on_history_read(self) -> None:
        """Show the frame again, with what has been read of the history meanwhile."""
        if not self.cursor.following:
            self.cursor.go_to(self.cursor.index)


class WindowRun(ComparedRun):
    """The run of the main window, which goes on when the comparison is closed."""

    run: Run

    @property
    def state(self) -> RunState:
        """That it is this run."""
        return RunState(window=True)


def prepared(config: RunConfig, threads: int, beside: ComparedRun | None) -> RunConfig:
    """Return the settings of a run in a comparison: its share of the cores, and the images to plot.

    Parameters
    ----------
    config : RunConfig
        The settings that a person wants.
    threads : int
        CPU threads to train with.
    beside : ComparedRun, optional
        A run whose images are plotted here too, as far as seed and data set are the same.
    """
    probe = None if beside is None else beside.source.probe
    if probe is not None:
        tested = int((probe.split == TEST).sum())
        counts = tested, len(probe.split) - tested
    else:
        data = config.data if beside is None else beside.source.config.data
        counts = data.test_probe, data.train_probe
    test, train = counts[0] or _TEST_POINTS, counts[1] or _TRAIN_POINTS
    return config.replace({"threads": threads, "data.test_probe": test, "data.train_probe": train})
