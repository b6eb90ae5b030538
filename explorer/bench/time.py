"""Measures recording: the cost of writing and reading a frame, and the training speed while recording."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QTimer

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, median_ms, print_measurements, seconds_of, times
from explorer.bench.stage import Stage, pass_time, set_stage, wait
from explorer.bench.training import Driver, compare
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import RecordingError, new_header
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter, WriterStatus
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.library.files import LibraryOptions
from explorer.worker.device.devices import find_device

_FRAMES, _POINTS = 1000, 10_000
_READS, _OPENS = 200, 5
_ROUNDS = 5
_CLASSES = 10
_DRAG_MS = 8
"""Between two frames that are asked for: as often as a mouse moves."""
_WARM_UP = 1.0
_WARM_UP_STEPS = 50


def measure() -> Iterator[Measurement]:
    """Yield the figures of this section."""
    with TemporaryDirectory() as folder:
        yield from file_figures(Path(folder) / "made.lossrun")
        yield recorded_share(Path(folder) / "run.lossrun", {}, _ROUNDS)
        yield window_share()
        yield scrub_rate(Path(folder) / "made.lossrun")


def file_figures(path: Path, frames: int = _FRAMES, points: int = _POINTS) -> Iterator[Measurement]:
    """Record frames of random points to a file, and yield the cost of writing, opening and reading them.

    Raises
    ------
    BenchError
        If the disk is full or too slow.
    """
    with _writer(path, RunConfig()) as writer:
        for message in _made_up_run(frames, points):
            writer.write(message)
        status = writer.close()
    _check(status)
    what = text("{frames:,} frames of {points:,} points", frames=frames, points=points)
    yield Measurement(
        figure="time.write", value=1e3 * status.seconds / frames, note=text("mean of {what}", what=what)
    )
    yield Measurement(figure="time.frame_size", value=status.bytes / frames / 1e3, note=what)
    opening = statistics.median(seconds_of(lambda: Recording(path).close()) for _ in range(_OPENS))
    yield Measurement(figure="time.open", value=opening, note=what)
    chance = random.Random(0)
    with Recording(path) as run:
        order = [chance.randrange(frames) for _ in range(2 * _READS)]
        yield median_ms("time.read", times(lambda i: run.frame(order[i]), _READS), text("in random order"))


def recorded_share(path: Path, changes: dict[str, object], rounds: int, seconds: float = 2.0) -> Measurement:
    """Train two equal runs in turn, one of them recorded; return its speed relative to the other.

    Raises
    ------
    BenchError
        If a run or the recording fails.
    """
    config = RunConfig().replace(changes)
    with _writer(path, config) as writer:
        bare, recorded = Driver(changes, framed=True), Driver(changes, framed=True, record=writer)
        speed, share = compare(bare, recorded, rounds, seconds)
        status = writer.close()
    _check(status)
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
    run = stage.app.run
    stage.app.recorder.set_options(LibraryOptions(recording, limit=0.0))
    run.restart()
    stage.train(_WARM_UP_STEPS)
    first = run.snapshot
    pass_time(seconds)
    last = run.snapshot
    assert first is not None, "the run has been trained"
    assert last is not None, "a run keeps its newest frame"
    if last.step == first.step or run.started is None:
        raise BenchError("The run failed.")
    batch = min(run.config.optimizer.batch, run.started.train_size)
    return (last.step - first.step) * batch / (last.elapsed - first.elapsed)


def scrub_rate(path: Path, seconds: float = 5.0) -> Measurement:
    """Return how many frames a second the features are drawn while every frame of a recording is asked for.

    Raises
    ------
    BenchError
        Where no window can open, or the recording cannot be read.
    """
    place = set_stage()
    with Stage({}) as stage:
        app = stage.app
        app.open_recording(path)
        recording, cursor = app.viewer.recording, app.viewer.cursor
        if recording is None:
            raise BenchError(app.window.banner.message)
        wait(lambda: recording.complete, text("the history of a recording"))
        frames = len(cursor.frames)
        asked = 0

        def ask() -> None:
            nonlocal asked
            cursor.go_to(asked % (frames - 1))
            asked += 1

        timer = QTimer(interval=_DRAG_MS)
        timer.timeout.connect(ask)
        timer.start()
        pass_time(_WARM_UP)
        before, began = app.pane.clock.drawings, time.perf_counter()
        pass_time(seconds)
        rate = (app.pane.clock.drawings - before) / (time.perf_counter() - began)
        timer.stop()
        note = text(
            "{frames:,} frames of {points:,} points, views: {count}; {place}",
            frames=frames,
            points=len(cursor.frame(0).features),
            count=stage.views_in_sight,
            place=place,
        )
    return Measurement(figure="time.scrub_rate", value=rate, note=note)


def _writer(path: Path, config: RunConfig) -> RecordingWriter:
    try:
        return RecordingWriter(path, new_header(config))
    except RecordingError as error:
        raise BenchError(error.text) from None


def _check(status: WriterStatus) -> None:
    if status.error is not None:
        raise BenchError(status.error.text)
    if status.left_out:
        raise BenchError("The disk is too slow for a recording.")


def _made_up_run(frames: int, points: int) -> Iterator[m.Event]:
    random_numbers = np.random.default_rng(0)
    labels = (np.arange(points) % _CLASSES).astype(np.uint8)
    yield m.Started(
        run=1,
        config_seq=1,
        labels=Array.of(labels),
        indices=Array.of(np.arange(points)),
        split=Array.of(np.zeros(points, np.uint8)),
        num_classes=_CLASSES,
        train_size=points,
        test_size=points,
        steps_per_epoch=1,
        parameters=1,
        device="cpu",
        threads=1,
    )
    for number in range(frames):
        features = random_numbers.normal(scale=10.0, size=(points, 2)).astype(np.float32)
        yield m.Frame(
            run=1,
            index=number + 1,
            config_seq=1,
            config_step=0,
            step=number,
            epoch=0.0,
            elapsed=float(number),
            samples_per_second=0.0,
            probe_samples=points,
            features=Array.of(features),
            scalars={"loss": 1.0, "train_accuracy": 0.5, "test_accuracy": 0.5, "rate": 0.1},
            weight=Array.of(features[:_CLASSES]),
        )


if __name__ == "__main__":
    print_measurements(measure)
