"""Measures the resident memory of window and worker."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

from explorer.bench.figures import Measurement
from explorer.bench.measuring import print_measurements
from explorer.bench.stage import PROBE, Stage, pass_time, set_stage
from explorer.core.texts import text

_SECONDS = 20.0
_MEGABYTE = 1e6


def measure(seconds: float = _SECONDS) -> Iterator[Measurement]:
    """Yield the resident memory of both processes after this time of training."""
    place = set_stage()
    with Stage(PROBE) as stage:
        stage.train(step=1)
        pass_time(seconds)
        started = stage.app.run.started
        device = started.device if started is not None else ""
        note = text("resident memory at step {step:,}; {place}", step=stage.step, place=place)
        for figure, process in (
            ("memory.window", psutil.Process()),
            ("memory.worker", psutil.Process(stage.app.client.process_id)),
        ):
            size = process.memory_info().rss / _MEGABYTE
            yield Measurement(figure=figure, value=size, device=device, note=note)


if __name__ == "__main__":
    print_measurements(measure)
