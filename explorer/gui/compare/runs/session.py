"""CompareSession: the runs of a comparison, started, paused and ended together. Without widgets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from explorer.core.recording.header import RecordingError
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.files import from_mapping
from explorer.core.texts import N_, _
from explorer.gui.compare.pairs import Pair
from explorer.gui.compare.runs.branches import BranchTrial
from explorer.gui.compare.runs.common_timeline import CommonTimeline
from explorer.gui.compare.runs.compared_run import ComparedRun, LiveRun, StoredRun, WindowRun, prepared
from explorer.gui.compare.runs.cores import equal_threads
from explorer.gui.compare.runs.seeds import SeedRepeats, SeedResults
from explorer.gui.compare.state import MOST_RUNS, RunState
from explorer.gui.library.files import LibraryOptions
from explorer.gui.session.run import Run

_FULL = N_("At most {count} runs can be compared. Remove one first.")
_TWICE = N_("This run is already in the comparison.")
_REPEATING = N_("Other seeds are being trained. Wait for them, or cancel them first.")
_PAUSED = N_("The run in the main window is paused so that the compared runs get all cores.")


class Setup(Struct, frozen=True, eq=False):
    """What a comparison needs of its surroundings.

    Parameters
    ----------
    worker_command : sequence of str
        What starts a worker.
    folder : Path
        Folder of the recorded runs.
    library : LibraryOptions
        Whether runs are recorded, and the limit to their size.
    window_run : Run
        The run of the main window.
    """

    worker_command: Sequence[str]
    folder: Path
    library: LibraryOptions
    window_run: Run


class CompareSession(QObject):
    """Owns the runs of a comparison and their common timeline.

    Signals
    -------
    runsChanged()
        A run has come or gone.
    refused(str)
        Why something is not possible.
    noticed(str, object)
        Something that the person should know as long as these runs, a tuple, are all here.

    Attributes
    ----------
    runs : tuple of ComparedRun
        In the order in which they are shown.
    timeline : CommonTimeline
        The moment that is shown of them.
    repeats : SeedRepeats
        Trains their settings from other seeds.
    trial : BranchTrial
        Trains branches of a run that has failed.
    seed_results : SeedResults or None
        What that has found for these runs.
    """

    runsChanged = Signal()
    refused = Signal(str)
    noticed = Signal(str, object)

    def __init__(self, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setup = setup
        self.runs: tuple[ComparedRun, ...] = ()
        self.timeline = CommonTimeline(self)
        self.repeats = SeedRepeats(setup.worker_command, self)
        self.trial = BranchTrial(self)
        self.seed_results: SeedResults | None = None
        self.repeats.finished.connect(self._on_repeats_finished)
        self.repeats.failed.connect(lambda reason: self.refused.emit(str(reason)))

    @property
    def live(self) -> list[Run]:
        """The runs that can be trained."""
        return [run.run for run in self.runs if run.run is not None]

    @property
    def training(self) -> bool:
        """Whether any of them trains."""
        return any(run.training for run in self.runs)

    @property
    def full(self) -> bool:
        """Whether there is no room for another run."""
        return len(self.runs) >= MOST_RUNS

    def add_config(self, config: RunConfig) -> None:
        """Add a run with these settings; it waits for `start`."""
        if self._has_room():
            setup, beside = self.setup, self.runs[0] if self.runs else None
            fitted = prepared(config, self._threads(1), beside)
            self.add(LiveRun(setup.worker_command, fitted, setup.folder, setup.library, self))

    def show_pair(self, pair: Pair) -> None:
        """Compare the runs of a preset, in place of those that are shown."""
        try:
            configs = pair.configs(self.setup.window_run.config)
        except ConfigError as error:
            self.refused.emit(str(error))
            return
        self.clear()
        for config in configs:
            self.add_config(config)
        words = {"title": _(pair.title), "description": _(pair.description)}
        self.noticed.emit(_("{title}: {description}").format(**words), self.runs)

    def add_recording(self, path: Path) -> None:
        """Add a recorded run, or say why that is not possible."""
        if any(isinstance(run, StoredRun) and run.recording.path == path for run in self.runs):
            self.refused.emit(_(_TWICE))
        elif self._has_room():
            try:
                run = StoredRun(path, self)
            except RecordingError as error:
                self.refused.emit(str(error))
                return
            run.recording.damageChanged.connect(lambda: self._tell_damage(run))
            self.add(run)
            self._tell_damage(run)

    def add_window_run(self) -> None:
        """Add the run of the main window."""
        if any(isinstance(run, WindowRun) for run in self.runs):
            self.refused.emit(_(_TWICE))
        elif self._has_room():
            self.add(WindowRun(self.setup.window_run, self))

    def add_state(self, state: RunState) -> None:
        """Add a run as it was kept: from its recording where there is one, else with its settings."""
        if state.window:
            self.add_window_run()
        elif state.file and Path(state.file).exists():
            self.add_recording(Path(state.file))
        elif state.config is not None:
            try:
                self.add_config(from_mapping(state.config, _("comparison")))
            except ConfigError as error:
                self.refused.emit(str(error))
        else:
            self.refused.emit(_("The recording {file} no longer exists.").format(file=state.file))

    def set_library(self, options: LibraryOptions) -> None:
        """Record or not, and keep to another limit, in the runs that are here and in those to come."""
        self.setup = replace(self.setup, library=options)
        for run in self.runs:
            if isinstance(run, LiveRun):
                run.recorder.set_options(options)

    def remove(self, run: ComparedRun) -> None:
        """End a run, and show it no more."""
        self.runs = tuple(other for other in self.runs if other is not run)
        self._drop_results()
        self.timeline.set_runs(self.runs)
        self.runsChanged.emit()
        run.close()
        run.deleteLater()
        self._share_cores()

    def clear(self) -> None:
        """End all runs, and show none."""
        for run in self.runs:
            self.remove(run)
        self.timeline.follow()

    def start(self) -> None:
        """Train all live runs; that of the main window waits meanwhile, unless it is one of them."""
        if self._is_repeating():
            return
        window_run = self.setup.window_run
        if window_run.training and window_run not in self.live:
            window_run.pause()
            self.noticed.emit(_(_PAUSED), ())
        for run in self.runs:
            run.start()

    def pause(self) -> None:
        """Pause all live runs."""
        for run in self.runs:
            run.pause()

    def toggle(self) -> None:
        """Pause all runs where one trains, else start all; where none can train, play the recordings."""
        if self.training:
            self.pause()
        elif self.live:
            self.start()
        else:
            self.timeline.playback.toggle()

    def restart(self) -> None:
        """Begin all live runs anew, with all changed settings."""
        if self._is_repeating():
            return
        self.timeline.follow()
        for run in self.runs:
            run.restart()

    def repeat(self, seeds: Sequence[int], steps: int) -> None:
        """Train the settings of all runs from these seeds, while the runs themselves wait."""
        self.pause()
        if self.setup.window_run.training:
            self.setup.window_run.pause()
            self.noticed.emit(_(_PAUSED), ())
        threads = {"threads": equal_threads(os.cpu_count() or 1, 1)}
        self.repeats.start([run.source.config.replace(threads) for run in self.runs], seeds, steps)

    def close(self) -> None:
        """End all that only the comparison needs: workers, recordings, files."""
        self.timeline.playback.stop()
        self.trial.stop()
        self.repeats.close()
        runs, self.runs = self.runs, ()
        self.timeline.set_runs(())
        for run in runs:
            run.close()

    def _is_repeating(self) -> bool:
        """Return whether other seeds are being trained, which need all cores; if so, say it."""
        if self.repeats.running:
            self.refused.emit(_(_REPEATING))
        return self.repeats.running

    def _has_room(self) -> bool:
        if self.full:
            self.refused.emit(_(_FULL).format(count=MOST_RUNS))
        return not self.full

    def add(self, run: ComparedRun) -> None:
        """Show a run beside the others; there is room for it."""
        self.runs = (*self.runs, run)
        self._drop_results()
        self.timeline.set_runs(self.runs)
        self.runsChanged.emit()
        self._share_cores()

    def _drop_results(self) -> None:
        """Forget what was found with other seeds: it belongs to other runs."""
        self.repeats.close()
        self.seed_results = None

    def _on_repeats_finished(self, results: SeedResults) -> None:
        self.seed_results = results if results.seeds else None

    def _threads(self, more: int = 0) -> int:
        return equal_threads(os.cpu_count() or 1, len(self.live) + more)

    def _share_cores(self) -> None:
        """Give all runs as many threads; one that has trained already takes them at its next restart."""
        for run in self.runs:
            if isinstance(run, LiveRun):
                run.set_threads(self._threads())

    def _tell_damage(self, run: StoredRun) -> None:
        if run.recording.damage is not None:
            self.noticed.emit(str(run.recording.damage), (run,))
