"""A run whose worker is played by the test."""

from __future__ import annotations

import pytest
from gui.session.fake_client import FakeClient

from explorer.core.settings.config import RunConfig
from explorer.gui.session.run import Run


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
def run(client):
    run = Run(client, RunConfig())
    run.open()
    yield run
    run.close()
