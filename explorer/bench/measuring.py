"""What the processes of a benchmark share: taking times, and telling measurements on standard output."""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec

from explorer.bench.figures import Measurement
from explorer.core.texts import TextError


class BenchError(TextError):
    """A measurement failed; the message says why."""


FRAMES = 40
WARM_UP = 5


def seconds_of(act: Callable[[], object]) -> float:
    """Return how long ``act`` takes, in seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def times(act: Callable[[int], object], count: int = FRAMES, warm_up: int = WARM_UP) -> list[float]:
    """Return the seconds (count,) of ``act(0)``, ``act(1)``, …, those of the first ``warm_up`` left out."""
    taken = [seconds_of(partial(act, i)) for i in range(warm_up + count)]
    return taken[warm_up:]


def percentile_95(values: Sequence[float]) -> float:
    """Return the smallest value that 95% of them do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def median_ms(figure: str, seconds: Sequence[float], note: str) -> Measurement:
    """Return the median in milliseconds, the 95th percentile in its note."""
    words = f"95% within {1e3 * percentile_95(seconds):.1f} ms; {note}"
    return Measurement(figure=figure, value=1e3 * statistics.median(seconds), note=words)


def core_count() -> int:
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def tell(measure: Callable[[], Iterable[Measurement]]) -> None:
    """Print measurements as they come, each as a line of JSON; end with a sentence where one fails."""
    try:
        for measurement in measure():
            print(msgspec.json.encode(measurement).decode(), flush=True)
    except BenchError as error:
        sys.exit(str(error))


def heard(line: str) -> Measurement:
    """Return what a line of `tell` says; raises msgspec.DecodeError where it is none."""
    return msgspec.json.decode(line, type=Measurement)
