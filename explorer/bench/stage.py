"""A window for measurements: the real program with settings of its own, and a way to wait for it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QWidget

from explorer.bench.measuring import BenchError
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.session.worker_client import workers_ending
from explorer.gui.start import StartError, check_machine, has_display
from explorer.gui.theme.application import make_application

WORKER = (sys.executable, "-m", "explorer.worker")
POINTS = 10_000
PROBE = {"data.test_probe": POINTS - 1000, "data.train_probe": 1000}
_POLL_MS = 5
_LIMIT = 60.0
_SETTLE = 0.2


def set_stage() -> str:
    """Make the Qt application, without a screen where there is none, and return where it draws.

    Raises
    ------
    BenchError
        Where a window cannot open here.
    """
    if not has_display(os.environ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        check_machine()
    except StartError as error:
        raise BenchError(str(error)) from None
    make_application()
    platform = QGuiApplication.platformName()
    return "drawn offscreen" if platform == "offscreen" else f"drawn on a display, {platform}"


def wait(condition: Callable[[], bool], what: str, limit: float = _LIMIT) -> None:
    """Run the event loop until something is so.

    Raises
    ------
    BenchError
        Where it is not after ``limit`` seconds; ``what`` names it.
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
        raise BenchError(f"waited {limit:.0f} s in vain for {what}")


def pass_time(seconds: float) -> None:
    """Run the event loop so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(1e3 * seconds), loop.quit)
    loop.exec()


class Paints(QObject):
    """Tells when a widget is about to be painted.

    Signals
    -------
    painted()
        It is.
    """

    painted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        widget.installEventFilter(self)

    def stop(self) -> None:
        """Tell no more."""
        self._widget.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at an event, and let it pass."""
        if event.type() == QEvent.Type.Paint:
            self.painted.emit()
        return False


def show(widget: QWidget) -> None:
    """Show a window, and wait until it is painted."""
    widget.show()
    window = widget.windowHandle()
    wait(window.isExposed, "the window to show")
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
        """Take a view out from behind the others, into a dock of its own below the features."""
        window = self.app.window
        dock = window.findChild(QDockWidget, title)
        assert dock is not None, "views have a dock by their title"
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)

    def train(self, step: int) -> None:
        """Press Start, and wait for a frame of this step or a later one."""
        self.app.run.start()
        wait(lambda: self.step >= step or self.app.run.phase == "failed", f"step {step}")
        if self.app.run.phase == "failed":
            raise BenchError("the run failed")

    def __enter__(self) -> Self:
        """Open the window, and wait for its worker's process."""
        self.app.open()
        wait(lambda: self.app.client.alive, "the worker's process")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the window, and wait for its worker's end, so that it costs what is measured next nothing."""
        self.app.window.close()
        wait(lambda: not workers_ending(), "the worker's end")
        self._folder.cleanup()
