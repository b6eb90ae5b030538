from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from explorer.gui.session.worker_client import workers_ending


@pytest.fixture(autouse=True)
def _workers_end(qtbot: QtBot) -> Iterator[None]:
    """Wait for the workers of closed windows, so that they are not those of the next test."""
    yield
    qtbot.waitUntil(lambda: not workers_ending(), timeout=10_000)
