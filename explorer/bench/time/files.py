"""The cost of writing, opening and reading a recording, and its size."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, median_ms, seconds_of, times
from explorer.bench.scene import scene
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import RecordingError, new_header
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter, WriterStatus
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text

FRAMES, POINTS = 1000, 10_000
_READS, _OPENS = 200, 5
_SECONDS_OF_FRAME = 0.02


def file_figures(path: Path, frames: int = FRAMES, points: int = POINTS) -> Iterator[Measurement]:
    """Write a recording, and yield the cost of writing, opening and reading its frames; raises BenchError."""
    status = write_run(path, frames, points)
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


def write_run(path: Path, frames: int = FRAMES, points: int = POINTS, dim: int = 2) -> WriterStatus:
    """Record a run in which ten classes of points turn and grow, in 2 or 3 dimensions.

    Raises
    ------
    BenchError
        If the disk is full or too slow.
    """
    with open_writer(path, scene(1, dim)[0].config) as writer:
        for message in _made_up_run(frames, points, dim):
            writer.write(message)
        status = writer.close()
    check(status)
    return status


def open_writer(path: Path, config: RunConfig) -> RecordingWriter:
    """Return what records a run to a file; raises BenchError if that cannot be created."""
    try:
        return RecordingWriter(path, new_header(config))
    except RecordingError as error:
        raise BenchError(error.text) from None


def check(status: WriterStatus) -> None:
    """Raise BenchError for a recording that is not complete."""
    if status.error is not None:
        raise BenchError(status.error.text)
    if status.left_out:
        raise BenchError("The disk is too slow for a recording.")


def _made_up_run(frames: int, points: int, dim: int) -> Iterator[m.Event]:
    moments = scene(points, dim)
    probe = moments[0].probe
    yield m.Started(
        run=1,
        config_seq=1,
        labels=Array.of(probe.labels),
        indices=Array.of(probe.indices),
        split=Array.of(probe.split),
        num_classes=probe.num_classes,
        train_size=points,
        test_size=points,
        steps_per_epoch=1,
        parameters=1,
        device="cpu",
        threads=1,
    )
    random_numbers = np.random.default_rng(0)
    for number in range(frames):
        moment, learned = moments[number % len(moments)], number / frames
        noise = random_numbers.normal(scale=0.3, size=moment.features.shape)
        assert moment.weight is not None, "the scene has class weights"
        yield m.Frame(
            run=1,
            index=number + 1,
            config_seq=1,
            config_step=0,
            step=number,
            epoch=0.0,
            elapsed=_SECONDS_OF_FRAME * number,
            samples_per_second=0.0,
            probe_samples=points,
            features=Array.of(((0.2 + learned) * moment.features + noise).astype(np.float32)),
            scalars={
                "loss": 2.3 - 2.2 * learned,
                "train_accuracy": learned,
                "test_accuracy": learned,
                "rate": 0.1,
            },
            weight=Array.of(moment.weight),
        )
