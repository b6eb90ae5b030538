"""Training without a window: the session of a worker, driven to its end in this process."""

from __future__ import annotations

from collections.abc import Callable

import torch
from msgspec.structs import replace

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.worker.session import Session

_FRAME_STEPS = 25
_TEST_POINTS, _TRAIN_POINTS = 1000, 500


def train(
    config: RunConfig, until: m.Until, on_event: Callable[[m.Event], None], stop: Callable[[], bool]
) -> None:
    """Train until a bound is reached or ``stop`` says so; tell ``on_event`` everything that happens.

    Frames come at fixed steps over a fixed number of images where the configuration leaves either to the
    worker, so that the same seed gives the same frames.
    """
    torch.set_flush_denormal(True)

    def emit(event: m.Event) -> None:
        on_event(event)
        if isinstance(event, m.Frame):
            session.handle(m.Ack(event.index))

    session = Session(emit)
    session.handle(m.Run(until))
    session.handle(m.Configure(1, _fixed_frames(config)))
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
