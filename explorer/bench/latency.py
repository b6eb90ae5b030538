"""Measures what drawing costs training, and how soon window and worker respond while training."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from itertools import cycle, pairwise

from PySide6.QtCore import QTimer

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, core_count, percentile_95, print_measurements
from explorer.bench.scene import gaussian_scene, history
from explorer.bench.stage import (
    POINTS,
    PROBE,
    WORKER,
    Heartbeat,
    Paints,
    Stage,
    pass_time,
    set_stage,
    show,
)
from explorer.bench.watching_cost import WatchingCost
from explorer.bench.watching_cost import measure as measure_watching
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text
from explorer.gui.main_window import MainWindow
from explorer.gui.run_pane import RunPane
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.two_classes.view import TwoClassesView

_SECONDS, _ROUNDS = 4.0, 3
_WARM_UP_STEP = 20
_SIZE = (1366, 768)
_WATCH, _LONGEST_WATCH, _GLANCE = 8.0, 20.0, 0.1
_FRAMES = 30
"""Number of drawn frames to wait for, within the time limit."""
_MANY_CORES = 8
_CLASSES, _FRAME_MS, _FIRST = 100, 100, 1.5
_DIMS = {"plane": 2, "space": 3}


def measure() -> Iterator[Measurement]:
    """Yield the figures of this section."""
    place = set_stage()
    with Stage(PROBE) as stage:
        stage.app.window.resize(*_SIZE)
        stage.bring_forward(TwoClassesView.title)
        stage.train(_WARM_UP_STEP)
        started = stage.app.run.started
        device = started.device if started is not None else ""
        yield frames(stage, place)
    cost = measure_watching(_SECONDS, _ROUNDS)
    yield from watching(cost, device, core_count(), place)
    for case, dim in _DIMS.items():
        yield from many_classes(case, dim, place)


def frames(stage: Stage, place: Text) -> Measurement:
    """Return the time between frames that the window draws."""
    paints, moments = Paints(stage.app.pane.view(FeaturesView).plane.viewport()), list[float]()
    paints.painted.connect(lambda: moments.append(time.perf_counter()))
    start = time.perf_counter()
    pass_time(_WATCH)
    while len(moments) <= _FRAMES and time.perf_counter() - start < _LONGEST_WATCH:
        pass_time(_GLANCE)
    paints.stop()
    gaps = [after - before for before, after in pairwise(moments)]
    if not gaps:
        raise BenchError("The window drew nothing while training.")
    note = text(
        "visible views: {views}, frames: {frames}, median {median:.0f} ms; {place}",
        views=stage.views_in_sight,
        frames=len(gaps),
        median=1e3 * statistics.median(gaps),
        place=place,
    )
    return Measurement(figure="latency.frames", value=1e3 * percentile_95(gaps), note=note)


def watching(cost: WatchingCost, device: str, cores: int, place: Text) -> Iterator[Measurement]:
    """Yield the figures that compare training with and without drawing.

    Budgets are stricter with a GPU, or with cores to spare.
    """
    room = "_with_room" if device != "cpu" or cores >= _MANY_CORES else ""
    turns = text(
        "{rounds} rounds of {seconds:.0f} s each; {device}, threads: {threads}; {place}",
        rounds=_ROUNDS,
        seconds=_SECONDS,
        device=device,
        threads=cost.threads,
        place=place,
    )
    speeds = text(
        "{watched:,.0f} images/s with drawing, {unwatched:,.0f} without; {turns}",
        watched=cost.watched,
        unwatched=cost.unwatched,
        turns=turns,
    )
    yield Measurement(figure=f"latency.watched_share{room}", value=100 * cost.ratio, note=speeds)
    yield Measurement(figure=f"latency.drawn{room}", value=cost.drawn_fps, note=turns)
    yield Measurement(figure="latency.stall", value=cost.stall_ms, note=turns)
    yield Measurement(
        figure="latency.slider",
        value=cost.latency_p95_ms,
        allowance=cost.steps_ms,
        note=text("a step takes {step:.0f} ms; {place}", step=cost.steps_ms, place=place),
    )


def many_classes(case: str, dim: int, place: Text) -> Iterator[Measurement]:
    """Yield the stalls of a window that draws synthetic frames of many classes; nothing trains."""
    pane = RunPane(Run(WorkerClient(WORKER), RunConfig()), LIGHT)
    window = MainWindow(pane)
    window.resize(*_SIZE)
    show(window)
    moments, past = cycle(gaussian_scene(POINTS, dim, _CLASSES)), history()

    def show_next() -> None:
        moment = next(moments)
        pane.state.set_probe(moment.probe)
        pane.clock.show(moment, past)

    heartbeat = Heartbeat()

    def stall(figure: str) -> Measurement:
        note = text("CPU time at most {busy:.0f} ms; {place}", busy=1e3 * heartbeat.busy, place=place)
        return Measurement(figure=figure, case=case, value=1e3 * heartbeat.stall, note=note)

    show_next()
    pass_time(_FIRST)
    yield stall("latency.stall_first")
    heartbeat.restart()
    frames = QTimer(interval=_FRAME_MS)
    frames.timeout.connect(show_next)
    frames.start()
    pass_time(_SECONDS)
    frames.stop()
    heartbeat.stop()
    yield stall("latency.stall_classes")
    pane.close()
    pane.primary.finish_content()  # so that no thread computes during what is measured next
    window.close()
    window.deleteLater()


if __name__ == "__main__":
    print_measurements(measure)
