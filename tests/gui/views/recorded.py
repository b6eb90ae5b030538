"""Frames of real runs, recorded once, so that pictures of them do not depend on the arithmetic of a machine.

As a script it trains the six configurations and records them anew: ``python tests/gui/views/recorded.py``.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer.analysis.frames.history import ELAPSED, STEP, History
from explorer.analysis.frames.run_columns import keep_frame
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig, flatten, unflatten

FOLDER = Path(__file__).parent / "reference" / "frames"
_LEARNED = ("weight", "bias", "centers", "log_variance")
_PLAIN = ("step", "epoch", "elapsed", "samples_per_second", "probe_samples", "scalars", "radius")
_SETTINGS = {
    "data.test_probe": 450,
    "data.train_probe": 150,
    "data.probe_every": 25,
    "threads": 1,
    "device": "cpu",
}
CONFIGURATIONS: Mapping[str, Mapping[str, Any]] = {
    "softmax": {"loss.name": "softmax"},
    "centre": {"loss.name": "center"},
    "arcface": {"loss.name": "arcface"},
    "arcface-3d": {"loss.name": "arcface", "network.dim": 3},
    "triplet": {"loss.name": "triplet"},
    "l-gm": {"loss.name": "l-gm"},
}
_EPOCHS = 2.0


@cache
def recorded(name: str) -> tuple[Snapshot, History]:
    """Return the last frame of a configuration, and the history up to it."""
    with np.load(FOLDER / f"{name}.npz") as file:
        arrays = {key: file[key] for key in file.files}
    plain = json.loads(arrays["plain"].tobytes())
    probe = ProbeSet(
        labels=arrays["labels"],
        indices=arrays["indices"].astype(np.int32),
        split=arrays["split"],
        num_classes=plain["num_classes"],
        test_size=plain["test_size"],
        train_size=plain["train_size"],
    )
    snapshot = Snapshot(
        probe=probe,
        config=unflatten(plain["config"]),
        features=arrays["features"].astype(np.float32),
        **{key: plain[key] for key in _PLAIN},
        **{key: arrays[key] for key in _LEARNED if key in arrays},
    )
    history = History()
    for row in arrays["history"].tolist():
        scalars = dict(zip(plain["columns"], row, strict=True))
        history.append(int(scalars.pop(STEP)), scalars.pop(ELAPSED), scalars)
    return snapshot, history


def write(path: Path, config: RunConfig, started: m.Started, frames: list[m.Frame]) -> None:
    """Record a run: the arrays of its last frame, and the history of all."""
    last, history, probe = frames[-1], History(), ProbeSet.of(started)
    before = None
    for frame in frames:
        snapshot = Snapshot.of(frame, probe, config)
        keep_frame(history, before, snapshot, frame.config_step)
        before = snapshot
    plain = {
        "config": flatten(config),
        "columns": history.names,
        "num_classes": started.num_classes,
        "test_size": started.test_size,
        "train_size": started.train_size,
        **{key: getattr(last, key) for key in _PLAIN},
    }
    learned = {key: getattr(last, key) for key in _LEARNED}
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        plain=np.frombuffer(json.dumps(plain).encode(), np.uint8),
        labels=started.labels.numpy(),
        indices=started.indices.numpy().astype(np.uint16),
        split=started.split.numpy(),
        features=last.features.numpy().astype(np.float16),
        history=np.stack([history.column(name) for name in history.names], axis=1).astype(np.float32),
        **{key: array.numpy() for key, array in learned.items() if array is not None},
    )
    path.write_bytes(buffer.getvalue())


def record(name: str) -> Path:
    """Train a configuration with the worker's own code, and write down what it showed."""
    from explorer.worker.headless import train

    config = RunConfig().replace({**_SETTINGS, **CONFIGURATIONS[name]})
    events: list[m.Event] = []
    train(config, m.Until(epoch=_EPOCHS), events.append, lambda: False)
    (started,) = (event for event in events if isinstance(event, m.Started))
    path = FOLDER / f"{name}.npz"
    write(path, config, started, [event for event in events if isinstance(event, m.Frame)])
    return path


if __name__ == "__main__":
    for chosen in sys.argv[1:] or CONFIGURATIONS:
        path = record(chosen)
        print(f"{path.name}: {path.stat().st_size:,} bytes")
