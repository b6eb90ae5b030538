"""The training speed while recording, in a worker alone and in a window."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from pathlib import Path

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError
from explorer.bench.stage import Stage, pass_time, set_stage, wait
from explorer.bench.time.files import check, open_writer
from explorer.bench.training import Driver, compare
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.library.files import LibraryOptions
from explorer.worker.device.devices import find_device

_WARM_UP_STEPS = 50


def recorded_share(
    path: Path, changes: dict[str, object], rounds: int = 5, seconds: float = 2.0
) -> Measurement:
    """Train two equal runs in turn, one of them recorded; return its speed relative to the other.

    Raises
    ------
    BenchError
        If a run or the recording fails.
    """
    config = RunConfig().replace(changes)
    with open_writer(path, config) as writer:
        bare, recorded = Driver(changes, framed=True), Driver(changes, framed=True, record=writer)
        speed, share = compare(bare, recorded, rounds, seconds)
        status = writer.close()
    check(status)
    note = text(
        "{speed:,.0f} images/s without recording, frames: {frames}; {device}",
        speed=speed,
        frames=status.frames,
        device=find_device(config.device).type,
    )
    return Measurement(figure="time.recorded_share", value=100 * share, note=note)


def window_share(
    changes: Mapping[str, object] | None = None, rounds: int = 5, seconds: float = 4.0
) -> Measurement:
    """Train in a window in turns, unrecorded and recorded; return the recorded share of the speed.

    Parameters
    ----------
    changes : mapping, optional
        Settings by their dotted names, where they differ from the defaults.
    rounds : int
        Number of pairs of turns. Which one comes first alternates, because a machine slows down as it warms.
    seconds : float
        Duration of a turn, after a warm-up: a run is recorded from its first step, so each turn is a new run.

    Raises
    ------
    BenchError
        If the run fails or the recording stops.
    """
    place = set_stage()
    complaints: list[str] = []
    pairs: list[dict[bool, float]] = []
    with Stage(changes or {}) as stage:
        stage.app.recorder.failed.connect(complaints.append)
        wait(lambda: stage.app.run.started is not None, text("the first run"))
        for number in range(rounds):
            order = (False, True) if number % 2 else (True, False)
            pairs.append({recording: _speed(stage, recording, seconds) for recording in order})
    if complaints:
        raise BenchError(complaints[0].rstrip("."))
    unrecorded = statistics.median(pair[False] for pair in pairs)
    return Measurement(
        figure="time.window_share",
        value=100 * statistics.median(pair[True] / pair[False] for pair in pairs),
        note=text("{speed:,.0f} images/s unrecorded; {place}", speed=unrecorded, place=place),
    )


def _speed(stage: Stage, recording: bool, seconds: float) -> float:
    """Return the images per second of a new run while its frames are drawn."""
    stage.app.recorder.set_options(LibraryOptions(recording, limit=0.0))
    stage.app.run.restart()
    stage.train(_WARM_UP_STEPS)
    return stage.speed(lambda: pass_time(seconds))
