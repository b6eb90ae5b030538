"""A run whose worker is played by the test, with one frame."""

from __future__ import annotations

import pytest
from gui.session.test_run import FakeClient, announce, frame

from explorer.core.settings.config import RunConfig
from explorer.gui.session.run import Run


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
def run(client):
    run = Run(client, RunConfig())
    run.open()
    client.eventReceived.emit(frame(announce(client), 3))
    yield run
    run.close()
