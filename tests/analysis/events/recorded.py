"""Real runs on MNIST, recorded once, so that what is found in them does not depend on a machine's arithmetic.

As a script it trains and records them anew: ``python tests/analysis/events/recorded.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from explorer.analysis.events.event_log import EventLog
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.protocol import messages as m
from explorer.core.recording.header import new_header
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig

FOLDER = Path(__file__).parent / "runs"
_SETTINGS = {
    "data.test_probe": 200,
    "data.train_probe": 10,
    "data.probe_every": 10,
    "threads": 1,
    "device": "cpu",
}
_UNMEETABLE = {"loss.name": "arcface", "loss.scale": 64.0, "loss.margin": 0.5}
RUNS: Mapping[str, Sequence[tuple[int, Mapping[str, Any]]]] = {
    "healthy": ((250, {"network.dim": 3}),),
    "slow": ((220, {"optimizer.rate": 0.001}),),
    "troubled": (
        (400, {}),
        (800, _UNMEETABLE),
        (1000, {"loss.margin": 0.0}),
        (1100, {"optimizer.rate": 8.0}),
    ),
}
"""For each run, its stages: the step up to which it trains, and the settings that change before."""


def path_of(name: str) -> Path:
    """Return the recording of a run."""
    return FOLDER / f"{name}.lossrun"


def frames(name: str, every: int = 1) -> Iterator[tuple[Snapshot, int]]:
    """Yield every so many frames of a run, and the step at which its settings took effect."""
    with Recording(path_of(name)) as recording:
        probe = ProbeSet.of(recording.started)
        for index in range(0, recording.frames, every):
            frame = recording.frame(index)
            yield Snapshot.of(frame, probe, recording.config(index)), frame.config_step


def events(name: str, every: int = 1) -> EventLog:
    """Return what is found in a run, of which every so many frames are seen."""
    log = EventLog()
    for snapshot, config_step in frames(name, every):
        log.take(snapshot, config_step)
    with Recording(path_of(name)) as recording:
        for notice in recording.notices:
            if isinstance(notice, m.Notice) and notice.kind == "diverged":
                log.take_divergence(notice.step)
    return log


def record(name: str) -> Path:
    """Train a run with the worker's own code, and record it."""
    from explorer.worker.session import Session

    def emit(event: m.Event) -> None:
        if not isinstance(event, m.Checkpoint):
            writer.write(event)
        if isinstance(event, m.Frame):
            session.handle(m.Ack(event.index))

    config = RunConfig().replace({**_SETTINGS, **RUNS[name][0][1]})
    path = path_of(name)
    with RecordingWriter(path, new_header(config), overwrite=True) as writer:
        session = Session(emit)
        for seq, (until, changes) in enumerate(RUNS[name], 1):
            config = config.replace(changes)
            writer.configured(seq, config)
            session.handle(m.Configure(seq, config))
            session.handle(m.Run(m.Until(step=until)))
            while session.busy:
                session.tick()
    return path


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for chosen in sys.argv[1:] or RUNS:
        written = record(chosen)
        print(f"{written.name}: {written.stat().st_size:,} bytes")
        for event in events(chosen).events:
            print(f"  {event.step:,} {event.kind}: {event.text} [{event.cause}]")
