"""A window records what it shows: it may be killed, its disk may be full, others may be open beside it."""

import signal
import subprocess
import sys

import psutil
import pytest

from explorer.core.recording.locks import use_of
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory

WORKER = [sys.executable, "-m", "explorer.worker"]
LIMIT = 60_000
WINDOW = """
import resource, sys
from pathlib import Path
from explorer.gui.app import App
from explorer.gui.theme.application import make_application

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
application = make_application()
app = App([sys.executable, "-m", "explorer.worker"], folder / "window.toml")
app.open()

def tell_step():
    if app.run.phase == "ready" and app.run.snapshot is not None:
        app.run.start()
    elif app.run.snapshot is not None:
        print("shown", app.run.snapshot.step, flush=True)

app.recorder.failed.connect(lambda sentence: print("said", app.window.banner.message, flush=True))
app.pane.clock.newestShown.connect(tell_step)
application.exec()
"""


@pytest.fixture
def folder(tmp_path, tiny_data):
    settings = {"device": "cpu", "threads": 1, "data.source": str(tiny_data), "optimizer.batch": 50}
    save_memory(tmp_path / "window.toml", Memory(RunConfig().replace(settings), "light"))
    return tmp_path


@pytest.fixture
def watched(folder):
    """Start a window of its own process that trains, with a limit to the size of its files."""
    processes = []

    def start(limit=-1):
        command = [sys.executable, "-c", WINDOW, str(folder), str(limit)]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return processes[-1]

    yield start
    for process in processes:
        children = psutil.Process(process.pid).children() if process.poll() is None else []
        process.kill()
        process.wait()
        process.stdout.close()
        psutil.wait_procs(children, timeout=20)


def steps_shown(process, count):
    """Return the steps that a window says it has shown, as soon as there are so many beyond the first."""
    steps = []
    for line in process.stdout:
        kind, _, rest = line.partition(" ")
        if kind == "shown" and int(rest):
            steps.append(int(rest))
        if len(steps) >= count:
            break
    return steps


def test_a_window_that_is_killed_has_recorded_what_it_has_shown(watched, folder):
    window = watched()
    steps = steps_shown(window, 60)
    (worker,) = psutil.Process(window.pid).children()
    window.send_signal(signal.SIGKILL)
    steps += steps_shown(window, sys.maxsize)  # what it had said before it was killed
    window.wait()
    psutil.wait_procs([worker], timeout=20)
    (path,) = (folder / "runs").glob("*.lossrun")
    assert use_of(path) == ""
    with Recording(path) as found:
        assert not found.complete
        assert found.steps[-1] >= steps[-1]
        assert set(steps) <= set(found.steps)
        assert found.frame(found.frames - 1).step == found.steps[-1]
        assert found.checkpoints[0] == 0


def test_a_full_disk_is_said_in_the_window_and_training_goes_on(watched, folder):
    window = watched(limit=1_000_000)
    steps_shown(window, 20)
    for line in window.stdout:
        if line.startswith("said"):
            break
    assert "Cannot record to" in line
    assert line.strip().endswith("File too large. Training continues without a recording.")
    before, after = steps_shown(window, 1)[0], steps_shown(window, 20)[-1]
    assert after > before
    (path,) = (folder / "runs").glob("*.lossrun")
    with Recording(path) as found:
        assert found.verify() == found.damage
        assert found.frames > 0


def test_two_windows_write_a_file_each(folder, qtbot):
    apps = [App(WORKER, folder / "window.toml") for _ in range(2)]
    for app in apps:
        app.open()
        qtbot.waitUntil(lambda app=app: app.run.started is not None, timeout=LIMIT)
        app.run.start()
    for app in apps:
        qtbot.waitUntil(
            lambda app=app: app.run.snapshot is not None and app.run.snapshot.step > 20, timeout=LIMIT
        )
    files = list((folder / "runs").glob("*.lossrun"))
    assert [use_of(path) for path in files] == ["written", "written"]
    for app in apps:
        app.window.close()
        app.window.deleteLater()
    for path in files:
        with Recording(path) as found:
            assert found.complete
            assert found.steps[-1] > 20
