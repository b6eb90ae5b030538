"""ComparePanes: the panes of all runs of a comparison, linked with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMenu, QWidget

from explorer.core.texts import _
from explorer.gui.compare.differences import NameMemory, RunNames
from explorer.gui.compare.panes.grid import EmptyPane, PaneGrid
from explorer.gui.compare.panes.linker import PaneLinker
from explorer.gui.compare.panes.pane import ComparePane, feature_options, second_views
from explorer.gui.compare.runs.common_timeline import CommonTimeline
from explorer.gui.compare.runs.compared_run import ComparedRun
from explorer.gui.compare.state import LEAST_RUNS
from explorer.gui.drawing.drawing_scheduler import DrawingScheduler
from explorer.gui.reproduction.dropped import dropped_files
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import Theme


class ComparePanes(PaneGrid):
    """Builds a pane for each run, and deletes it with the run.

    All panes share one `DrawingScheduler`, and so one allowance of processor time.

    Parameters
    ----------
    theme : Theme
        The colours to begin with.
    display : DisplaySettings
        Hidden classes and colour mode to begin with.
    options : mapping
        Options of the views to begin with, as tables by their ids.
    add_menu : QMenu
        What can be added while there are too few runs.

    Signals
    -------
    removalRequested(object), takeRequested(object)
        This run should be shown no more; this branch should become the run of the main window.
    recordingRequested(object)
        The recording of this path, which was dropped here, should be added.
    classColorRequested(int), classColorResetRequested(int)
        A class whose colour should be chosen; a class that should have its palette colour again.

    Attributes
    ----------
    shown : list of ComparePane
        The panes in their order.
    second : str
        Id of the view below the features, empty for none.
    linker : PaneLinker
        Passes on what is chosen in a pane.
    """

    removalRequested = Signal(object)
    takeRequested = Signal(object)
    recordingRequested = Signal(object)
    classColorRequested = Signal(int)
    classColorResetRequested = Signal(int)

    def __init__(
        self,
        theme: Theme,
        display: DisplaySettings,
        options: Mapping[str, Any],
        add_menu: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.shown: list[ComparePane] = []
        self.second = ""
        self.linker = PaneLinker(self)
        self.empty = EmptyPane(add_menu)
        self._scheduler = DrawingScheduler(self)
        self._names = NameMemory()
        self._theme, self._display, self._smooth = theme, display, True
        self._options = {**options, "features": feature_options(options)}
        self.set_runs(())

    @property
    def names(self) -> RunNames:
        """The names of the runs, by the settings of the frames that are shown."""
        return self._names.names(pane.compared.cursor.config for pane in self.shown)

    def set_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Show these runs, and offer to add one where there are too few."""
        known = {pane.compared: pane for pane in self.shown}
        self.shown = [known.pop(run) if run in known else self._new_pane(run) for run in runs]
        places: list[QWidget] = [*self.shown]
        if len(places) < LEAST_RUNS:
            places.append(self.empty)
        self.set_widgets(places)
        self.empty.setVisible(self.empty in places)
        for gone in known.values():
            self.linker.remove(gone.pane)
            gone.stop()
            gone.hide()
            gone.deleteLater()

    def set_second(self, view_id: str) -> None:
        """Show this view below the features of every run; none for an empty id."""
        if self.shown:
            self._options |= self.shown[0].pane.option_tables()
        self.second = view_id
        for pane in self.shown:
            pane.set_second(second_views().get(view_id), self._options)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self._theme = theme
        for pane in self.shown:
            pane.pane.set_theme(theme)

    def set_smooth(self, smooth: bool) -> None:
        """Animate points between frames and other changes, or not, also in panes to come."""
        self._smooth = smooth
        for pane in self.shown:
            pane.pane.clock.set_smooth(smooth)

    def set_own_controls(self, *, legends: bool, timelines: bool) -> None:
        """Show a legend or a timeline in each pane, or none where all panes share one."""
        for pane in self.shown:
            pane.features.bar.setVisible(legends)
            pane.strip.setVisible(timelines)

    def show_states(self, timeline: CommonTimeline) -> None:
        """Show in each pane what its run is, and where it stands."""
        for pane, settings in zip(self.shown, self.names.settings, strict=True):
            title = _(pane.compared.cursor.config.loss.spec.title)
            pane.show_state(title, settings, over=timeline.is_over(pane.compared))

    def reset_views(self) -> None:
        """Show all data in every view of every run."""
        for pane in self.shown:
            pane.pane.reset_views()

    def clear_selection(self) -> None:
        """Cancel what is being drawn to select images, or else select none."""
        for pane in self.shown:
            pane.pane.clear_selection()

    def stop(self) -> None:
        """Draw nothing more."""
        self.linker.stop()
        for pane in self.shown:
            pane.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the files to be added."""
        event.acceptProposedAction()
        for path in dropped_files(event.mimeData()):
            self.recordingRequested.emit(path)

    def _new_pane(self, run: ComparedRun) -> ComparePane:
        pane = ComparePane(run, self._theme, self._scheduler)
        pane.pane.state.set_display(self._display)
        pane.pane.clock.set_smooth(self._smooth)
        pane.pane.restore_options(self._options)
        pane.set_second(second_views().get(self.second), self._options)
        pane.features.classColorRequested.connect(self.classColorRequested)
        pane.features.classColorResetRequested.connect(self.classColorResetRequested)
        pane.removalRequested.connect(partial(self.removalRequested.emit, run))
        pane.takeRequested.connect(partial(self.takeRequested.emit, run))
        self.linker.add(pane.pane)
        return pane
