"""A made-up run for pages: ten classes that grow over a few frames, a change of settings and an event."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np

from explorer.core.data.dataset import DatasetSpec
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import RunEvent, new_header
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text

CLASSES = 10
EVENT_STEP, CHANGE_STEP = 20, 45


def directions(dim: int) -> np.ndarray:
    """Return a direction for each class, spread over the circle or the sphere; beyond, along the axes."""
    if dim > 3:
        return np.eye(CLASSES, dim)
    height = np.zeros(CLASSES) if dim == 2 else 1 - (2 * np.arange(CLASSES) + 1) / CLASSES
    turn = np.arange(CLASSES) * (2 * np.pi / CLASSES if dim == 2 else np.pi * (3 - np.sqrt(5)))
    circle = np.sqrt(1 - height**2)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return circle if dim == 2 else np.column_stack([circle, height])


def record(
    path: Path,
    *,
    loss: str = "softmax",
    dim: int = 2,
    frames: int = 12,
    images: int = 150,
    name: str = "",
    broken: bool = False,
    class_names: tuple[str, ...] = (),
    settings: Mapping[str, float | str] = MappingProxyType({}),
) -> None:
    """Record a run with a frame every 10 steps; a sixth of the images are training images.

    Where it is ``broken``, the first feature of the second frame is not finite.
    """
    config = RunConfig().replace({"loss.name": loss, "network.dim": dim, "seed": 7, **settings})
    changed = config.replace({"optimizer.rate": 0.05})
    random = np.random.default_rng(1)
    labels = np.arange(images) % CLASSES
    split = (np.arange(images) % 6 == 5).astype(np.uint8)
    started = m.Started(
        run=1,
        config_seq=1,
        labels=Array.of(labels.astype(np.uint8)),
        indices=Array.of(np.arange(images, dtype=np.int32)),
        split=Array.of(split),
        num_classes=CLASSES,
        train_size=60_000,
        test_size=10_000,
        steps_per_epoch=100,
        parameters=99,
        device="cpu",
        threads=1,
        data=DatasetSpec(class_names=class_names),
    )
    towards = directions(dim)
    bias = Array.of(np.linspace(-1, 1, CLASSES, dtype=np.float32)) if loss == "softmax" else None
    with RecordingWriter(path, new_header(config, name=name)) as writer:
        writer.write(started)
        for number in range(frames):
            step, size = 10 * number, 500 ** (number / frames)
            if number == CHANGE_STEP // 10 + 1:
                writer.configured(2, changed)
            points = size * (towards[labels] + random.normal(0, 0.3, (images, dim)))
            if broken and number == 1:
                points[0] = np.nan, np.inf
            writer.write(
                m.Frame(
                    run=1,
                    index=number + 1,
                    config_seq=1 if step <= CHANGE_STEP else 2,
                    config_step=0 if step <= CHANGE_STEP else CHANGE_STEP,
                    step=step,
                    epoch=step / 100,
                    elapsed=step / 50,
                    samples_per_second=1000.0,
                    probe_samples=images,
                    features=Array.of(points.astype(np.float32)),
                    scalars={
                        "loss": 2 / (number + 1),
                        "test_accuracy": 1 - 1 / (number + 2),
                        "train_accuracy": 0.5,
                    },
                    weight=Array.of((towards * (1 + labels[:CLASSES, None] / 9)).astype(np.float32)),
                    bias=bias,
                )
            )
            if step == EVENT_STEP:
                writer.write(RunEvent(step, "learnt", text("Class {label} is learnt.", label=2)))
        writer.close()
