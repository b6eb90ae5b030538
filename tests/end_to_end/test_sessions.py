"""The program as a person starts it: asked to end by the system, it closes as by its button."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from core.recording import small_run

from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
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
TRAINING = """
import ctypes, json, os, signal, sys, time
from pathlib import Path
import PySide6
from PySide6.QtCore import QTimer
from explorer.gui.app_holder import AppHolder
from explorer.gui.messages.questions import agrees
from explorer.gui.starting.start import start

ending, worker = sys.argv[1], sys.argv[2:]
gui = ctypes.CDLL(str(Path(PySide6.__file__).parent / "Qt/lib/libQt6Gui.so.6"))
commit = getattr(gui, "_ZN23QPlatformSessionManager13appCommitDataEv")
commit.argtypes = [ctypes.c_void_p]
begin, asked = AppHolder.open, []

def open_and_train(holder, files):
    begin(holder, files)
    app = holder.app
    timer = QTimer(holder, interval=10)

    def go_on():
        step = 0 if app.run.snapshot is None else app.run.snapshot.step
        if app.run.phase == "ready" and app.run.snapshot is not None:
            app.run.start()
        elif step >= 20 and not asked:
            asked.append(0)
            QTimer.singleShot(0, app, lambda: agrees(app.window, "A question", "that nobody answers"))
        elif step >= 40 and len(asked) == 1:
            ask(app)
            app.run.set_param("optimizer.rate", 0.0123)
            app.appearance.choose("dark")
        elif len(asked) == 2 and step >= asked[1] + 20:  # the session was not ended after all
            timer.stop()
            ask(app)
            os.kill(os.getpid(), getattr(signal, ending))
    timer.timeout.connect(go_on)
    timer.start()

def ask(app):
    began = time.thread_time()
    commit(None)  # what Qt's part for each platform does where a session manager asks for it
    asked.append(app.run.snapshot.step)
    print(json.dumps([asked[-1], time.thread_time() - began]), flush=True)

AppHolder.open = open_and_train
sys.exit(start(worker))
"""
"""The program, which trains at once and is asked to save its session while it asks a question."""


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
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
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


@pytest.mark.skipif(sys.platform != "linux", reason="calls Qt's part for platforms by its name")
@pytest.mark.parametrize("ending", ["SIGKILL", "SIGTERM"])
def test_the_end_of_a_session_keeps_everything_and_waits_for_no_answer(
    ending, program, session, worker_command, tiny_data
):
    settings = {"device": "cpu", "threads": 1, "data.source": str(tiny_data), "optimizer.batch": 50}
    memory = session.with_name("window.toml")
    memory.parent.mkdir(parents=True)
    save_memory(memory, Memory(RunConfig().replace(settings), "light"))
    process = program(ending, *worker_command, how=("-c", TRAINING))
    output, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, "Traceback" in errors) == (-9 if ending == "SIGKILL" else 0, False)
    (first, _), (last, cost) = map(json.loads, output.splitlines())
    assert first < last
    assert cost < 1.0
    kept, saved = load_memory(memory)[0], load_session(session)[0]
    assert (kept.config.optimizer.rate, kept.theme) == (0.0123, "dark")
    assert (saved.closed, saved.layout.docks != b"") == (ending == "SIGTERM", True)
    with Recording(Path(saved.recording)) as recording:
        steps = recording.steps
    assert last in steps


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
