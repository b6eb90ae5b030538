"""Measures what watching costs, and how soon the window and its worker answer while training."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from itertools import pairwise

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, core_count, percentile_95, tell
from explorer.bench.stage import PROBE, Paints, Stage, pass_time, set_stage
from explorer.bench.watching_cost import WatchingCost
from explorer.bench.watching_cost import measure as measure_watching
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.two_classes.view import TwoClassesView

_SECONDS, _ROUNDS = 4.0, 3
_WARM_UP_STEP = 20
_SIZE = (1366, 768)
_WATCH, _LONGEST_WATCH, _GLANCE = 8.0, 20.0, 0.1
_FRAMES = 30
"""Drawn frames wanted; fewer where they do not come in the longest time."""
_MANY_CORES = 8


def measure() -> Iterator[Measurement]:
    """Yield the figures of watching."""
    place = set_stage()
    with Stage(PROBE) as stage:
        stage.app.window.resize(*_SIZE)
        stage.bring_forward(TwoClassesView.title)
        stage.train(_WARM_UP_STEP)
        started = stage.app.run.started
        device = started.device if started is not None else ""
        yield frames(stage, place)
    try:
        cost = measure_watching(_SECONDS, _ROUNDS)
    except RuntimeError as error:
        raise BenchError(str(error)) from None
    yield from watching(cost, device, core_count(), place)


def frames(stage: Stage, place: str) -> Measurement:
    """Return the time between the frames that the window draws."""
    paints, moments = Paints(stage.app.pane.view(FeaturesView).plane.viewport()), list[float]()
    paints.painted.connect(lambda: moments.append(time.perf_counter()))
    start = time.perf_counter()
    pass_time(_WATCH)
    while len(moments) <= _FRAMES and time.perf_counter() - start < _LONGEST_WATCH:
        pass_time(_GLANCE)
    paints.stop()
    gaps = [after - before for before, after in pairwise(moments)]
    if not gaps:
        raise BenchError("the window drew nothing while it trained")
    median = 1e3 * statistics.median(gaps)
    note = f"{stage.views_in_sight} views in sight, {len(gaps)} frames, median {median:.0f} ms; {place}"
    return Measurement(figure="latency.frames", value=1e3 * percentile_95(gaps), note=note)


def watching(cost: WatchingCost, device: str, cores: int, place: str) -> Iterator[Measurement]:
    """Yield what the turns without and with drawing have shown.

    More is asked where there is a GPU, or a core for everything.
    """
    room = "_with_room" if device != "cpu" or cores >= _MANY_CORES else ""
    turns = f"{_ROUNDS} turns of {_SECONDS:.0f} s each; {device}, threads: {cost.threads}; {place}"
    speeds = f"{cost.watched:,.0f} images/s watched, {cost.unwatched:,.0f} unwatched"
    yield Measurement(
        figure=f"latency.watched_share{room}", value=100 * cost.ratio, note=f"{speeds}; {turns}"
    )
    yield Measurement(figure=f"latency.drawn{room}", value=cost.drawn_fps, note=turns)
    yield Measurement(figure="latency.stall", value=cost.stall_ms, note=turns)
    yield Measurement(
        figure="latency.slider",
        value=cost.latency_p95_ms,
        allowance=cost.steps_ms,
        note=f"a step takes {cost.steps_ms:.0f} ms; {place}",
    )


if __name__ == "__main__":
    tell(measure)
