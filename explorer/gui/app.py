"""App: builds the window and its run, and connects their signals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from explorer.analysis.heads.registry import HEAD_FAULTS
from explorer.core.losses.catalog import PLUGIN_FAULTS
from explorer.gui.actions import all_entries, bind_buttons, command_state
from explorer.gui.batches.presenter import BatchWalk
from explorer.gui.command_palette.opener import CommandPalette
from explorer.gui.commands.action_set import ActionSet
from explorer.gui.commands.context_menus import ContextMenus
from explorer.gui.comparing import Comparing
from explorer.gui.continuing import Continuing
from explorer.gui.data_sets.chooser import DataSetChooser
from explorer.gui.events.presenter import EventPresenter
from explorer.gui.export.data_opener import DataExporting
from explorer.gui.export.pictures import Pictures
from explorer.gui.faults import FaultLog
from explorer.gui.guides.opener import Guides
from explorer.gui.labs.opener import Labs
from explorer.gui.language.interface_language import interface_language
from explorer.gui.layout.workspaces import Workspaces
from explorer.gui.main_window import MainWindow
from explorer.gui.memory.autosave import Autosave
from explorer.gui.memory.saved_state import SavedState, StartMode, read_saved_state
from explorer.gui.messages.announcements import Announcements
from explorer.gui.messages.readout import run_bar_state, status_text
from explorer.gui.messages.setting_warnings import show_devices
from explorer.gui.predictions.presenter import Predictions
from explorer.gui.presets.menu import PresetMenu
from explorer.gui.reproduction.sharing import SettingsSharing
from explorer.gui.run_host import RunHost
from explorer.gui.run_pane import RunPane
from explorer.gui.shortcuts.opener import Shortcuts
from explorer.gui.starting.opening import FileOpener
from explorer.gui.starting.starter import Starter
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.application import make_application
from explorer.gui.theme.class_colors import ClassColorEditor
from explorer.gui.theme.theme import Theme
from explorer.gui.undo.history import UndoHistory
from explorer.gui.viewing import Viewing
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.registry import VIEWS, ViewSpec
from explorer.gui.window_look import memory_of


class App(QObject):
    """One window, its run and its worker.

    Parameters
    ----------
    worker_command : sequence of str
        What starts a worker.
    memory_path : Path
        File that remembers settings and layout.
    views : sequence of ViewSpec
        The views that the window has.
    runs : Path, optional
        Folder of the recorded runs; beside ``memory_path`` where left out.
    mode : StartMode
        Whether to restore what was saved.
    predecessor : App, optional
        One that was released, whose run, settings and session this one takes over.

    Signals
    -------
    languageChanged()
        Another language is in force: an app with a window in it has to replace this one.
    """

    languageChanged = Signal()

    def __init__(
        self,
        worker_command: Sequence[str],
        memory_path: Path,
        views: Sequence[ViewSpec] = VIEWS,
        runs: Path | None = None,
        mode: StartMode = "restore",
        predecessor: App | None = None,
    ) -> None:
        super().__init__()
        self.faults: FaultLog = FaultLog() if predecessor is None else predecessor.faults
        self.arguments = (worker_command, memory_path, views, runs, mode)
        self.saved: SavedState = (
            read_saved_state(memory_path, mode)
            if predecessor is None
            else predecessor.saved.handed_over(memory_of(predecessor))
        )
        saved, memory = self.saved, self.saved.memory
        self.language = interface_language()
        complaints = [self.language.choose(memory.language)]
        sizes = memory.large_type, memory.large_controls
        self.appearance = Appearance(make_application(), memory.theme, self, memory.colors, *sizes)
        folder = runs or memory_path.parent / "runs"
        self.host: RunHost = (
            RunHost(worker_command, memory.config, folder, memory.library, memory.speeds)
            if predecessor is None
            else predecessor.host
        )
        self.client, self.run = self.host.client, self.host.run
        self.recorder, self.viewer = self.host.recorder, self.host.viewer
        self.viewer.hide_events(memory.hidden_events)
        self.pane = RunPane(self.viewer.cursor, self.appearance.theme, views, self)
        self.pane.state.set_display(memory.display)
        self.pane.restore_options(memory.views)
        self.pane.clock.set_smooth(memory.smooth)
        self.window = MainWindow(self.pane, saved.window_number)
        self.window.destroyed.connect(self.deleteLater)  # else what is connected to its signals keeps it
        self.window.runs.set_folder(folder)
        self.window.runs.set_options(memory.library)
        self.window.theory.set_language(self.language.code)
        self.window.restore_layout(saved.layout)
        self.pictures = Pictures(self.window, self.appearance, memory)
        self.actions: ActionSet[App] = ActionSet(self.window, self, {"space": self.features.space})
        self.autosave = Autosave(memory_path if saved.saves else None, partial(memory_of, self), self)
        self.colors = ClassColorEditor(self.appearance, self.window)
        self.comparing = Comparing(worker_command, self.window, self.host, self.appearance, self.colors, self)
        banner, shown = self.window.banner, (self.window, self.viewer, self.run)
        self.announcements = Announcements(banner, self.run, self, self.comparing.compare_remedies)
        self.viewing = Viewing(*shown, self.announcements, self.appearance, self)
        self.sharing = SettingsSharing(*shown, self.announcements, worker_command, self)
        self.opener = FileOpener(*shown[:2], self.announcements, self.comparing, self.sharing, self)
        self.continuing = Continuing(*shown, self.opener, self.announcements, self)
        self.events = EventPresenter(self.window, self.viewer, self.pane.state, self.appearance, self)
        self.labs = Labs(self.window, self.appearance, self.pane.clock, memory_path.parent)
        self.predictions = Predictions(*shown, self.appearance, memory.predict, self)
        self.batches = BatchWalk(*shown, self.appearance, self)
        self.guides, self.palette, self.undo = Guides(self), CommandPalette(self), UndoHistory(self)
        self.context_menus, self.data_sets = ContextMenus(self), DataSetChooser(self)
        self.workspaces = Workspaces(self, memory_path.parent / "workspaces")
        self.presets = PresetMenu(self.actions, self.host, self.announcements, self)
        self.starter = Starter(
            saved, self.host, self.window, self.opener, self.continuing, self.comparing, self
        )
        self._add_actions()
        self.data, self.shortcuts = DataExporting(self, memory.export), Shortcuts(self, self._show_state)
        self._connect_signals()
        self.appearance.apply()
        self._on_state_changed()
        complaints += map(str, (*PLUGIN_FAULTS, *HEAD_FAULTS)) if predecessor is None else ()
        self.starter.show_messages(complaints)
        self.autosave.begin(
            self.run.configChanged,
            self.appearance.choiceChanged,
            self.recorder.optionsChanged,
            self.pictures.choicesChanged,
            self.viewer.hiddenEventsChanged,
        )

    @property
    def features(self) -> FeaturesView:
        """The view of the features, which many commands act on."""
        return self.pane.view(FeaturesView)

    def open(self, files: Sequence[Path] = ()) -> None:
        """Show the window, then files or else the last session, and start the worker."""
        self.starter.begin(files)  # first: else the window is drawn before the event loop comes to it
        self.undo.clear()
        self.window.show()
        self.window.activateWindow()

    def set_feature_options(self, options: FeatureOptions) -> None:
        """Use other options in the view of the features, and remember them."""
        self.pane.set_options("features", options)

    def set_smooth(self, smooth: bool) -> None:
        """Animate points between frames, or show measured frames only, and remember it."""
        self.pane.clock.set_smooth(smooth)
        self.autosave.note_change()

    def choose_language(self, name: str) -> None:
        """Show everything in another language, and remember it; a system may lack the font for one."""
        before = self.language.code
        self.announcements.warn_of("language", self.language.choose(name))
        self.autosave.note_change()
        if self.language.code != before:
            self.languageChanged.emit()

    def release(self) -> None:
        """Stop what this window does, and begin to save what is remembered of it; the run goes on."""
        self.starter.stop()
        self.data_sets.stop()
        for dialog in self.window.findChildren(QDialog):
            dialog.reject()  # what it does in the background ends, and cleans up
        self.undo.stop()
        self.comparing.close()
        self.viewing.theory.stop()
        self.pane.close()
        self.window.runs.stop()
        self.labs.close()
        self.autosave.start()

    def successor(self) -> App:
        """Return an app in the language in force that takes over from this one, which has been released."""
        app = App(*self.arguments, predecessor=self)
        app.starter.keeper.begin()
        return app

    def _add_actions(self) -> None:
        actions = self.actions
        actions.add(all_entries(self.window.panels))
        bind_buttons(self)
        actions.menu("presets").aboutToShow.connect(self.presets.load)
        actions.menu("workspaces").aboutToShow.connect(self.workspaces.load)
        actions.menu("compare").aboutToShow.connect(self.presets.load_comparisons)
        self.guides.add_menus()
        actions.describe("show.normalized", self.features.switches.normalized)
        self.window.panelsChanged.connect(actions.update_checked)

    def _connect_signals(self) -> None:
        window, run, pane = self.window, self.run, self.pane
        pane.optionsChanged.connect(self._on_options_changed)
        pane.state.displayChanged.connect(self._on_options_changed)
        self.predictions.enabledChanged.connect(self._on_options_changed)
        pane.state.selectionChanged.connect(self.enable_commands)
        for view in pane.views.values():
            view.classColorRequested.connect(self.colors.edit)
            view.classColorResetRequested.connect(self.colors.restore)
        self.viewing.stateChanged.connect(self.actions.update_checked)
        self.viewing.stateChanged.connect(self._show_state)
        self.viewing.classNamesChanged.connect(self.colors.set_class_names)
        self.colors.colorsChanged.connect(self.viewing.warn_of_colors)
        window.closeRequested.connect(self._on_window_close_requested)
        window.closeRequested.connect(self.host.close)  # also where that fails: no worker stays behind
        self.appearance.themeChanged.connect(self._on_theme_changed)
        run.stateChanged.connect(self._on_state_changed)
        pane.clock.newestShown.connect(self._show_state)
        run.noticed.connect(window.status.show_run_event)  # no lambda: the run outlives this window
        self.client.logged.connect(window.log.appendPlainText)
        self.faults.occurred.connect(self._on_fault_occurred)
        window.banner.warn_while(self.autosave.failed, self.autosave.recovered)
        self.recorder.failed.connect(self.announcements.warn)
        self.recorder.optionsChanged.connect(window.runs.set_options)
        window.runs.optionsRequested.connect(self.recorder.set_options)
        window.theory.presetRequested.connect(self.presets.apply)

    def _on_state_changed(self) -> None:
        show_devices(self.window.side_panel, self.run.devices)
        self._show_state()

    def _show_state(self) -> None:
        run, window, viewer = self.run, self.window, self.viewer
        window.run_bar.set_state(run_bar_state(run, viewer, smooth=self.pane.clock.smooth))
        window.timeline.set_state(viewer.state)
        window.side_panel.set_pending(run.pending.restart if viewer.cursor.live else ())
        window.status.set_state(status_text(run, viewer.recording, self.actions.key_or_name))
        self.enable_commands()

    def enable_commands(self) -> None:
        """Enable the commands that can be used now."""
        self.actions.set_state(command_state(self))

    def _on_fault_occurred(self, sentence: str, details: str) -> None:
        self.window.log.appendPlainText(details)
        self.announcements.show_fault(sentence, details)

    def _on_options_changed(self) -> None:
        self.actions.update_checked()
        self.autosave.note_change()

    def _on_window_close_requested(self) -> None:
        self.release()
        self.window.hide()  # the rest may wait for a slow disk
        self.autosave.finish()
        self.starter.keeper.close()

    def _on_theme_changed(self, theme: Theme) -> None:
        self.pane.set_theme(theme)
        self.actions.update_checked()
        self.enable_commands()
