"""Training without a window: runs a worker session to its end in this process."""

from __future__ import annotations

from collections.abc import Callable

import torch
from msgspec.structs import replace

from explorer.core.protocol import messages as m
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.worker.session import Session

_SEQ = 1
_FRAME_STEPS = 25
_TEST_POINTS, _TRAIN_POINTS = 1000, 500


def train(
    config: RunConfig,
    until: m.Until,
    on_event: Callable[[m.Event], None],
    stop: Callable[[], bool],
    record: RecordingWriter | None = None,
) -> None:
    """Train until a bound is reached or ``stop`` returns True.

    Every event goes to ``record``, with the configuration before them, and then to ``on_event``. Where the
    configuration lets the worker choose the frame interval or the number of probe images, fixed values are
    used, so that the same seed gives the same frames.
    """
    torch.set_flush_denormal(True)

    def emit(event: m.Event) -> None:
        if record is not None:
            record.write(event)
        on_event(event)
        if isinstance(event, m.Frame):
            session.handle(m.Ack(event.index))

    fixed = _fixed_frames(config)
    if record is not None:
        record.configured(_SEQ, fixed)
    session = Session(emit)
    if record is not None:
        session.handle(m.SendCheckpoints(m.CHECKPOINT_SECONDS))
    session.handle(m.Run(until))
    session.handle(m.Configure(_SEQ, fixed))
    while session.busy:
        session.tick()
        if stop():
            session.finish()


def _fixed_frames(config: RunConfig) -> RunConfig:
    data = config.data
    return replace(
        config,
        data=replace(
            data,
            probe_every=data.probe_every or _FRAME_STEPS,
            test_probe=data.test_probe or _TEST_POINTS,
            train_probe=data.train_probe or _TRAIN_POINTS,
        ),
    )
