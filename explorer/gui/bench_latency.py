"""Measures how soon the window and its worker answer while training at full speed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer

from explorer.core.budgets import Measurement
from explorer.core.measuring import BenchError, percentile_95, tell
from explorer.core.messages import Event, Frame
from explorer.gui.bench_stage import PROBE, Paints, Stage, pass_time, set_stage, wait

_ARCFACE = {"loss.name": "arcface", "loss.scale": 10.0, "loss.margin": 0.1}
_MOVES, _RESTING_MOVES = 40, 10
_MARGIN_STEP = 0.005
_WARM_UP_STEP = 20
_BETWEEN = 0.12
_SETTLE = 0.6
_WATCH_SECONDS, _LONGEST_WATCH = 10.0, 30.0
_FRAMES = 30
"""Drawn frames wanted; fewer where they do not come in the longest time."""
_TICK_MS = 5


class Mover(QObject):
    """Moves the margin of a window, and takes the time until a frame comes that was trained with it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._panel = stage.app.window.side_panel
        self._seq = 0
        self._came = 0.0
        self._margin = float(stage.app.run.config.loss.params["margin"])
        stage.app.client.eventReceived.connect(self._on_event_received)

    def move(self) -> float:
        """Move the slider, and return the seconds until the frame is there."""
        self._margin += _MARGIN_STEP
        before = self._seq
        start = time.perf_counter()
        self._panel.paramEdited.emit("loss.margin", self._margin)
        wait(lambda: self._seq > before, "a frame with the margin that was set")
        return self._came - start

    def _on_event_received(self, event: Event) -> None:
        if isinstance(event, Frame) and event.config_seq > self._seq:
            self._seq, self._came = event.config_seq, time.perf_counter()


class Stalls(QObject):
    """Ticks, and keeps the longest time by which a tick was late."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def _on_timer_timeout(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last - 1e-3 * _TICK_MS)
        self._last = now


def measure() -> Iterator[Measurement]:
    """Yield the figures of latency."""
    place = set_stage()
    with Stage(PROBE | _ARCFACE) as stage:
        stage.train(_WARM_UP_STEP)
        yield from watch(stage, place)
        yield slider(stage, place)


def watch(stage: Stage, place: str) -> Iterator[Measurement]:
    """Yield the longest stall of the event loop, and the time between drawn frames."""
    start = time.perf_counter()
    paints, stalls, moments = Paints(stage.app.window.features.plane.viewport()), Stalls(), list[float]()
    paints.painted.connect(lambda: moments.append(time.perf_counter()))
    pass_time(_WATCH_SECONDS)
    while len(moments) <= _FRAMES and time.perf_counter() - start < _LONGEST_WATCH:
        pass_time(_BETWEEN)
    paints.stop()
    stalls.stop()
    note = f"in {time.perf_counter() - start:.0f} s; {place}"
    yield Measurement(figure="latency.stall", value=1e3 * stalls.longest, note=note)
    gaps = [after - before for before, after in pairwise(moments)]
    if not gaps:
        raise BenchError("the window drew nothing while it trained")
    yield Measurement(
        figure="latency.frames",
        value=1e3 * percentile_95(gaps),
        note=f"median {1e3 * statistics.median(gaps):.0f} ms of {len(gaps)}; {note}",
    )


def slider(stage: Stage, place: str) -> Measurement:
    """Return the time from moving the slider to the start of the step that uses its value.

    The window learns of that step by a frame, so what a frame takes without a step, which is measured with
    training paused, and the step itself are taken off.
    """
    mover = Mover(stage)
    mover.move()
    taken = []
    for _ in range(_MOVES):
        pass_time(_BETWEEN)
        taken.append(mover.move())
    snapshot = stage.app.run.snapshot
    assert snapshot is not None, "a frame came with every move"
    step = snapshot.config.optimizer.batch / snapshot.samples_per_second
    stage.app.run.pause()
    pass_time(_SETTLE)
    resting = statistics.median(mover.move() for _ in range(_RESTING_MOVES))
    value = max(0.0, percentile_95(taken) - resting - step)
    note = (
        f"{len(taken)} moves; a step takes {1e3 * step:.0f} ms; a frame was there after "
        f"{1e3 * percentile_95(taken):.0f} ms, with training paused after {1e3 * resting:.0f}; {place}"
    )
    return Measurement(figure="latency.slider", value=1e3 * value, allowance=1e3 * step, note=note)


if __name__ == "__main__":
    tell(measure)
