"""Measures what drawing costs: training speed of a real worker with the window drawing, and without."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QEventLoop, QObject, QTimer

from explorer.analysis.frames.snapshot import Snapshot
from explorer.bench.measuring import BenchError
from explorer.bench.stage import Heartbeat, wait
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.session.problem import Problem
from explorer.gui.session.worker_client import workers_ending
from explorer.gui.theme.application import make_application

_SIZE = (1366, 768)
_WARM_UP_STEPS = 100
_NO_FRAMES = (1_000_000, 999_999)
"""Frame intervals (steps) at which no frame is due; two, because only a change of settings forces a frame."""
_MOVES = 40
_MOVE_GAPS = (0.06, 0.16)
_PATIENCE = 60.0


class WatchingCost(Struct, frozen=True):
    """Medians over the rounds.

    Attributes
    ----------
    unwatched, watched : float
        Training images per second: without frames and drawing, and with both; in turns of the same process.
    ratio : float
        Ratio of the two in each round.
    drawn_fps, frames_fps : float
        Drawings of the Features view per second, animation included, and frames per second.
    stall_ms : float
        Longest time between two turns of the event loop of the window.
    latency_p95_ms : float
        95th percentile of the time from moving a slider to the message of a worker that the step which it
        begins uses the new value.
    steps_ms : float
        Duration of a training step without drawing.
    threads : int
        Number of training threads.
    """

    unwatched: float
    watched: float
    ratio: float
    drawn_fps: float
    frames_fps: float
    stall_ms: float
    latency_p95_ms: float
    steps_ms: float
    threads: int


def measure(seconds: float = 8.0, rounds: int = 3, config: RunConfig | None = None) -> WatchingCost:
    """Open the window, train in turns without and with drawing, and return the costs.

    Parameters
    ----------
    seconds : float
        Duration of each turn.
    rounds : int
        Number of turns of each kind.
    config : RunConfig, optional
        Settings of the run.

    Raises
    ------
    BenchError
        Where the worker fails or stops responding.
    """
    make_application()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "window.toml"
        save_memory(path, Memory(config or RunConfig()))
        app = App([sys.executable, "-m", "explorer.worker"], path)
        try:
            return _Observer(app).observe(seconds, rounds)
        finally:
            app.window.close()
            app.window.deleteLater()
            wait(lambda: not workers_ending(), text("the worker to end"))


class _Turn(Struct, frozen=True):
    """A turn: images/s, drawings/s, frames/s, and the longest stall in ms."""

    speed: float
    drawn: float
    frames: float
    stall: float


class _Observer(QObject):
    """Operates a window as a person would, and measures times."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._frames: list[Snapshot] = []
        self._problem: Text | None = None
        self._configured = 0
        self._heartbeat = Heartbeat()
        app.run.snapshotChanged.connect(self._on_snapshot_changed)
        app.run.problemOccurred.connect(self._on_problem_occurred)
        app.client.eventReceived.connect(self._on_event_received)

    def observe(self, seconds: float, rounds: int) -> WatchingCost:
        """Return the medians over the rounds."""
        app = self._app
        app.window.resize(*_SIZE)
        app.open()
        self._wait(lambda: app.run.started is not None)
        app.run.start()
        self._wait(lambda: bool(self._frames) and self._frames[-1].step >= _WARM_UP_STEPS)
        turns = [(self._unwatched(seconds), self._watched(seconds)) for _ in range(rounds)]
        self._heartbeat.stop()
        latencies = self._latencies()
        assert app.run.started is not None, "frames come of a run that was announced"
        unwatched = statistics.median(without.speed for without, _ in turns)
        return WatchingCost(
            unwatched=unwatched,
            watched=statistics.median(watched.speed for _, watched in turns),
            ratio=statistics.median(watched.speed / without.speed for without, watched in turns),
            drawn_fps=statistics.median(watched.drawn for _, watched in turns),
            frames_fps=statistics.median(watched.frames for _, watched in turns),
            stall_ms=max(watched.stall for _, watched in turns),
            latency_p95_ms=float(np.percentile(latencies, 95)),
            steps_ms=1000 * self._batch / unwatched,
            threads=app.run.started.threads,
        )

    @property
    def _batch(self) -> int:
        started = self._app.run.started
        assert started is not None, "frames come of a run that was announced"
        return min(self._app.run.config.optimizer.batch, started.train_size)

    def _unwatched(self, seconds: float) -> _Turn:
        self._set("data.probe_every", _NO_FRAMES[0])
        return self._turn(seconds, lambda: self._set("data.probe_every", _NO_FRAMES[1]))

    def _watched(self, seconds: float) -> _Turn:
        self._set("data.probe_every", 0)
        return self._turn(seconds, lambda: None)

    def _turn(self, seconds: float, end: Callable[[], None]) -> _Turn:
        """Measure from the last frame on, for this time."""
        first, count, drawings = self._frames[-1], len(self._frames), self._app.pane.clock.drawings
        self._heartbeat.restart()
        begun = time.perf_counter()
        self._pass(seconds)
        passed = time.perf_counter() - begun
        drawn, frames, stall = (
            self._app.pane.clock.drawings - drawings,
            len(self._frames) - count,
            self._heartbeat.stall,
        )
        end()
        self._wait(lambda: self._frames[-1].step > first.step)
        last = self._frames[-1]
        speed = (last.step - first.step) * self._batch / (last.elapsed - first.elapsed)
        return _Turn(speed, drawn / passed, frames / passed, 1000 * stall)

    def _latencies(self) -> list[float]:
        """Return the milliseconds from moving a slider until the worker uses its value."""
        random = np.random.default_rng(0)
        rate = self._app.run.config.optimizer.rate
        latencies = []
        for move in range(1, _MOVES + 1):
            self._pass(float(random.uniform(*_MOVE_GAPS)))
            before, start = self._configured, time.perf_counter()
            self._app.window.side_panel.paramRequested.emit("optimizer.rate", rate * (1 + 0.001 * (move % 2)))
            self._wait(lambda before=before: self._configured > before)  # type: ignore[misc]  # bound at once
            latencies.append(1000 * (time.perf_counter() - start))
        return latencies

    def _set(self, name: str, value: int) -> None:
        """Change a setting and wait for the frame that follows it."""
        self._app.run.set_param(name, value)
        self._wait(lambda: self._frames[-1].config.get(name) == value)

    def _pass(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop, loop.quit)
        loop.exec()

    def _wait(self, condition: Callable[[], bool]) -> None:
        """Run the event loop until the condition holds."""
        client, end = self._app.client, time.perf_counter() + _PATIENCE
        while not condition():
            loop = QEventLoop()
            client.eventReceived.connect(loop.quit)
            client.died.connect(loop.quit)
            QTimer.singleShot(round(1000 * _PATIENCE), loop, loop.quit)
            loop.exec()
            if self._problem is not None:
                raise BenchError(self._problem)
            if time.perf_counter() > end:
                raise BenchError("The worker does not respond.")

    def _on_snapshot_changed(self) -> None:
        if self._app.run.snapshot is not None:
            self._frames.append(self._app.run.snapshot)

    def _on_problem_occurred(self, problem: Problem) -> None:
        self._problem = problem.text

    def _on_event_received(self, event: m.Event) -> None:
        if isinstance(event, m.Configured):
            self._configured = event.config_seq
