"""RunHost: the live run and what belongs to it, which outlives a window that is built anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QObject

from explorer.core.settings.config import RunConfig
from explorer.gui.library.files import LibraryOptions
from explorer.gui.presets.speeds import MeasuredSpeeds
from explorer.gui.session.recorder import RunRecorder
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient
from explorer.gui.timeline.run_viewer import RunViewer


class RunHost(QObject):
    """A worker, the live run that it trains, the recording of it, and what is looked at.

    Parameters
    ----------
    worker_command : sequence of str
        What starts the worker.
    config : RunConfig
        Settings of the run.
    folder : Path
        Where runs are recorded.
    library : LibraryOptions
        What is recorded.
    speeds : mapping of str to float
        How fast this machine has trained, as `MeasuredSpeeds` knows it.
    """

    def __init__(
        self,
        worker_command: Sequence[str],
        config: RunConfig,
        folder: Path,
        library: LibraryOptions,
        speeds: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self.client = WorkerClient(worker_command, self)
        self.run = Run(self.client, config, self)
        self.recorder = RunRecorder(self.client, self.run, folder, library, self)
        self.viewer = RunViewer(self.run, self)
        self.speeds = MeasuredSpeeds(self.run, speeds, self)

    def close(self) -> None:
        """End the run and its worker, and finish what is recorded."""
        self.viewer.close()
        self.run.close()
        self.recorder.close()
