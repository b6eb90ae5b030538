"""Snapshots made up for the tests: ten rays of points, as softmax loss leaves them."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.data.datasets import load_dataset
from explorer.core.settings.config import LossConfig, NetworkConfig, RunConfig


def probe_set(count: int, classes: int = 10, train: int = 0, present: int | None = None) -> ProbeSet:
    total = count + train
    labels = np.arange(total) % (present or classes)
    return ProbeSet(
        labels=labels.astype(np.uint8),
        indices=np.arange(total, dtype=np.int32),
        split=(np.arange(total) >= count).astype(np.uint8),
        num_classes=classes,
        test_size=max(10_000, count),
        train_size=max(60_000, train),
    )


def mnist_probe(count: int, train: int = 0) -> ProbeSet:
    """Return a probe set of the first images of MNIST, whose pixels can be shown."""
    data, probe = load_dataset("mnist"), probe_set(count, train=train)
    return replace(
        probe, labels=np.append(data.test.labels[:count], data.train.labels[count : count + train])
    )


def class_directions(classes: int, dim: int) -> np.ndarray:
    if dim == 2:
        turn = 2 * np.pi * (np.arange(classes) + 0.25) / classes
        return np.stack([np.cos(turn), np.sin(turn)], axis=1)
    if dim > 3:
        directions = np.random.default_rng(9).normal(size=(classes, dim))
        return directions / np.linalg.norm(directions, axis=1, keepdims=True)
    height = 1 - (2 * np.arange(classes) + 1) / classes
    turn = np.pi * (3 - np.sqrt(5)) * np.arange(classes)
    radius = np.sqrt(1 - height**2)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), height], axis=1)


def make_snapshot(
    count: int = 2_000,
    dim: int = 2,
    loss: str = "softmax",
    params: dict[str, Any] | None = None,
    classes: int = 10,
    present: int | None = None,
    train: int = 0,
    size: float = 1.0,
    seed: int = 0,
    step: int = 1_200,
    probe: ProbeSet | None = None,
    **arrays: Any,
) -> Snapshot:
    rng = np.random.default_rng(seed)
    probe = probe or probe_set(count, classes, train, present)
    directions = class_directions(classes, dim)
    along = directions[probe.labels] + rng.normal(
        0, 0.09 * min(1, (3 / dim) ** 0.5), (len(probe.labels), dim)
    )
    features = size * rng.gamma(6, 4, (len(probe.labels), 1)) * along
    config = RunConfig(loss=LossConfig(loss, params or {}), network=NetworkConfig(dim=dim))
    spec = config.loss.spec
    if spec.head != "nearest-mean" and "weight" not in arrays:
        lengths = rng.uniform(0.7, 1.2, (classes, 1)) if spec.head == "linear" else 1.0
        arrays["weight"] = (directions * lengths).astype(np.float32)
    if loss == "center" and "centers" not in arrays:
        arrays["centers"] = (24 * size * directions).astype(np.float32)
    return Snapshot(
        probe=probe,
        config=config,
        step=step,
        epoch=step / 234,
        elapsed=step / 50,
        samples_per_second=9_600.0,
        probe_samples=count,
        features=features.astype(np.float32),
        scalars={"loss": 0.3},
        **arrays,
    )


def make_history(rows: int = 400) -> History:
    history, rng = History(), np.random.default_rng(1)
    for i in range(rows):
        fall = np.exp(-i / 60)
        terms = {"loss.cross-entropy": 2.2 * fall + 0.05, "loss.centre": 0.4 * fall + 0.02}
        noisy = {name: value * rng.uniform(0.9, 1.1) for name, value in terms.items()}
        accuracy = {"train_accuracy": 1 - 0.9 * fall, "test_accuracy": 0.98 - 0.88 * fall}
        history.append(i * 8, i * 0.1, {"loss": sum(noisy.values()), **noisy, **accuracy, "rate": 0.1})
    return history
