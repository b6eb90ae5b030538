"""What tests of the worker share."""

from __future__ import annotations

import pytest

from explorer.worker import session
from explorer.worker.active_run import ActiveRun


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[ActiveRun]:
    """Return the runs that sessions start from now on, the newest last."""
    started: list[ActiveRun] = []

    class Noted(ActiveRun):
        def __init__(self, *args: object) -> None:
            super().__init__(*args)
            started.append(self)

    monkeypatch.setattr(session, "ActiveRun", Noted)
    return started
