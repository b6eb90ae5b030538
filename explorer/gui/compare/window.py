"""CompareWindow: two to four runs side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from explorer.core.recording.header import SUFFIX
from explorer.core.texts import _
from explorer.gui.commands.action_set import ActionSet
from explorer.gui.compare.bar import CompareBar
from explorer.gui.compare.commands import compare_commands
from explorer.gui.compare.common_legend import CommonLegend
from explorer.gui.compare.figures import figure_columns
from explorer.gui.compare.messages import CompareMessages
from explorer.gui.compare.panes.pane import second_views
from explorer.gui.compare.panes.panes import ComparePanes
from explorer.gui.compare.runs.session import CompareSession, Setup
from explorer.gui.compare.seeds_panel import SeedsLine
from explorer.gui.compare.state import CompareState, Links, LinkUnit
from explorer.gui.compare.table import FiguresTable
from explorer.gui.compare.trial_line import TrialLine
from explorer.gui.controls.note import Note
from explorer.gui.focus import FocusGuide
from explorer.gui.layout.arrangement import frame_size
from explorer.gui.layout.dock_titles import DockTitles
from explorer.gui.messages.banner import Banner
from explorer.gui.messages.questions import file_to_open
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import Theme
from explorer.gui.timeline.bar import TimelineBar

_SHOWING_MS = 100
"""Between two looks at the runs: their frames come far more often than anyone can read."""
_FIRST_SIZE = QSize(1360, 820)


class CompareWindow(QMainWindow):
    """Shows the runs of a `CompareSession`, with common controls above and a common timeline below.

    Parameters
    ----------
    setup : Setup
        What the runs need.
    theme : Theme
        The colours to begin with.
    display : DisplaySettings
        Hidden classes and colour mode to begin with.
    options : mapping
        Options of the views to begin with, as tables by their ids.

    Signals
    -------
    closed()
        The window is closed, and all that it started has been told to end.
    classColorRequested(int), classColorResetRequested(int)
        A class whose colour should be chosen; a class that should have its palette colour again.
    """

    closed = Signal()
    classColorRequested = Signal(int)
    classColorResetRequested = Signal(int)

    def __init__(
        self,
        setup: Setup,
        theme: Theme,
        display: DisplaySettings | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(_("Comparison – Loss Explorer"))
        self.session = CompareSession(setup, self)
        self.bar = CompareBar()
        self.panes = ComparePanes(theme, display or DisplaySettings(), options or {}, self.bar.add_menu())
        self.banner, self.note = Banner(), Note("info")
        CompareMessages(self.session, self.banner)
        self.legend = CommonLegend(theme)
        self.timeline, self.seeds = TimelineBar(), SeedsLine(self.session)
        self.trial = TrialLine(self.session.trial)
        self.timeline.continue_.hide()  # a run goes on from an earlier frame in the main window
        self.table = FiguresTable()
        self.commands: ActionSet[CompareWindow] = ActionSet(self, self, {})
        self._timer = QTimer(self, singleShot=True, interval=_SHOWING_MS)
        self._arrange()
        FocusGuide(self, (self._dock,), self.panes)
        self._connect_signals()
        self._on_runs_changed()

    def compare_state(self) -> CompareState:
        """Return what the comparison shows, to be restored another time."""
        timeline = self.session.timeline
        return CompareState(
            runs=tuple(run.state for run in self.session.runs),
            links=self.panes.linker.links,
            unit=timeline.unit,
            second=self.panes.second,
            position=timeline.position,
            table=not self._dock.isHidden(),
        )

    def restore(self, state: CompareState) -> None:
        """Show what `compare_state` returned; what cannot be shown is left out, with a reason."""
        self.set_links(state.links)
        self.set_unit(state.unit)
        self.set_second(state.second if state.second in second_views() else "")
        for run in state.runs:
            self.session.add_state(run)
        self.session.timeline.show(state.position)
        self._dock.setVisible(state.table)

    def set_links(self, links: Links) -> None:
        """Link other things between the runs."""
        self.panes.linker.set_links(links)
        self.session.timeline.set_linked(links.timeline)
        self._show_links()
        self._show_state()

    def set_unit(self, unit: LinkUnit) -> None:
        """Link the timelines by steps, epochs or images seen."""
        self.session.timeline.set_unit(unit)
        self._show_links()

    def set_second(self, view_id: str) -> None:
        """Show this view below the features of every run; none for an empty id."""
        self.panes.set_second(view_id)
        self._show_links()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self.panes.set_theme(theme)
        self.legend.set_theme(theme)

    def set_smooth(self, smooth: bool) -> None:
        """Animate points between frames and other changes, or not."""
        self.setAnimated(smooth)
        self.panes.set_smooth(smooth)

    def toggle_loop(self) -> None:
        """Play again from the start at the end, or stop there."""
        playback = self.session.timeline.playback
        playback.set_loop(not playback.loop)

    def copy_table(self) -> None:
        """Copy the table of figures as text."""
        QGuiApplication.clipboard().setText(self.table.content_text())

    def showEvent(self, event: QShowEvent) -> None:
        """Let the keys act on all runs, and not on the first button."""
        super().showEvent(event)
        self.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the workers, and complete the recordings, before the window is gone."""
        self._timer.stop()
        self.session.timeline.stateChanged.disconnect(self._show_soon)
        self.panes.stop()
        self.session.close()
        super().closeEvent(event)
        self.closed.emit()

    def _arrange(self) -> None:
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(6, 0, 6, 2)
        column.setSpacing(4)
        for above in (self.bar, self.banner, self.note, self.seeds, self.trial):
            column.addWidget(above)
        column.addWidget(self.panes, 1)
        column.addWidget(self.legend)
        column.addWidget(self.timeline)
        self.setCentralWidget(center)
        self._dock = QDockWidget(_("Metrics"), self)
        self._dock.setObjectName("figures")
        self._dock.setWidget(self.table)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._dock)
        DockTitles(self, [self._dock])
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - frame_size(self)))

    def _connect_signals(self) -> None:
        session, timeline, bar = self.session, self.session.timeline, self.bar
        session.runsChanged.connect(self._on_runs_changed)
        timeline.stateChanged.connect(self._show_soon)
        self._timer.timeout.connect(self._show_state)
        actions = self.commands
        actions.add(compare_commands())
        actions.bind("compare.toggle", bar.toggle)
        actions.bind("compare.restart", bar.restart)
        actions.bind("compare.play", self.timeline.play)
        actions.bind("compare.loop", self.timeline.loop)
        actions.bind("compare.live", self.timeline.live)
        self.table.addAction(actions.action("compare.copy"))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        bar.table.toggled.connect(self._dock.setVisible)
        self._dock.visibilityChanged.connect(self._on_dock_visibility_changed)
        bar.lossRequested.connect(self._on_loss_requested)
        bar.recordingRequested.connect(self._on_recording_requested)
        bar.windowRunRequested.connect(session.add_window_run)
        bar.windowSettingsRequested.connect(lambda: session.add_config(session.setup.window_run.config))
        bar.presetRequested.connect(session.show_pair)
        bar.repeat.clicked.connect(self.seeds.ask)
        self.seeds.stateChanged.connect(self._show_soon)
        bar.linksRequested.connect(self.set_links)
        bar.unitRequested.connect(self.set_unit)
        bar.secondRequested.connect(self.set_second)
        self.trial.cancelRequested.connect(self.close)
        self.panes.removalRequested.connect(session.remove)
        self.panes.recordingRequested.connect(session.add_recording)
        self.panes.classColorRequested.connect(self.classColorRequested)
        self.panes.classColorResetRequested.connect(self.classColorResetRequested)
        self.legend.legend.colorRequested.connect(self.classColorRequested)
        self.legend.legend.colorResetRequested.connect(self.classColorResetRequested)
        self.timeline.strip.frameRequested.connect(timeline.go_to)
        self.timeline.speedRequested.connect(timeline.playback.set_speed)
        timeline.playback.stateChanged.connect(self._on_playback_changed)

    def _on_runs_changed(self) -> None:
        self.panes.set_runs(self.session.runs)
        self.legend.show_pane(self.panes.shown[0].pane if self.panes.shown else None)
        self._show_links()
        self._show_state()

    def _show_links(self) -> None:
        links = self.panes.linker.links
        self.bar.set_choices(links, self.session.timeline.unit, self.panes.second)
        common = links.selection and links.classes and links.views and bool(self.panes.shown)
        self.legend.setVisible(common)
        self.panes.set_own_controls(legends=not common, timelines=not links.timeline)
        self.timeline.setVisible(links.timeline)

    def _show_soon(self) -> None:
        if not self._timer.isActive():  # while several runs report, a timer that is started anew never ends
            self._timer.start()

    def _show_state(self) -> None:
        """Show where all runs are."""
        session, timeline, runs = self.session, self.session.timeline, self.session.runs
        self.panes.show_states(timeline)
        self.bar.set_training(session.training)
        for button in (self.bar.toggle, self.bar.restart):
            button.setEnabled(bool(session.live))
        self.bar.add.setEnabled(not session.full)
        self.bar.repeat.setEnabled(bool(runs) and not session.repeats.running)
        self.bar.set_about(timeline.names.start)
        self.note.show_text(" ".join(self.panes.linker.limits))
        self.legend.refresh()
        if self.timeline.isVisible():
            self.timeline.set_state(timeline.state)
        if self.table.isVisible():
            columns = figure_columns([(run.cursor.snapshot, run.source.history) for run in runs])
            if self.seeds.column is not None:
                columns = (*columns, self.seeds.column)
            self.table.set_figures(self.panes.names.titles, columns)

    def _on_playback_changed(self) -> None:
        playback = self.session.timeline.playback
        self.timeline.set_playback(playback.speed, loop=playback.loop)

    def _on_dock_visibility_changed(self) -> None:
        self.bar.table.setChecked(not self._dock.isHidden())
        self._show_soon()

    def _on_loss_requested(self, name: str) -> None:
        runs = self.session.runs
        base = runs[0].source.config if runs else self.session.setup.window_run.config
        if name != base.loss.name:
            base = base.replace({"loss.name": name})
        self.session.add_config(base)

    def _on_recording_requested(self) -> None:
        kinds = _("Recordings ({pattern})").format(pattern=f"*{SUFFIX}")
        path = file_to_open(self, _("Add a recording"), kinds, str(self.session.setup.folder))
        if path is not None:
            self.session.add_recording(path)
