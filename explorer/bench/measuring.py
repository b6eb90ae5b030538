"""Tools shared by the benchmark processes: timing, and measurements as lines of JSON on standard output."""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from explorer.bench.figures import Measurement
from explorer.core.texts import Text, TextError, text


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
    """Return the seconds (count,) of ``act(0)``, ``act(1)``, …, without the first ``warm_up`` calls."""
    taken = [seconds_of(partial(act, i)) for i in range(warm_up + count)]
    return taken[warm_up:]


def percentile_95(values: Sequence[float]) -> float:
    """Return the smallest of the values that 95% of them do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def median_ms(figure: str, seconds: Sequence[float], note: Text) -> Measurement:
    """Return the median in milliseconds, with the 95th percentile in its note."""
    words = text("95% within {limit:.1f} ms; {note}", limit=1e3 * percentile_95(seconds), note=note)
    return Measurement(figure=figure, value=1e3 * statistics.median(seconds), note=words)


def core_count() -> int:
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def print_measurements(measure: Callable[[], Iterable[Measurement]]) -> None:
    """Print each measurement as a line of JSON when it is known; exit with a message if one fails."""
    try:
        for measurement in measure():
            print(msgspec.json.encode(measurement).decode(), flush=True)
    except BenchError as error:
        sys.exit(str(error))


def parse_measurements(lines: Iterable[str]) -> Iterator[Measurement]:
    """Yield the measurements that `print_measurements` printed.

    Raises
    ------
    msgspec.DecodeError
        For a line that is not a measurement.
    """
    for line in lines:
        yield msgspec.json.decode(line, type=Measurement)
