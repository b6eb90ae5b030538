from __future__ import annotations

import pytest

from explorer.core.settings.config import RunConfig
from explorer.gui.compare.runs.session import CompareSession, Setup
from explorer.gui.library.files import LibraryOptions
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient


@pytest.fixture
def small_config(tiny_data):
    """Settings of runs that train in no time."""
    return RunConfig().replace(
        {
            "data.source": str(tiny_data),
            "data.test_probe": 100,
            "data.train_probe": 50,
            "data.probe_every": 4,
            "optimizer.batch": 50,
            "device": "cpu",
        }
    )


@pytest.fixture
def window_run(small_config):
    """The run of a main window, whose worker does not run."""
    return Run(WorkerClient(["/nowhere/no worker is needed"]), small_config)


@pytest.fixture
def setup(tmp_path, window_run, worker_command):
    return Setup(worker_command, tmp_path / "runs", LibraryOptions(), window_run)


@pytest.fixture
def session(setup):
    session = CompareSession(setup)
    yield session
    session.close()
