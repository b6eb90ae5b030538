"""Builds the window and wires it to its run: the one place where signals meet slots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from explorer import __version__
from explorer.core.config import ConfigError, RunConfig
from explorer.gui.controls.run_bar import RunBarState
from explorer.gui.export.images import picture
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.main_window import MainWindow
from explorer.gui.run import Problem, Run
from explorer.gui.store import Memory, load_memory, save_memory, store_path
from explorer.gui.theme import DARK, LIGHT, THEMES, Theme, palette, style_sheet
from explorer.gui.worker_client import WorkerClient

_SAVE_DELAY_MS = 2000


def run_app(worker_command: Sequence[str]) -> int:
    """Open the window with a worker of that command, and return the exit code once it is closed."""
    application = make_application()
    app = App(worker_command, store_path())
    app.open()
    return application.exec()


def make_application() -> QApplication:
    """Return the one Qt application, in the style of this program."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(["loss-explorer"])
    application.setApplicationName("loss-explorer")
    application.setApplicationDisplayName("Loss Explorer")
    application.setStyle("Fusion")
    return application


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
        self._memory_path = memory_path
        memory, complaint = load_memory(memory_path)
        self._theme_name = memory.theme if memory.theme in ("system", *THEMES) else "system"
        self._theme = self._find_theme()
        self.client = WorkerClient(worker_command, self)
        self.run = Run(self.client, memory.config, self)
        self.window = MainWindow(self._theme)
        self.window.restore_layout(memory.geometry, memory.layout)
        self._save_timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY_MS)
        self._wire()
        self._apply_theme()
        self._show_config()
        self._show_state()
        if complaint:
            self.window.banner.show_message("warning", complaint)

    def open(self) -> None:
        """Show the window, and start the worker so that it is ready when the person is."""
        self.window.show()
        QTimer.singleShot(0, self.run, self.run.open)

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
        window.copy_view.triggered.connect(self._on_copy_view_triggered)
        window.copy_window.triggered.connect(self._on_copy_window_triggered)
        window.save_picture.triggered.connect(self._on_save_picture_triggered)
        window.quit.triggered.connect(window.close)
        window.about.triggered.connect(self._on_about_triggered)
        window.closing.connect(self._on_window_closing)
        for name, action in window.themes.items():
            action.triggered.connect(lambda _=False, name=name: self._choose_theme(name))
        run.configChanged.connect(self._on_config_changed)
        run.stateChanged.connect(self._show_state)
        run.snapshotChanged.connect(self._on_snapshot_changed)
        run.problemOccurred.connect(self._on_problem_occurred)
        run.noticed.connect(window.status.setText)
        self.client.logged.connect(window.log.appendPlainText)
        self._save_timer.timeout.connect(self._remember)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def _on_param_edited(self, name: str, value: object) -> None:
        try:
            self.run.set_param(name, value)
        except ConfigError as error:
            self.window.banner.show_message("warning", str(error))
            self._show_config()

    def _on_config_changed(self, old: RunConfig, new: RunConfig) -> None:
        self._show_config()
        self._save_timer.start()

    def _on_snapshot_changed(self) -> None:
        for view in self.window.views:
            view.set_snapshot(self.run.snapshot, self.run.history)
        self._show_state()

    def _show_config(self) -> None:
        self.window.side_panel.set_config(self.run.config)

    def _show_state(self) -> None:
        run, window = self.run, self.window
        snapshot, started = run.snapshot, run.started
        pending = run.pending.restart
        window.run_bar.set_state(
            RunBarState(
                phase=run.phase,
                epoch=snapshot.epoch if snapshot else 0.0,
                step=snapshot.step if snapshot else 0,
                accuracy=snapshot.scalars.get("test_accuracy") if snapshot else None,
                probe_samples=snapshot.probe_samples if snapshot else 0,
                speed=snapshot.samples_per_second if snapshot and run.phase == "running" else None,
                device=started.device.upper() if started else "",
                seed=run.config.seed,
                pending_restart=bool(pending),
            )
        )
        window.side_panel.set_pending(pending)
        window.status.setText(_status(run))

    def _on_problem_occurred(self, problem: Problem) -> None:
        actions = [("Restart", self._restart_and_run)]
        if problem.remedy:
            words = ", ".join(f"{name} {value:g}" for name, value in problem.remedy.items())
            actions.insert(0, (f"Restart with {words}", lambda: self._restart_with(problem)))
        self.window.banner.show_message("error", problem.text, problem.details, actions)

    def _restart_with(self, problem: Problem) -> None:
        self.run.set_config(self.run.config.replace(problem.remedy))
        self._restart_and_run()

    def _restart_and_run(self) -> None:
        self.run.restart()
        self.run.start()

    def _on_reset_view_triggered(self) -> None:
        self.window.features.reset_view()

    def _on_copy_view_triggered(self) -> None:
        QGuiApplication.clipboard().setImage(picture(self.window.active_view, scale=2))
        self.window.status.setText(f"The picture of {self.window.active_view.title} is on the clipboard.")

    def _on_copy_window_triggered(self) -> None:
        QGuiApplication.clipboard().setImage(picture(self.window, scale=2))
        self.window.status.setText("The picture of the window is on the clipboard.")

    def _on_save_picture_triggered(self) -> None:
        SavePictureDialog(self.window, [*self.window.views, self.window], self.window.active_view).open()

    def _on_about_triggered(self) -> None:
        text = (
            f"<h3>Loss Explorer {__version__}</h3><p>Watch a loss function shape the feature space of MNIST "
            "while the network trains.</p><p>MIT licence. MNIST by Yann LeCun and Corinna Cortes, CC BY-SA "
            "3.0.</p>"
        )
        box = QMessageBox(QMessageBox.Icon.NoIcon, "About Loss Explorer", text, parent=self.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _on_window_closing(self) -> None:
        self._save_timer.stop()
        self._remember()
        self.run.close()

    def _remember(self) -> None:
        geometry, layout = self.window.layout_state()
        try:
            save_memory(self._memory_path, Memory(self.run.config, self._theme_name, geometry, layout))
        except OSError as error:
            self.window.banner.show_message("warning", f"The settings cannot be remembered: {error}.")

    def _choose_theme(self, name: str) -> None:
        self._theme_name = name
        self._apply_theme()
        self._save_timer.start()

    def _on_color_scheme_changed(self) -> None:
        if self._theme_name == "system":
            self._apply_theme()

    def _find_theme(self) -> Theme:
        if self._theme_name in THEMES:
            return THEMES[self._theme_name]
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _apply_theme(self) -> None:
        self._theme = self._find_theme()
        application = make_application()
        application.setPalette(palette(self._theme))
        application.setStyleSheet(style_sheet(self._theme))
        for view in self.window.views:
            view.set_theme(self._theme)
        for name, action in self.window.themes.items():
            action.setChecked(name == self._theme_name)


def _status(run: Run) -> str:
    """Return what is happening, in a sentence."""
    if run.pending:
        return f"Waiting for a restart: {', '.join(run.pending.restart)}."
    if run.started is None:
        return (
            "Training begins as soon as the worker is ready."
            if run.phase == "running"
            else "Press Space to train."
        )
    words = {
        "ready": "Press Space to train.",
        "running": "Training.",
        "paused": "Paused: Space goes on, a full stop trains one step.",
        "finished": "Finished.",
        "failed": "Stopped.",
    }
    started = run.started
    return (
        f"{words[run.phase]} {run.config.loss.spec.title}, {started.parameters:,} weights, "
        f"{started.train_size:,} training images, {started.threads} threads."
    )
