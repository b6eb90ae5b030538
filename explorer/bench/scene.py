"""Synthetic features for measurements: slowly rotating rays of points, and many drifting Gaussian classes."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import LossConfig, NetworkConfig, RunConfig

_CLASSES = 10
_FIRST = 1
"""Step of the first moment: before any, axes are around the origin, and another frame changes them."""
_MOMENTS, _GAUSSIAN_MOMENTS = 4, 8
_FRAMES = 400
_TURN = 0.05


def scene(points: int, dim: int) -> list[Snapshot]:
    """Return four moments of ``points`` test images of ten classes in 2 or 3 dimensions, under ArcFace."""
    random = np.random.default_rng(0)
    probe = _probe(points, _CLASSES, random)
    rays = _rays(dim)
    noise = random.normal(0, 0.09, (points, dim))
    lengths = random.gamma(6, 4, (points, 1))
    config = RunConfig(
        loss=LossConfig("arcface", {"scale": 10.0, "margin": 0.2}), network=NetworkConfig(dim=dim)
    )
    return [
        _snapshot(probe, config, step, lengths * (rays[probe.labels] + noise) @ turn, rays @ turn)
        for step, turn in enumerate(_turns(dim), _FIRST)
    ]


def gaussian_scene(points: int, dim: int, classes: int) -> list[Snapshot]:
    """Return eight moments of ``points`` test images of drifting Gaussian classes, under L-GM."""
    random = np.random.default_rng(0)
    probe = _probe(points, classes, random)
    means = random.normal(0, 10, (classes, dim))
    spreads = random.uniform(-1, 1.5, (classes, dim))
    drift = random.normal(0, 0.3, (classes, dim))
    noise = random.normal(size=(points, dim))
    config = RunConfig(loss=LossConfig("l-gm", {}), network=NetworkConfig(dim=dim))
    moments = []
    for step in range(_GAUSSIAN_MOMENTS):
        centers = means + step * drift
        features = centers[probe.labels] + noise * np.exp(spreads[probe.labels] / 2)
        moments.append(
            replace(
                _snapshot(probe, config, _FIRST + step, features),
                centers=centers.astype(np.float32),
                log_variance=spreads.astype(np.float32),
            )
        )
    return moments


def history() -> History:
    """Return the scalars of 400 frames of a run that learns."""
    result = History()
    for step in range(_FRAMES):
        loss = 2.3 * np.exp(-step / 60) + 0.05
        accuracy = {"train_accuracy": 1 - loss / 3, "test_accuracy": 1 - loss / 2.6}
        result.append(8 * step, 0.1 * step, {"loss": loss, "loss.cross-entropy": loss, **accuracy})
    return result


def _probe(points: int, classes: int, random: np.random.Generator) -> ProbeSet:
    return ProbeSet(
        labels=random.integers(0, classes, points, dtype=np.uint8),
        indices=np.arange(points, dtype=np.int32),
        split=np.full(points, TEST, dtype=np.uint8),
        num_classes=classes,
        test_size=points,
        train_size=0,
    )


def _snapshot(
    probe: ProbeSet,
    config: RunConfig,
    step: int,
    features: NDArray[np.float64],
    weight: NDArray[np.float64] | None = None,
) -> Snapshot:
    return Snapshot(
        probe=probe,
        config=config,
        step=step,
        epoch=0.0,
        elapsed=0.0,
        samples_per_second=0.0,
        probe_samples=len(probe.labels),
        features=features.astype(np.float32),
        scalars={"loss": 1.0, "train_accuracy": 0.9, "test_accuracy": 0.9},
        weight=None if weight is None else weight.astype(np.float32),
    )


def _rays(dim: int) -> NDArray[np.float64]:
    """Return ten directions (10, dim), evenly around the circle or over the sphere."""
    if dim == 2:
        turn = 2 * np.pi * (np.arange(_CLASSES) + 0.25) / _CLASSES
        return np.stack([np.cos(turn), np.sin(turn)], axis=1)
    height = 1 - (2 * np.arange(_CLASSES) + 1) / _CLASSES
    turn = np.pi * (3 - np.sqrt(5)) * np.arange(_CLASSES)
    across = np.sqrt(1 - height**2)
    return np.stack([across * np.cos(turn), across * np.sin(turn), height], axis=1)


def _turns(dim: int) -> list[NDArray[np.float64]]:
    """Return rotations (dim, dim) by a growing angle in the first two coordinates."""
    turns = []
    for angle in _TURN * np.arange(_MOMENTS):
        turn = np.eye(dim)
        turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        turns.append(turn)
    return turns
