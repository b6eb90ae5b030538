"""Whatever becomes of a command on its way: it is refused in a sentence, or the session goes on working."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.framing import ProtocolError, command_decoder
from explorer.core.protocol.queries import Embed, ExamineBatch, ExamineForces
from explorer.core.settings.config import RunConfig
from explorer.worker.session import Session
from tests.mutation import mutate

EXAMPLES = int(os.environ.get("LOSS_EXPLORER_EXAMPLES", "40"))
TICKS = 12


class Person:
    """Sends commands to a session in this process as plain values, and keeps its events."""

    def __init__(self) -> None:
        self.events: list[m.Event] = []
        self.session = Session(self._on_event)

    def _on_event(self, event: m.Event) -> None:
        self.events.append(event)
        if isinstance(event, m.Frame):
            self.session.handle(m.Ack(event.index))

    def send(self, plain: Any) -> None:
        body = msgspec.msgpack.encode(plain)
        for command in command_decoder().feed(len(body).to_bytes(4, "little") + body):
            if isinstance(command, m.Shutdown):
                return
            self.session.handle(command)
            for _tick in range(TICKS):
                if self.session.busy:
                    self.session.tick()

    def newest(self, kind: type) -> Any:
        return next((event for event in reversed(self.events) if isinstance(event, kind)), None)


@pytest.fixture(scope="module")
def config(tiny_data: Path) -> RunConfig:
    few = {"data.test_probe": 30, "data.train_probe": 20, "optimizer.batch": 50, "threads": 1}
    return RunConfig().replace({**few, "data.source": str(tiny_data), "device": "cpu", "data.probe_every": 1})


@pytest.fixture(scope="module")
def commands(config: RunConfig) -> list[Any]:
    """Return commands of every kind as plain values, which all work."""
    person, every = Person(), m.SendCheckpoints(0.0)
    first: list[m.Command] = [m.Configure(1, config), every, m.Advance(3)]
    for command in first:
        person.send(command)
    few = Array.of(np.arange(8, dtype=np.int32))
    rest: list[m.Command] = [
        m.Configure(2, config.replace({"loss.name": "arcface"})),
        m.Run(m.Until(step=5, epoch=3.0, seconds=9.0)),
        m.Ack(1),
        ExamineBatch(1, few),
        ExamineForces(1, few, Array.of(np.ones((6, 2), np.float32)), 3),
        Embed(1, Array.of(np.ones((2, 12, 12), np.uint8))),
        m.Pause(),
        m.Restore(3, 4, 1.5, person.newest(m.Checkpoint).data, None, (m.SettingChange(3, 3, config),), 1, ""),
        m.Restart(4, config),
    ]
    return [msgspec.to_builtins(command, builtin_types=(bytes,)) for command in [*first, *rest]]


def test_a_command_that_has_changed_on_its_way_is_refused_or_carried_out(
    config: RunConfig, commands: list[Any]
) -> None:
    outcomes = set()

    @settings(
        deadline=None, phases=[Phase.generate], max_examples=EXAMPLES, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def check(data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(commands) - 1))
        changed = mutate(commands[place], data.draw)
        person = Person()
        for command in commands[: min(place, 4)] if place < 8 else commands[:3]:
            person.send(command)
        try:
            person.send(changed)
        except ProtocolError as error:
            assert len(str(error)) < 500
            outcomes.add("refused")
            return
        outcomes.add("carried out")
        for failed in (event for event in person.events if isinstance(event, m.Failed)):
            assert str(failed.what).strip()
            outcomes.add("told")
        person.events.clear()
        for command in (m.Pause(), m.Restart(10**6, config), m.Advance(2)):
            person.send(msgspec.to_builtins(command, builtin_types=(bytes,)))
        assert person.newest(m.Frame).step == 2
        assert not person.session.busy

    check()
    assert outcomes == {"refused", "carried out", "told"}
