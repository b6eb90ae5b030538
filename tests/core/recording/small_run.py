"""A small run of every kind of message, and what a reader must find of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import Parent, RunEvent, RunHeader, new_header
from explorer.core.recording.writer import RecordingWriter, WriterStatus
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text

SAMPLES = 6
FIRST = RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.2, "seed": 5})
SECOND = FIRST.replace({"loss.margin": 0.4})
STARTED = m.Started(
    run=3,
    config_seq=1,
    labels=Array.of(np.arange(SAMPLES, dtype=np.uint8) % 3),
    indices=Array.of(np.arange(SAMPLES)),
    split=Array.of(np.zeros(SAMPLES, np.uint8)),
    num_classes=3,
    train_size=100,
    test_size=20,
    steps_per_epoch=10,
    parameters=99,
    device="cpu",
    threads=1,
)
NOTICE = m.Notice(
    run=3,
    kind="slow",
    text=text("Training is slow: {reason}.", reason=text("{count:,} parts", count=3000)),
    step=20,
)
FINISHED = m.Finished(
    run=3,
    step=30,
    epoch=3.0,
    elapsed=0.5,
    samples_per_second=10.0,
    train_accuracy=0.5,
    test_accuracy=0.75,
    test_samples=20,
    loss=1.25,
)
EVENT = RunEvent(step=10, kind="learnt", text=text("Class {label} is learnt.", label=2))
CHECKPOINTS = [m.Checkpoint(3, 0, b"first state"), m.Checkpoint(3, 20, b"second state")]


def frame(number: int, *, scale: float = 1.0, rows: int = SAMPLES, **changes: object) -> m.Frame:
    """Return frame 1, 2, …, at steps 0, 10, …; its features are exact in float16 while ``scale`` is 1."""
    features = np.arange(2 * rows, dtype=np.float32).reshape(rows, 2) / 4 + number
    values = {
        "run": 3,
        "index": number,
        "config_seq": 1 if number < 3 else 2,
        "config_step": 0 if number < 3 else 15,
        "step": 10 * (number - 1),
        "epoch": number / 10,
        "elapsed": number / 4,
        "samples_per_second": 500.0,
        "probe_samples": rows,
        "features": Array.of(features * scale),
        "scalars": {"loss": 1 / number, "test_accuracy": 0.5},
        "weight": Array.of(np.ones((3, 2), np.float32) / 3),
    }
    return m.Frame(**(values | changes))


FRAMES = [frame(number) for number in (1, 2, 3, 4)]


def header() -> RunHeader:
    return new_header(FIRST, name="A run", notes="two\nlines", parent=Parent("f00d", 7))


def record(path: Path, *items: object, **options: object) -> WriterStatus:
    """Record a run: the small one, or these items after its start."""
    with RecordingWriter(path, header(), **options) as writer:
        writer.write(STARTED)
        for item in items or (CHECKPOINTS[0], *FRAMES[:2], EVENT, NOTICE, CHECKPOINTS[1]):
            writer.write(item)
        if not items:
            writer.configured(2, SECOND)
            for item in (*FRAMES[2:], FINISHED):
                writer.write(item)
        return writer.close()
