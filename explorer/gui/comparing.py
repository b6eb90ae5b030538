"""Comparing: opens the comparison window, and puts runs into it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject

from explorer.core.params import Value
from explorer.gui.main_window import MainWindow
from explorer.gui.messages.readout import numbered
from explorer.gui.run_host import RunHost
from explorer.gui.session.continuation import Continuation, ContinuationError
from explorer.gui.session.problem import Problem
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.class_colors import ClassColorEditor

if TYPE_CHECKING:
    from explorer.gui.compare.pairs import Pair
    from explorer.gui.compare.runs.branches import BranchRun
    from explorer.gui.compare.state import CompareState
    from explorer.gui.compare.window import CompareWindow
    from explorer.gui.library.files import LibraryOptions


class Comparing(QObject):
    """Owns the comparison window of a main window, which is built when it is first wanted.

    Parameters
    ----------
    worker_command : sequence of str
        What starts a worker.
    window : MainWindow
        Where a person asks for a comparison.
    host : RunHost
        The run of that window, and where runs are recorded.
    appearance, colors : Appearance, ClassColorEditor
        Theme and class colours, which all windows share.

    Attributes
    ----------
    window : CompareWindow or None
        The comparison window while it is open.
    """

    def __init__(
        self,
        worker_command: Sequence[str],
        window: MainWindow,
        host: RunHost,
        appearance: Appearance,
        colors: ClassColorEditor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.window: CompareWindow | None = None
        self._taken: Continuation | None = None
        self._worker_command, self._main = worker_command, window
        self._run, self._recorder = host.run, host.recorder
        self._appearance, self._colors = appearance, colors
        window.side_panel.comparisonRequested.connect(self.compare_with)
        window.side_panel.spreadRequested.connect(self.compare_values)
        window.runs.comparisonRequested.connect(self.add_recording)
        host.run.continued.connect(self._on_run_continued)
        host.recorder.optionsChanged.connect(self._on_recording_options_changed)
        appearance.themeChanged.connect(self._on_theme_changed)
        window.pane.clock.smoothChanged.connect(self._on_smooth_changed)

    def open(self) -> CompareWindow:
        """Show the comparison window, and return it; a new one has no runs yet."""
        if self.window is None:
            self.window = self._build()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        return self.window

    def compare_current(self) -> None:
        """Add a run with the settings of the main window."""
        self.open().session.add_config(self._run.config)

    def compare_with(self, loss: str) -> None:
        """Compare the settings of the main window with the same settings and another loss."""
        session = self.open().session
        if not session.runs:
            session.add_config(self._run.config)
        session.add_config(self._run.config.replace({"loss.name": loss}))

    def compare_values(self, name: str, values: Sequence[Value]) -> None:
        """Compare the settings of the main window with these values of one, in place of what is shown."""
        session = self.open().session
        session.clear()
        for value in values:
            session.add_config(self._run.config.replace({name: value}))

    def compare_pair(self, pair: Pair) -> None:
        """Compare the runs of a preset, in place of those that are shown."""
        self.open().session.show_pair(pair)

    def compare_remedies(self, problem: Problem) -> None:
        """Train a branch of the run with each remedy of a problem, in place of the runs that are shown.

        Branches that begin at different steps have no common moment: their timelines are not linked.
        """
        window = self.open()
        if len({branch.continuation.parent.step for branch in problem.branches}) > 1:
            window.set_links(replace(window.panes.linker.links, timeline=False))
        window.session.trial.begin(problem)

    def take(self, branch: BranchRun) -> None:
        """Let a branch become the run of the main window, which trains on; end the comparison.

        The run before is finished and kept.
        """
        snapshot = branch.run.snapshot
        if snapshot is None or self.window is None:
            return
        try:
            self._taken = branch.run.continuation(snapshot)
        except ContinuationError as error:
            self.window.banner.show_message("error", str(error))
            return
        self._run.continue_from(self._taken)
        self.close()
        self._main.activateWindow()

    def add_recording(self, path: Path) -> None:
        """Add a recorded run."""
        self.open().session.add_recording(path)

    @property
    def state(self) -> CompareState | None:
        """What the comparison window shows; None while it is not open."""
        return None if self.window is None else self.window.compare_state()

    def restore(self, state: CompareState) -> None:
        """Show a comparison as it was."""
        self.open().restore(state)

    def settle(self, seconds: float) -> None:
        """Wait until what is recorded for a comparison is on the disk, at most so many seconds in all."""
        end = time.monotonic() + seconds
        if self.window is not None:
            for run in self.window.session.runs:
                run.settle(max(0.0, end - time.monotonic()))

    def close(self) -> None:
        """Close the comparison window, and end what it started."""
        if self.window is not None:
            self.window.close()

    def _build(self) -> CompareWindow:
        from explorer.gui.compare.runs.session import (
            Setup,  # not before a comparison is wanted: starting is quick
        )
        from explorer.gui.compare.window import CompareWindow

        setup = Setup(self._worker_command, self._recorder.folder, self._recorder.options, self._run)
        pane = self._main.pane
        window = CompareWindow(setup, self._appearance.theme, pane.state.display, pane.option_tables())
        window.setWindowTitle(numbered(window.windowTitle(), self._main.number))
        window.set_smooth(pane.clock.smooth)
        window.closed.connect(self._on_window_closed)
        window.panes.takeRequested.connect(self.take)
        window.classColorRequested.connect(self._colors.edit)
        window.classColorResetRequested.connect(self._colors.restore)
        return window

    def _on_run_continued(self, continuation: Continuation) -> None:
        if continuation is self._taken:
            self._run.start()
        self._taken = None

    def _on_recording_options_changed(self, options: LibraryOptions) -> None:
        if self.window is not None:
            self.window.session.set_library(options)

    def _on_theme_changed(self) -> None:
        if self.window is not None:
            self.window.set_theme(self._appearance.theme)

    def _on_smooth_changed(self, smooth: bool) -> None:
        if self.window is not None:
            self.window.set_smooth(smooth)

    def _on_window_closed(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
