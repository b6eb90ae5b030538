"""What a session really sends is what the window believes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.framing import encode
from explorer.core.settings.config import RunConfig
from explorer.gui.session.process.conversation import Conversation
from explorer.worker.session import Session

LOSSES_OF_ALL_KINDS = (
    "center",
    "l-gm",
    "l2-softmax",
    "subcenter-arcface",
    "adaface",
    "sphereface2",
    "triplet",
)
"""With centres, variances, bias, several weights of a class, lengths that they follow, without weights."""


@pytest.mark.parametrize("loss", LOSSES_OF_ALL_KINDS)
def test_a_real_worker_is_believed_with_every_loss(loss: str, tiny_data: Path) -> None:
    """Through a change of settings and a continued run."""
    conversation, received = Conversation(), []

    def emit(event: m.Event) -> None:
        received.extend(conversation.receive(encode(event)))
        if isinstance(event, m.Frame):
            send(m.Ack(event.index))

    def send(*commands: m.Command) -> None:
        for command in commands:
            conversation.note(command)
            session.handle(command)

    def work() -> None:
        while session.busy:
            session.tick()

    session = Session(emit)
    config = RunConfig().replace(
        {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "threads": 1}
        | {"loss.name": loss, "data.test_probe": 20, "data.train_probe": 20}
    )
    emit(m.Hello(m.PROTOCOL_VERSION, "1", "2", ()))
    send(m.SendCheckpoints(10.0), m.Configure(1, config), m.Run(m.Until(step=2)))
    work()
    send(m.Configure(2, config.replace({"loss.name": "softmax"})), m.ExamineBatch(1), m.Advance(1))
    rows = Array.of(np.arange(40, dtype=np.int32))
    send(m.ExamineForces(1, rows, Array.of(np.zeros((3, 2), np.float32)), label=2))
    work()
    state = next(event for event in received if isinstance(event, m.Checkpoint))
    send(m.Restore(3, 1, 1.0, state.data), m.Embed(1, Array.of(np.zeros((2, 12, 12), np.uint8))))
    work()
    send(m.Restore(4, 1, 1.0, state.data))
    work()
    assert {type(event) for event in received} >= {
        m.Frame,
        m.Finished,
        m.BatchExamined,
        m.ForcesExamined,
        m.Embedded,
    }
    assert not [event for event in received if isinstance(event, m.Failed)]
