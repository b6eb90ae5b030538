"""A run that comes to nothing is told within a second: a real window, a real worker, real time."""

from __future__ import annotations

import time

import pytest

from explorer.analysis.events.event_log import OBSERVE_EVERY
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory

LIMIT = 60_000
WITHIN = 1.0
NORMAL = {"optimizer.warmup": 0, "loss.name": "softmax", "optimizer.rate": 0.05}
FAILURES = {
    "diverged": {"optimizer.rate": 10.0},
    "exploded": {"loss.name": "cosface", "optimizer.rate": 10.0},
    "one-point": {"loss.name": "center", "loss.weight": 10.0, "optimizer.rate": 0.02},
    "at-chance": {"optimizer.rate": 1e-5},
}
"""For each kind of failure, settings that bring it about."""


class Clock:
    """When a step was trained, by the window's clock: frames say after how many seconds of training.

    The quickest frame is taken to have come at once, so what is measured includes all that delays others.
    """

    def __init__(self, client):
        self._frames = []  # step, seconds of training, when it came
        client.eventReceived.connect(self._on_event_received)

    def begin(self):
        self._frames.clear()

    def _on_event_received(self, event):
        if isinstance(event, m.Frame) and event.step:
            self._frames.append((event.step, event.elapsed, time.monotonic()))

    def trained(self, step):
        """Return when this step was trained, as it goes on after the last frame."""
        (first, begun, _), (last, elapsed, _) = self._frames[0], self._frames[-1]
        began = min(came - seconds for _, seconds, came in self._frames)
        return began + elapsed + (step - last) * (elapsed - begun) / max(1, last - first)


@pytest.fixture
def app(tmp_path, tiny_data, worker_command):
    changes = {"device": "cpu", "threads": 1, "data.source": str(tiny_data), "optimizer.batch": 50}
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace(changes | NORMAL), "light"))
    app = App(worker_command, path)
    app.open()
    yield app
    app.window.close()
    app.window.deleteLater()


def test_a_run_that_comes_to_nothing_is_told_within_a_second(app, qtbot):
    run, clock, late = app.run, Clock(app.client), {}
    qtbot.waitUntil(lambda: run.snapshot is not None, timeout=LIMIT)
    for kind, changes in FAILURES.items():
        late_change = changes if kind == "diverged" else {}
        run.begin_with(run.config.replace(NORMAL | ({} if late_change else changes)))
        qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.step == 0, timeout=LIMIT)
        clock.begin()
        told = []
        failed = run.problemOccurred if kind == "diverged" else run.failureNoticed
        note = failed.connect(lambda _problem, told=told: told.append(time.monotonic()))
        run.start()
        if late_change:  # else it fails before the first frame
            qtbot.waitUntil(lambda: run.snapshot.step > 20, timeout=LIMIT)
            run.change(late_change)
        qtbot.waitUntil(lambda told=told: bool(told), timeout=LIMIT)
        failed.disconnect(note)
        run.pause()
        event = next(event for event in run.history.events.found if event.kind == kind)
        assert str(event.text) in app.window.banner.message or kind == "diverged"
        late[kind] = told[0] - clock.trained(event.step if kind == "diverged" else run.snapshot.step)
        assert run.snapshot.step - event.step <= 3 * OBSERVE_EVERY, "it is observed twice"
    assert max(late.values()) < WITHIN, late
