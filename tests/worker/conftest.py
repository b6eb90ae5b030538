"""What tests of the worker share."""

from __future__ import annotations

import pytest

from explorer.worker import checkpoints, session
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


@pytest.fixture
def few_images() -> dict[str, int]:
    """Return settings with all test images in a frame; else their numbers depend on the machine's speed."""
    return {"data.test_probe": 100, "data.train_probe": 50}


@pytest.fixture
def checkpoint_at_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``SendCheckpoints(0.0)`` mean each step: else a run that was held up for a moment takes fewer."""
    monkeypatch.setattr(checkpoints, "_SHARE", 0.0)
