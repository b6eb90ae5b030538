"""A window for measurements: the real program with settings of its own, and functions that wait for it."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QWidget

from explorer.bench.measuring import BenchError
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.session.worker_client import workers_ending
from explorer.gui.starting.start import StartError, check_machine, has_display
from explorer.gui.theme.application import make_application

WORKER = (sys.executable, "-m", "explorer.worker")
POINTS = 10_000
PROBE = {"data.test_probe": POINTS - 1000, "data.train_probe": 1000}
_POLL_MS = 5
_LIMIT = 60.0
_SETTLE = 0.2


def set_stage() -> Text:
    """Create the Qt application, offscreen where there is no display, and return where it draws.

    Raises
    ------
    BenchError
        If no window can be opened.
    """
    if not has_display(os.environ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        check_machine()
    except StartError as error:
        raise BenchError(error.text) from None
    make_application()
    platform = QGuiApplication.platformName()
    if platform == "offscreen":
        return text("drawn offscreen")
    return text("drawn on a display ({platform})", platform=platform)


def wait(condition: Callable[[], bool], what: Text, limit: float = _LIMIT) -> None:
    """Run the event loop until a condition holds.

    Raises
    ------
    BenchError
        If it does not within ``limit`` seconds; the message names ``what``.
    """
    loop = QEventLoop()
    poll = QTimer(interval=_POLL_MS)
    poll.timeout.connect(lambda: loop.quit() if condition() else None)
    deadline = QTimer(singleShot=True, interval=round(1e3 * limit))
    deadline.timeout.connect(loop.quit)
    poll.start()
    deadline.start()
    loop.exec()
    late = not deadline.isActive() and not condition()
    poll.stop()
    deadline.stop()
    if late:
        raise BenchError("Timed out after {limit:.0f} s waiting for {what}.", limit=limit, what=what)


def pass_time(seconds: float) -> None:
    """Run the event loop for this time."""
    loop = QEventLoop()
    QTimer.singleShot(round(1e3 * seconds), loop.quit)
    loop.exec()


class Paints(QObject):
    """Watches the paint events of a widget.

    Signals
    -------
    painted()
        The widget is about to be painted.
    """

    painted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        widget.installEventFilter(self)

    def stop(self) -> None:
        """Stop watching the widget."""
        self._widget.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Emit `painted` before a paint event; filter out nothing."""
        if event.type() == QEvent.Type.Paint:
            self.painted.emit()
        return False


class Heartbeat(QObject):
    """Measures how long the event loop is away from its timers.

    Attributes
    ----------
    stall : float
        The longest time between two turns of the event loop since `restart`, in seconds.
    busy : float
        The most CPU time that this thread used between two turns: what of a stall is its own work, where
        other processes use the machine too.
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=_POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.restart()
        self._timer.start()

    def restart(self) -> None:
        """Forget what was measured so far."""
        self.stall = self.busy = 0.0
        self._last = time.perf_counter(), time.thread_time()

    def stop(self) -> None:
        """Measure no more."""
        self._timer.stop()

    def _on_timer_timeout(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.stall = max(self.stall, now[0] - self._last[0])
        self.busy = max(self.busy, now[1] - self._last[1])
        self._last = now


def show(widget: QWidget) -> None:
    """Show a window, and wait until it is painted."""
    widget.show()
    window = widget.windowHandle()
    wait(window.isExposed, text("the window"))
    pass_time(_SETTLE)


class Stage:
    """An open window with its worker; use as a context, which ends both.

    Parameters
    ----------
    changes : mapping
        Settings by their dotted names, where they differ from the defaults.
    """

    def __init__(self, changes: Mapping[str, object]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "window.toml"
        save_memory(path, Memory(RunConfig().replace(changes)))
        self.app = App(WORKER, path)

    @property
    def step(self) -> int:
        """Step of the frame that is shown, 0 before there is one."""
        snapshot = self.app.run.snapshot
        return 0 if snapshot is None else snapshot.step

    @property
    def views_in_sight(self) -> int:
        """Number of views that are drawn."""
        return sum(view.drawable for view in self.app.pane.views.values())

    def bring_forward(self, title: str) -> None:
        """Dock a view by itself below the features, so that no other view hides it."""
        window = self.app.window
        dock = window.findChild(QDockWidget, title)
        assert dock is not None, "views have a dock by their title"
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)

    def train(self, step: int) -> None:
        """Start training, and wait for a frame of this step or a later one."""
        self.app.run.start()
        wait(lambda: self.step >= step or self.app.run.phase == "failed", text("step {step:,}", step=step))
        if self.app.run.phase == "failed":
            raise BenchError("The run failed.")

    def speed(self, act: Callable[[], object]) -> float:
        """Return the images per second that the live run trains while ``act`` runs, and to the next frame.

        Raises
        ------
        BenchError
            If it fails or stands still.
        """
        run = self.app.run
        first, started = run.snapshot, run.started
        assert first is not None, "the run has been trained"
        assert started is not None, "frames come of a run that was announced"
        act()
        self.train(first.step + 1)
        last = run.snapshot
        assert last is not None, "a run keeps its newest frame"
        batch = min(run.config.optimizer.batch, started.train_size)
        return (last.step - first.step) * batch / (last.elapsed - first.elapsed)

    def __enter__(self) -> Self:
        """Open the window, and wait for its worker's process."""
        self.app.open()
        wait(lambda: self.app.client.alive, text("the worker to start"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close and delete the window, and wait for its worker to end: neither slows the next measurement."""
        self.app.window.close()
        self.app.window.deleteLater()
        wait(lambda: not workers_ending(), text("the worker to end"))
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._folder.cleanup()
