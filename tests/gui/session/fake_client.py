"""A client whose worker is played by the test, and what such a worker says."""

from __future__ import annotations

from itertools import count

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.texts import text


class FakeClient(QObject):
    """Keeps what is sent, and says what it is told to."""

    eventReceived = Signal(object)
    died = Signal(str, str)
    stalledChanged = Signal(bool)
    stalled = False

    def __init__(self):
        super().__init__()
        self.sent = []
        self.alive = False

    def start(self):
        self.alive = True
        self.sent.append("start")

    def stop(self):
        self.alive = False

    def send(self, command):
        self.sent.append(command)

    @property
    def configurations(self):
        return self.of((m.Configure, m.Restart))

    def of(self, kind):
        return [command for command in self.sent if isinstance(command, kind)]


def announce(client, *, number=1):
    seq = client.configurations[-1].seq
    rows = np.arange(4, dtype=np.uint8)
    client.eventReceived.emit(
        m.Started(
            run=number, config_seq=seq, labels=Array.of(rows), indices=Array.of(rows.astype(np.int32)),
            split=Array.of(rows * 0), num_classes=10, train_size=60, test_size=10, steps_per_epoch=6,
            parameters=5, device="cpu", threads=1,
        )
    )  # fmt: skip
    return seq


def fail(client, seq):
    client.eventReceived.emit(
        m.Failed(run=0, what=text("There is no folder"), where="training", config_seq=seq)
    )


_numbers = count(1)


FEATURES = np.array([[3, 0], [0, 3], [-3, 0], [0, -3]], np.float32)
"""Of four images: apart from each other, since a collapse is an event."""


def frame(seq, step, *, number=1, index=None, **scalars):
    return m.Frame(
        run=number, index=next(_numbers) if index is None else index, config_seq=seq, config_step=0,
        step=step, epoch=step / 6, elapsed=step / 10,
        samples_per_second=9.0, probe_samples=4, features=Array.of(FEATURES),
        scalars={"loss": 1.0, **scalars},
    )  # fmt: skip
