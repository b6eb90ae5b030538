"""Measures the time from the start of the process to the window, and to its first drawn frame."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, print_measurements
from explorer.core.texts import text

_STARTS = 5
_SHOWN, _DRAWN = "shown", "drawn"
_PROGRAM = "from explorer.bench.startup import open_and_report; open_and_report()"  # not shown


def measure() -> Iterator[Measurement]:
    """Yield the start-up times; the first start, which fills the file cache of the system, is discarded."""
    from explorer.bench.stage import set_stage

    place = set_stage()
    times = [start_once() for _ in range(_STARTS + 1)][1:]
    for name in (_SHOWN, _DRAWN):
        values = [each[name] for each in times]
        listed = ", ".join(f"{value:.2f}" for value in values)
        note = text("median of {values} s; {place}", values=listed, place=place)
        yield Measurement(figure=f"startup.{name}", value=statistics.median(values), note=note)


def start_once() -> dict[str, float]:
    """Start the program in a new process, and return the seconds until the window and the first frame."""
    start = time.perf_counter()
    moments: dict[str, float] = {}
    command = [sys.executable, "-c", _PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None, "a pipe was asked for"
        for line in process.stdout:
            moments[line.strip()] = time.perf_counter() - start
    if set(moments) != {_SHOWN, _DRAWN}:
        raise BenchError("The window did not open, or drew no frame.")
    return moments


def open_and_report() -> None:
    """Open the window as the program does, start training, and print a word at each first paint."""
    from explorer.gui.starting.start import check_machine

    check_machine()
    from explorer.bench.stage import Paints, Stage, wait
    from explorer.gui.views.features.view import FeaturesView

    stage = Stage({})
    window, reported = Paints(stage.app.window), set[str]()
    plot = Paints(stage.app.pane.view(FeaturesView).plane.viewport())

    def say(word: str) -> None:
        if word not in reported:
            reported.add(word)
            print(word, flush=True)

    window.painted.connect(lambda: say(_SHOWN))
    plot.painted.connect(lambda: say(_DRAWN) if stage.step else None)
    with stage:
        stage.train(step=1)
        wait(lambda: _DRAWN in reported, text("the first frame"))


if __name__ == "__main__":
    print_measurements(measure)
