"""The program as a person starts it: asked to end by the system, it closes as by its button."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from core.recording import small_run

from explorer.gui.memory.window_session import load_session

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
LIMIT = 90
WITHOUT_TORCH = """
import sys
from pathlib import Path
from explorer.gui.starting.start import start

worker = [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"]
sys.exit(start(worker, [Path(file) for file in sys.argv[1:]]))
"""
"""The program with a worker that says nothing."""


@pytest.fixture
def session():
    """The session file of the only window."""
    return Path(os.environ["XDG_CONFIG_HOME"]) / "loss-explorer" / "session-1.json"


@pytest.fixture
def program():
    """Start the program with files, and end it if a test has not."""
    processes = []

    def start(*arguments, how=("-c", WITHOUT_TORCH)):
        command = [sys.executable, *how, *arguments]
        processes.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.communicate()


def wait_for(condition):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("name", "how"),
    [("SIGTERM", ("-m", "explorer")), ("SIGINT", ("-c", WITHOUT_TORCH)), ("SIGHUP", ("-c", WITHOUT_TORCH))],
    ids=["SIGTERM", "SIGINT", "SIGHUP"],
)
def test_a_window_that_is_asked_to_end_closes_properly(name, how, program, session, tmp_path):
    small_run.record(tmp_path / "a.lossrun")
    process = program(tmp_path / "a.lossrun", how=how)
    wait_for(lambda: load_session(session)[0].recording != "")
    workers = psutil.Process(process.pid).children()
    assert workers
    process.send_signal(getattr(signal, name))
    _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, "Traceback" in errors) == (0, False)
    saved = load_session(session)[0]
    assert (saved.recording, saved.closed) == (str(tmp_path / "a.lossrun"), True)
    assert psutil.wait_procs(workers, timeout=LIMIT)[1] == []


def test_two_starts_that_are_killed_at_once_count(program, session):
    lock = session.with_suffix(".lock")
    for count in ("1", "2"):
        process = program()
        wait_for(lambda count=count: lock.exists() and lock.read_text() == count)
        process.kill()
        process.communicate()
    third = program()
    wait_for(lambda: psutil.Process(third.pid).children())
    wait_for(lambda: lock.read_text() == "1")  # it offers safe mode, so that one more start may try
    assert not session.exists()
