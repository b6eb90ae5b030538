"""Builds the window and wires it to its run: the one place where signals meet slots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction

from explorer.analysis.heads.registry import HEAD_FAULTS
from explorer.analysis.statistics.drawn_digit import digit_text
from explorer.core.losses.catalog import PLUGIN_FAULTS
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.gui.about import show_about
from explorer.gui.drawing.display_clock import DisplayClock
from explorer.gui.export.pictures import Pictures
from explorer.gui.faults import FaultLog
from explorer.gui.main_window import MainWindow
from explorer.gui.memory.autosave import Keeper
from explorer.gui.memory.window_memory import Memory, load_memory, store_path
from explorer.gui.messages.announcements import Announcements
from explorer.gui.messages.concerns import show_concerns
from explorer.gui.messages.readout import run_bar_state, status_text
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.application import make_application
from explorer.gui.theme.palettes import ClassColors, concern
from explorer.gui.theme.theme import Theme
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.features.content import FeatureOptions

_BALANCED = "This loss compares pairs: each batch has the same number of images of every class."


def run_app(worker_command: Sequence[str]) -> int:
    """Open the window with a worker of that command, and return the exit code once it is closed."""
    application = make_application()
    app = App(worker_command, store_path())
    app.faults.install()
    app.open()
    return application.exec()


class App(QObject):
    """One window, its run and its worker.

    Parameters
    ----------
    worker_command : sequence of str
        What starts a worker.
    memory_path : Path
        File that remembers settings and layout.
    """

    def __init__(self, worker_command: Sequence[str], memory_path: Path) -> None:
        super().__init__()
        self.faults = FaultLog(self)
        memory, complaint = load_memory(memory_path)
        self.appearance = Appearance(make_application(), memory.theme, self, memory.colors)
        self.client = WorkerClient(worker_command, self)
        self.run = Run(self.client, memory.config, self)
        self.window = MainWindow(self.appearance.theme)
        self.window.restore_layout(memory.geometry, memory.layout)
        self.window.smooth.setChecked(memory.smooth)
        self.window.curves.set_options(memory.curves)
        self.clock = DisplayClock(self.window.features, self.window.views[1:], self)
        self.clock.set_smooth(memory.smooth)
        self._pictures = Pictures(self.window)
        self.keeper = Keeper(memory_path, self._memory, self)
        self.announcements = Announcements(self.window.banner, self.run, self)
        self._open_timer = QTimer(self, singleShot=True, interval=0)
        self._wire()
        self.window.show_menu.choose(memory.options)
        self.appearance.apply()
        self._show_config()
        self._show_state()
        self.announcements.warn(" ".join([complaint, *PLUGIN_FAULTS, *HEAD_FAULTS]).strip())

    def open(self) -> None:
        """Show the window, and start the worker so that it is ready when the person is."""
        self.window.show()
        self.window.activateWindow()
        self._open_timer.start()

    def _wire(self) -> None:
        window, run = self.window, self.run
        window.run_bar.startRequested.connect(run.start)
        window.run_bar.pauseRequested.connect(run.pause)
        window.run_bar.stepRequested.connect(run.step)
        window.run_bar.restartRequested.connect(run.restart)
        window.toggle.triggered.connect(run.toggle)
        window.step.triggered.connect(run.step)
        window.restart.triggered.connect(run.restart)
        window.side_panel.lossChosen.connect(run.set_loss)
        window.side_panel.paramEdited.connect(self._on_param_edited)
        window.reset_view.triggered.connect(self._on_reset_view_triggered)
        window.show_menu.optionsChosen.connect(self._on_options_chosen)
        window.features.normalizedChosen.connect(window.show_menu.switches["normalized"].setChecked)
        window.curves.optionsChosen.connect(self._on_curve_options_chosen)
        for view in (
            window.features,
            window.classes,
            window.samples,
            window.angles,
            window.two_classes,
            window.drawing,
        ):
            view.selectionWished.connect(window.display.select)
        window.angles.pairChosen.connect(window.two_classes.choose_pair)
        for pointed in (window.samples, window.drawing, window.two_classes):
            pointed.hovered.connect(window.features.point_out)
        window.drawing.imageDrawn.connect(run.guests.set_image)
        run.guests.changed.connect(self._on_guest_changed)
        window.cancel.triggered.connect(window.features.cancel)
        window.features.classToggled.connect(window.display.toggle_class)
        window.features.classIsolated.connect(window.display.isolate_class)
        window.features.colorModeChosen.connect(window.display.set_color_mode)
        window.features.classColorWished.connect(window.palettes.edit)
        window.features.classColorReset.connect(window.palettes.restore)
        window.palettes.colorsChosen.connect(self._on_colors_chosen)
        window.presets.presetChosen.connect(self.announcements.apply_preset)
        window.presets.failed.connect(self.announcements.refuse)
        window.space_menu.lookChosen.connect(window.features.space.look_from)
        window.space_menu.perspectiveChosen.connect(window.features.space.set_perspective)
        window.space_menu.turntableChosen.connect(window.features.space.turntable.set_on)
        window.space_menu.zoomChosen.connect(window.features.space.zoom)
        window.quit.triggered.connect(window.close)
        window.about.triggered.connect(self._on_about_triggered)
        window.closing.connect(self._on_window_closing)
        window.theme_group.triggered.connect(self._on_theme_chosen)
        self.appearance.themeChanged.connect(self._on_theme_changed)
        run.configChanged.connect(self._on_config_changed)
        run.stateChanged.connect(self._on_state_changed)
        run.snapshotChanged.connect(self._on_snapshot_changed)
        self.clock.newestShown.connect(self._show_state)
        window.smooth.toggled.connect(self._on_smooth_toggled)
        run.problemOccurred.connect(self.announcements.tell_problem)
        run.noticed.connect(window.status.tell)
        self.client.logged.connect(window.log.appendPlainText)
        self.faults.occurred.connect(self._on_fault_occurred)
        self.keeper.failed.connect(self.announcements.warn)
        self._open_timer.timeout.connect(run.open)

    def _on_param_edited(self, name: str, value: object) -> None:
        try:
            self.run.set_param(name, value)
        except ConfigError as error:
            self.announcements.warn(str(error))
            self._show_config()

    def _on_config_changed(self, old: RunConfig, new: RunConfig) -> None:
        self._show_config()
        if old.loss.name != new.loss.name:
            self.announcements.withdraw_preset()
        self.keeper.note_change()

    def _on_snapshot_changed(self) -> None:
        snapshot = self.run.snapshot
        self.window.display.set_probe(snapshot.probe if snapshot is not None else None)
        self.clock.show(snapshot, self.run.history)

    def _on_guest_changed(self) -> None:
        guests = self.run.guests
        self.window.drawing.set_drawn_digit(guests.guest, guests.complaint)
        if guests.guest is None:
            self.window.features.set_drawn_digit(None)
        else:
            self.window.features.set_drawn_digit(guests.guest.point, digit_text(guests.guest))

    def _on_state_changed(self) -> None:
        started = self.run.started
        threads = started.threads if started is not None and started.device == "cpu" else 0
        self.clock.set_training(self.run.phase == "running", threads)
        if self.run.phase == "running":
            self.announcements.withdraw_problem()
        self._show_state()

    def _on_smooth_toggled(self, smooth: bool) -> None:
        self.clock.set_smooth(smooth)
        self.keeper.note_change()

    def _show_config(self) -> None:
        config, panel = self.run.config, self.window.side_panel
        panel.set_config(config)
        panel.loss.set_notice(_BALANCED if config.loss.spec.balanced else "")
        show_concerns(panel, config, self.run.change)
        self.window.margin_curve.set_config(config)

    def _show_state(self) -> None:
        run, window = self.run, self.window
        window.run_bar.set_state(run_bar_state(run))
        window.side_panel.set_pending(run.pending.restart)
        window.status.set_state(status_text(run))

    def _on_fault_occurred(self, sentence: str, details: str) -> None:
        self.window.log.appendPlainText(details)
        self.announcements.tell_fault(sentence, details)

    def _on_reset_view_triggered(self) -> None:
        self.window.features.reset_view()

    def _on_curve_options_chosen(self, options: CurveOptions) -> None:
        self.window.curves.set_options(options)
        self.keeper.note_change()

    def _on_options_chosen(self, options: FeatureOptions) -> None:
        self.window.features.set_options(options)
        self.keeper.note_change()

    def _on_about_triggered(self) -> None:
        show_about(self.window)

    def _on_window_closing(self) -> None:
        self._open_timer.stop()
        self.clock.stop()
        self.keeper.save()
        self.run.close()

    def _memory(self) -> Memory:
        geometry, layout = self.window.layout_state()
        return Memory(
            config=self.run.config,
            theme=self.appearance.name,
            geometry=geometry,
            layout=layout,
            smooth=self.window.smooth.isChecked(),
            options=self.window.features.options,
            curves=self.window.curves.options,
            colors=self.appearance.colors,
        )

    def _on_theme_chosen(self, action: QAction) -> None:
        again = action is self.window.themes["dark"] and self.appearance.name == "dark"
        self.appearance.choose("light" if again else str(action.data()))  # the key of dark leads back too
        self.keeper.note_change()

    def _on_colors_chosen(self, colors: ClassColors) -> None:
        self.appearance.choose_colors(colors)
        self.keeper.note_change()
        snapshot = self.run.snapshot
        sentence = concern(self.appearance.theme, 10 if snapshot is None else snapshot.probe.num_classes)
        self.announcements.warn(sentence)

    def _on_theme_changed(self, theme: Theme) -> None:
        for view in self.window.views:
            view.set_theme(theme)
        self.window.palettes.show_colors(self.appearance.colors, theme)
        for name, action in self.window.themes.items():
            action.setChecked(name == self.appearance.name)
