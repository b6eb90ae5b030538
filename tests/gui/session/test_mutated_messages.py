"""Whatever becomes of a real message on its way: it is refused in a sentence, or every view can draw it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from gui.views.calm import calm
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import ProtocolError
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.messages.announcements import Announcements
from explorer.gui.messages.banner import Banner
from explorer.gui.run_pane import RunPane
from explorer.gui.session.images import ImageStore
from explorer.gui.session.process.conversation import Conversation
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient
from explorer.gui.theme.theme import LIGHT
from explorer.worker.session import Session
from tests.mutation import mutate

EXAMPLES = int(os.environ.get("LOSS_EXPLORER_EXAMPLES", "20"))
"""Changed messages per run: the first ones are always the same, more of them are tried by hand."""
SETTINGS = {
    "optimizer.batch": 50,
    "device": "cpu",
    "threads": 1,
    "data.test_probe": 30,
    "data.train_probe": 20,
}
RUNS = {
    "plane": {"loss.name": "center"},
    "space": {"loss.name": "subcenter-arcface", "network.dim": 3},
    "gaussian": {"loss.name": "l-gm"},
}


class Relay(WorkerClient):
    """A client without a process: what the worker says is what it is told to."""

    def __init__(self) -> None:
        super().__init__(["/nowhere"])
        self.configured = 0
        self.refused: list[ProtocolError] = []

    @property
    def alive(self) -> bool:
        return True

    def start(self) -> None:
        self.conversation = Conversation()

    def send(self, command: m.Command) -> None:
        self.conversation.note(command)
        if isinstance(command, m.Configure):
            self.configured = command.seq

    def hear(self, plain: Any) -> None:
        """Take an event as plain values, of the settings that were sent last."""
        if isinstance(plain, dict) and plain.get("config_seq") == 1:
            plain = {**plain, "config_seq": self.configured}
        body = msgspec.msgpack.encode(plain)
        try:
            for event in self.conversation.receive(len(body).to_bytes(4, "little") + body):
                self.eventReceived.emit(event)
        except ProtocolError as error:
            self.refused.append(error)


def events_of(config: RunConfig) -> list[m.Event]:
    """Return what a worker says in three steps of a run, and that it has diverged then."""
    events: list[m.Event] = [m.Hello(m.PROTOCOL_VERSION, "", "", ())]

    def emit(event: m.Event) -> None:
        events.append(event)
        if isinstance(event, m.Frame):
            session.handle(m.Ack(event.index))

    session = Session(emit)
    session.handle(m.Configure(1, config))
    session.handle(m.Run(m.Until(step=3)))
    while session.busy:
        session.tick()
    return [*events, m.Notice(1, "diverged", text("It diverged."), 3, {"optimizer.rate": 0.1})]


@pytest.fixture(scope="module")
def recorded(tiny_data: Path) -> dict[str, tuple[RunConfig, list[dict[str, Any]]]]:
    """Return the settings and the first events of real runs, these as plain values."""
    result = {}
    for name, changes in RUNS.items():
        config = RunConfig().replace({**SETTINGS, "data.source": str(tiny_data), **changes})
        events = events_of(config)
        result[name] = config, [msgspec.to_builtins(event, builtin_types=(bytes,)) for event in events]
    return result


@pytest.fixture
def pane(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunPane]:
    """A run with all views, and what says why it ended."""
    monkeypatch.setattr(
        ImageStore,
        "pixels",
        lambda _store, snapshot: np.zeros((len(snapshot.probe.labels), 28, 28), np.uint8),
    )
    run = Run(Relay(), RunConfig())
    result = RunPane(run, LIGHT)
    banner = Banner()
    Announcements(banner, run, run)
    for widget in (*result.views.values(), banner):
        qtbot.addWidget(widget)
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        widget.resize(300, 240)
        widget.show()
    yield result
    result.close()
    run.close()


@pytest.mark.parametrize("name", RUNS)
def test_a_message_that_has_changed_on_its_way_costs_no_error(
    pane: RunPane, recorded: dict[str, tuple[RunConfig, list[dict[str, Any]]]], name: str
) -> None:
    config, events = recorded[name]
    run = pane.run
    relay = run._client  # noqa: SLF001  # the run's side is what is tested; nothing else has the worker's
    outcomes = set()

    @settings(
        deadline=None, phases=[Phase.generate], max_examples=EXAMPLES, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def check(data: st.DataObject) -> None:
        place = data.draw(st.integers(1, len(events) - 1))
        changed = mutate(events[place], data.draw)
        run.config = config
        run.open()
        relay.refused.clear()
        with calm():
            for event in [*events[:place], changed, *events[place + 1 : place + 3]]:
                if not relay.refused:
                    relay.hear(event)
                if event is changed and isinstance(event, dict) and "features" in event:
                    break  # the views show this one
            show(pane)
        outcomes.add(bool(relay.refused))
        assert all(len(str(error)) < 500 for error in relay.refused)

    run.config = config
    run.open()
    for event in events:
        relay.hear(event)
    assert (relay.refused, run.snapshot.step) == ([], 3)
    check()
    assert outcomes == {True, False}


def show(pane: RunPane) -> None:
    """Draw what the run has in all views."""
    snapshot = pane.run.snapshot
    if snapshot is not None:
        pane.state.set_probe(snapshot.probe)
    for view in pane.views.values():
        view.set_snapshot(snapshot, pane.run.history)
    QCoreApplication.sendPostedEvents()
    for view in pane.views.values():
        view.finish_content()
        view.grab()
