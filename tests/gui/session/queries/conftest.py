"""The run whose worker is played by the test has one frame."""

from __future__ import annotations

import pytest
from gui.session.fake_client import announce, frame


@pytest.fixture
def run(run, client):
    client.eventReceived.emit(frame(announce(client), 3))
    return run
